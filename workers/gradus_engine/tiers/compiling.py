"""Compiling the gradient of a step by torch's own compiler, and measuring what it gains.

For a process of its own: the compiler takes a core for a minute and several hundred megabytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gradus_engine.flat import FlatParameters
from gradus_engine.tiers import cache
from gradus_engine.tiers.cache import Told
from gradus_engine.tiers.compiled import CompiledGradient
from gradus_engine.tiers.gradient import StaticGradient

if TYPE_CHECKING:
    from gradus_engine.session import Session

Batch = tuple[Tensor, Tensor]

PAIRS, PAIR_SECONDS = 9, 0.1
NEAR = {torch.float32: 1e-4, torch.float64: 1e-9}


class CannotCompile(Exception):
    """Why a step is not compiled here."""


def compiled(session: Session) -> Told:
    """Compile the step of a session, measure it, keep both; what failed is kept as a failure.

    The session is one for this alone: its gradients and running statistics are not what they were.
    """
    session.activate()
    gradient = StaticGradient(session)
    key = cache.key_of(session, gradient)
    began = _spent()
    try:
        path = _compile(session, gradient, key)
        found = _measured(session, gradient, key, path, _spent() - began)
    except Exception as error:  # of the compiler, which fails in ways that nobody can list
        found = Told(key, error=f"{type(error).__name__}: {error}"[:500])
    cache.keep(found)
    return found


def compiler() -> str | None:
    """The C++ compiler that torch's own would call, if there is one."""
    return shutil.which(os.environ.get("CXX", "g++"))


def _spent() -> float:
    """Computing seconds of this process and of the C++ compilers that have ended."""
    return sum(os.times()[:4])


def _compile(session: Session, gradient: StaticGradient, key: str) -> Path:
    if compiler() is None:
        raise CannotCompile("no C++ compiler is installed")
    path = cache.code(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # What the compiler leaves behind lies beside, not in a folder that all users share.
    with tempfile.TemporaryDirectory(prefix=cache.WORK, dir=cache.folder()) as work:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = work
        os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
        made = Path(work, "step.pt2")
        with warnings.catch_warnings(action="ignore"):  # of torch about its own parts
            _package(gradient, _copies(gradient.tensors(*session.example())), made)
        made.rename(path)
    return path


def _copies(tensors: list[Tensor]) -> list[Tensor]:
    """The same apart from the session, strides and all."""
    return [_like(each, each) for each in tensors]


def _package(gradient: StaticGradient, tensors: list[Tensor], path: Path) -> None:
    """Write the native code of a gradient for tensors like these."""
    import torch._inductor  # seconds: nothing but this process needs it
    from torch.fx.experimental.proxy_tensor import make_fx

    # With stand-ins for tensors whatever hangs on their numbers is refused, and not written in. An
    # LSTM is taken apart: oneDNN's own, called from native code, fails in torch 2.13.
    with torch.backends.mkldnn.flags(enabled=False):
        traced = make_fx(lambda *given: gradient(given), tracing_mode="fake")(*tensors)
    with torch.no_grad():
        program = torch.export.export(traced, tuple(tensors), strict=False)
    torch._inductor.aoti_compile_and_package(program, package_path=str(path))


def _measured(
    session: Session, gradient: StaticGradient, key: str, path: Path, spent: float
) -> Told:
    began = time.process_time()
    quick = CompiledGradient(gradient, session.flat, path, key)
    loading = time.process_time() - began
    batch = session.example()
    _compare(gradient, quick, session.flat, batch)

    def plain() -> None:
        session.descend(*batch)

    def compiled() -> None:
        quick(*batch)

    calls = max(3, int(PAIR_SECONDS / _seconds(plain, 3)))
    _seconds(compiled, 3)
    pairs = [(_seconds(plain, calls), _seconds(compiled, calls)) for _ in range(PAIRS)]
    return Told(
        key,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        ratio=median(one / two for one, two in pairs),
        plain_seconds=median(one for one, _ in pairs),
        compile_seconds=spent,
        load_seconds=loading,
    )


def _seconds(take: Callable[[], None], calls: int) -> float:
    """Computing seconds of one call, which a busy machine does not stretch."""
    began = time.process_time()
    for _ in range(calls):
        take()
    return (time.process_time() - began) / calls


def _compare(
    gradient: StaticGradient, quick: CompiledGradient, flat: FlatParameters, batch: Batch
) -> None:
    """Raises CannotCompile where the code gives other numbers, on the batch that it was made for or
    on another."""
    inputs, targets = batch
    for given in (batch, (_like(inputs, inputs.flip(0)), _like(targets, targets.roll(1, 0)))):
        tensors = gradient.tensors(*given)
        start = [each.clone() for each in gradient.buffers]
        wanted = [*gradient(_copies(tensors))]
        found = [*quick(*given), flat.gradients]
        for name, one, other in zip(("output", "loss", "gradient"), wanted, found, strict=True):
            near = NEAR[one.dtype] * max(1.0, float(one.abs().max()))
            if not torch.allclose(one, other, rtol=0, atol=near, equal_nan=True):
                raise CannotCompile(f"the compiled {name} is another than that of plain steps")
        for each, before in zip(gradient.buffers, start, strict=True):
            each.copy_(before)


def _like(model: Tensor, values: Tensor) -> Tensor:
    """`values` lying in memory as `model` does."""
    return torch.empty_strided(model.shape, model.stride(), dtype=model.dtype).copy_(values)
