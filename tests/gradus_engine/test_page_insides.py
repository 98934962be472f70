"""The page tells gates and weights of attention by the engine's own numbers."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.gradus_engine.insides import NETS, record

FRONTEND = Path(__file__).parents[2] / "frontend"
RUNNER = FRONTEND / "node_modules" / ".bin" / "vitest"
WAIT_SECONDS = 120


@pytest.mark.proves("B5.gates", "B6.drawn", "F3")
@pytest.mark.skipif(not RUNNER.exists(), reason="the page's own packages are not installed")
def test_the_sum_line_ends_in_the_engine_s_number(tmp_path):
    path = tmp_path / "insides.json"
    path.write_text(json.dumps(record()))
    done = subprocess.run(
        [RUNNER, "run", "tests/insides/engine.test.ts", "--reporter=verbose"],
        cwd=FRONTEND,
        env={**os.environ, "GRADUS_INSIDES": str(path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in NETS:
        assert f"every number is the engine's: '{name}'" in done.stdout
