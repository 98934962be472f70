"""A warm child: how little it has loaded."""

import subprocess
import sys

WARM = """
import sys
from gradus_worker import warmup
warmup.warm_up("cpu", 1)
warmup.load()
print(sorted({"torch._dynamo", "sklearn", "scipy.sparse"} & set(sys.modules)))
"""


def test_a_warm_child_has_loaded_neither_torchs_compiler_nor_scikit_learn():
    said = subprocess.run(
        [sys.executable, "-c", WARM], capture_output=True, text=True, timeout=120, check=True
    )
    assert said.stdout.strip() == "[]"
