"""What `make install` tells of pip's many lines."""

import importlib.util
from pathlib import Path

PATH = Path(__file__).parents[2] / "scripts" / "install.py"
SPEC = importlib.util.spec_from_file_location("install", PATH)
install = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(install)


def test_large_files_and_the_last_stretch_are_told() -> None:
    said = install.told(
        [
            "Collecting torch==2.9.0\n",
            "  Downloading torch-2.9.0-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (30 kB)\n",
            "Downloading torch-2.9.0-cp311-cp311-manylinux_2_28_x86_64.whl (899.8 MB)\n",
            "Downloading https://example.org/wheels/nvidia_cudnn_cu12-9.10.2.21-py3-none.whl (1.2 GB)\n",
            "Using cached anyio-4.9.0-py3-none-any.whl (100 kB)\n",
            "Installing collected packages: mpmath, torch, gradus\n",
        ]
    )
    assert list(said) == [
        "  torch, 899.8 MB",
        "  nvidia_cudnn_cu12, 1.2 GB",
        "Installing 3 packages; this takes a minute or two",
    ]
