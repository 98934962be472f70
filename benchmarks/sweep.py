"""A sweep of small nets through the service, against the same nets one after another."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import torch

from benchmarks.service import running
from benchmarks.table import Row, percentile
from benchmarks.training import ADAM, plain_chain, plain_loop, points
from tests.system.processes import Site, answers, free_port, wait_for

SIZES, EPOCHS, MEMBERS = (2, 4, 2, 1), 100, 64
RATES = [round(0.001 * 1.06**n, 6) for n in range(MEMBERS)]
RATE = "/train/optimizer/learning_rate"
PAIRS = 5  # of a sweep and what stands for the rest, in turn: the middle ratio counts
IN_TURN = 4  # runs measured of the 64, in each pair


def document(**train: Any) -> dict[str, Any]:
    made = points(SIZES, ADAM)
    made["train"] |= {"epochs": EPOCHS, **train}
    return made


def sweeps() -> Iterator[Row]:
    """One `gradus up` with as many children as the machine has cores."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary) / "data", free_port()
        address, site = f"http://127.0.0.1:{port}", Site(folder, {})
        with running(port, folder) as process:
            wait_for(lambda: answers(address, process), 60, "the start")
            site.await_worker(address)
            with site.client(address) as client:
                trained(client, document())  # whatever is only done once
                yield from compared(client)


def compared(client: httpx.Client) -> Iterator[Row]:
    swept, alone, plain = [], [], []
    for _ in range(PAIRS):
        swept.append(swept_in(client))
        alone.append(sum(trained(client, document()) for _ in range(IN_TURN)) / IN_TURN)
        plain.append(loop_seconds())
    yield row("the plain loop", "≥ 20 ×", plain, swept, f"one plain loop of {EPOCHS} epochs")
    yield row("single runs of the service", "–", alone, swept, f"{IN_TURN} runs, each awaited")


def row(
    against: str, budget: str, each: Sequence[float], swept: Sequence[float], method: str
) -> Row:
    ratios = [one * MEMBERS / whole for one, whole in zip(each, swept, strict=True)]
    ratio = percentile(ratios, 0.5)
    seconds = f"{percentile(swept, 0.5):.2f} s a sweep"
    return Row(
        f"sweep of 64 nets 2-4-2-1, Adam, against {against} one after another",
        budget,
        f"{ratio:.1f} × (pairs {min(ratios):.1f} to {max(ratios):.1f}; {seconds})",
        None if budget == "–" else ratio >= 20,
        f"{PAIRS} pairs in turn: POST /sweeps to its end with all rows; {method}, times {MEMBERS}",
    )


def swept_in(client: httpx.Client) -> float:
    """Seconds from the request to the end of every member, with all their rows committed."""
    body = {"document": document(), "vary": [{"path": RATE, "values": RATES}]}
    began = time.perf_counter()
    made = client.post("/sweeps", json=body).json()["id"]
    return ended(client, f"/sweeps/{made}", began)


def trained(client: httpx.Client, spec: dict[str, Any]) -> float:
    began = time.perf_counter()
    run = client.post("/runs", json={"document": spec}).json()["id"]
    return ended(client, f"/runs/{run}", began)


def ended(client: httpx.Client, path: str, began: float) -> float:
    def over() -> bool:
        return bool(client.get(path).json()["status"] == "finished")

    wait_for(over, 600, "the end")
    return time.perf_counter() - began


def loop_seconds() -> float:
    """Seconds of one plain PyTorch loop over all epochs, without any evaluation."""
    torch.set_num_threads(1)
    began = time.perf_counter()
    loop = plain_loop(plain_chain(SIZES), document())
    for _ in range(EPOCHS):
        next(loop)
    return time.perf_counter() - began


MEASURES = (sweeps,)
