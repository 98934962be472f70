"""What a run holds in memory, and what its checkpoints take on a disk.

python -m benchmarks.memory
"""

import gc
from collections.abc import Iterator
from typing import Any

import psutil
import torch
from safetensors.torch import save

from benchmarks.table import Row
from benchmarks.training import ADAM, digits_cnn, points
from gradus.plan import plan
from gradus.planned import Plan
from gradus_engine.session import Session
from gradus_engine.train import train

RUNS = 40
DOCUMENTS = {"2-4-2-1": points((2, 4, 2, 1), ADAM), "digits CNN": digits_cnn()}


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def held(session: Session) -> int:
    """Bytes of the tensors that a session alone holds, without its samples."""
    tensors = [session.flat.values, session.flat.gradients, *session.optimizer.vectors.values()]
    buffers = [value for _, value in session.network.layers.named_buffers()]
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}
    storages |= {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in buffers}
    return sum(storages.values())


def begun(made: Plan) -> Session:
    session = Session(made, threads=1)
    training = train(made, session=session)
    for _ in range(4):
        next(training)
    return session


def runs(name: str, document: dict[str, Any]) -> Iterator[Row]:
    torch.set_num_threads(1)
    document["train"]["epochs"] = 1_000
    made = plan(document)
    first = begun(made)  # what a process loads once
    before = resident()
    members = [begun(made) for _ in range(RUNS)]
    each = (resident() - before) / RUNS
    own = held(first)
    parameters = made.totals.parameters
    yield Row(
        f"memory of a run or of one lane of a sweep, {name}",
        "–",
        f"{each / 1e3:,.0f} kB, {own / 1e3:,.1f} kB of them weights, gradients and optimizer",
        None,
        f"resident memory of {RUNS} sessions of {parameters:,} parameters, samples among it",
    )
    kept = len(save(first.state()[0]))
    yield Row(
        f"a snapshot of the same, {name}",
        "–",
        f"{kept / 1e3:,.1f} kB",
        None,
        "weights, buffers and optimizer as safetensors",
    )
    del members


def memory() -> Iterator[Row]:
    for name, document in DOCUMENTS.items():
        yield from runs(name, document)


MEASURES = (memory,)

if __name__ == "__main__":
    for row in memory():
        print(f"{row.what:60} {row.measured}")
