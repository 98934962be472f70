"""What numbers depend on beside spec, seed and controls."""

from typing import Any

import torch

from gradus_engine.choices import CONTIGUOUS, UPDATE

# Of weights and inputs. bfloat16 is mixed: weights, updates and losses stay float32, and what
# gains by it (products of matrices, convolutions) is computed in bfloat16, as torch's autocast has it.
PRECISIONS: dict[str, torch.dtype] = {
    "float32": torch.float32,
    "float64": torch.float64,
    "bfloat16": torch.float32,
}


def dtype(precision: str) -> torch.dtype:
    """The type of weights and inputs that a plan's `precision` names."""
    if precision not in PRECISIONS:
        known = ", ".join(PRECISIONS)
        raise ValueError(f"train.precision {precision!r} cannot be computed here; use {known}")
    return PRECISIONS[precision]


def activate(device: torch.device, threads: int) -> None:
    """Set what a process has only one of, for the session on turn: threads, the choice of kernels."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
    if device.type == "cuda":
        torch.backends.cudnn.deterministic = True


def identity(
    device: torch.device,
    threads: int,
    precision: str,
    tier: str,
    memory_format: str = CONTIGUOUS,
) -> dict[str, Any]:
    """Fixed at a run's first step; equal identities give equal numbers to the bit."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    return {
        "torch": torch.__version__,
        "device": name,
        "threads": threads,
        "dtype": precision,
        "memory_format": memory_format,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "tier": tier,
        "update": UPDATE,
    }
