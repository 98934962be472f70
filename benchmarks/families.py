"""One net of each layer family against the plain PyTorch loop, unwatched and watched.

    python -m benchmarks.families [FAMILY …]

The plain net is the one that `gradus export` writes, the plain loop one that a good engineer would
write: batches by index, the loss read once an epoch, PyTorch's own Adam. Both train on the same random
samples, in turns in one thread, and are told apart by computing time, which a busy machine does not
stretch.
"""

import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.family_nets import BATCH, CLASSES, NETS, SAMPLES, WORDS, Net
from benchmarks.table import Row, percentile
from gradus.datasets import DatasetFacts
from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.planned import Plan
from gradus.probes import ConfusionProbe, InsideProbe, NormsProbe, Probe, UnitsProbe, WeightsProbe
from gradus_engine.datasets import Dataset, Part
from gradus_engine.datasets.transforms import Preparation
from gradus_engine.evaluation_times import EARLY
from gradus_engine.pace import Pace
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import Event, Metrics, train
from gradus_worker.budget import FrameBudget
from gradus_worker.pictures import GAP_SECONDS, frame
from gradus_worker.turns import WATCHED_TURN

SECONDS, PAIRS, BUDGET = 0.25, 7, 0.97
RATE = 0.001


def document(net: Net, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "spec": "nn/1",
        "data": {"name": "random", "split": {"train": 0.9, "validation": 0.1, "test": 0.0}},
        "network": {"input": net.input, "layers": net.layers},
        "train": {
            "epochs": 1_000_000,
            "batch_size": BATCH,
            "optimizer": {"type": "adam", "learning_rate": RATE},
            "tier": "eager",  # the compiled loop has a table of its own
            **settings,
        },
    }


def planned(net: Net, **settings: Any) -> Plan:
    classes = tuple(map(str, range(CLASSES)))
    facts = DatasetFacts(
        "random", "classification", net.shape, (), classes, SAMPLES, "1", words=WORDS * net.whole
    )
    return plan(document(net, settings), datasets={"random": facts})


def samples(net: Net) -> Dataset:
    generator = torch.Generator().manual_seed(1)
    inputs = net.draw(generator, (SAMPLES, *net.shape))
    targets = torch.randint(0, CLASSES, (SAMPLES,), generator=generator)
    cut = SAMPLES * 9 // 10
    train, validation = Part(inputs[:cut], targets[:cut]), Part(inputs[cut:], targets[cut:])
    preparation = Preparation((), inputs)
    return Dataset(train, validation, Part(inputs[:0], targets[:0]), train, preparation, {})


def plain_net(net: Net) -> nn.Module:
    """The network of the stand-alone script that the service writes."""
    alone = plan({"spec": "nn/1", "network": {"input": net.input, "layers": net.layers}})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.py")
        path.write_text(pytorch(alone))
        spec = importlib.util.spec_from_file_location("model", path)
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        made: nn.Module = script.network()
        return made


def plain(net: Net) -> Iterator[int]:
    """Steps done so far, after every few of them."""
    part, model = samples(net).train, plain_net(net)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    steps = 0
    while True:
        total = torch.zeros(())
        for chosen in torch.randperm(len(part)).split(BATCH):
            optimizer.zero_grad()
            answer = model(part.inputs[chosen])
            output = answer[0] if isinstance(answer, tuple) else answer
            loss = nn.functional.cross_entropy(output, part.targets[chosen])
            loss.backward()
            optimizer.step()
            total += loss.detach()
            steps += 1
        total.item()
        yield steps


def unwatched(net: Net) -> Iterator[int]:
    made = planned(net)
    session = Session(made, dataset=samples(net))
    for event in settled(train(made, session=session)):
        yield event.step


def settled(training: Iterator[Event]) -> Iterator[Event]:
    """Beyond the first evaluations, which may take a quarter of the time so that a short run has a
    whole curve."""
    evaluated = 0
    while evaluated <= EARLY:
        event = next(training)
        shown = event.series.get("validation/loss") if isinstance(event, Metrics) else None
        evaluated += 0 if shown is None else len(shown.mean)
    return training


def watched(net: Net) -> Iterator[int]:
    """The same as a child of the worker does it for a page that looks at everything it can."""
    made = planned(net)
    session = Session(made, dataset=samples(net))
    training = settled(train(made, session=session, pace=Pace(seconds=WATCHED_TURN)))
    wanted = cycle(looked_at(made))
    # The clock of this loop alone: a budget by wall clock would draw while the others are measured.
    budget, now = FrameBudget(), 0.0
    while True:
        began, before = time.process_time(), session.step
        next(training)
        spent = time.process_time() - began
        now += spent
        budget.train(spent, session.step - before)
        if now - budget.last >= GAP_SECONDS and budget.allows(now):
            began = time.process_time()
            frame("run", "probe", 1, probe(session, next(wanted)))
            spent = time.process_time() - began
            now += spent
            budget.draw(now, spent)
        yield session.step


def looked_at(made: Plan) -> list[Probe]:
    """What a page asks for while it shows the network's cards, its health and its mistakes."""
    probes: list[Probe] = [UnitsProbe(), ConfusionProbe(), NormsProbe()]
    if made.totals.parameters <= 50_000:
        probes.append(WeightsProbe())
    inner = ("attention", "batch_norm", "embedding", "gru", "lstm", "rnn")
    names = tuple(layer.name for layer in made.layers if layer.type in inner)
    if names:
        probes.append(InsideProbe(layers=names))
    return probes


def rate(loop: Iterator[int], seconds: float) -> float:
    """Steps a second of computing time, of a loop that goes on from where it stands."""
    first, began = next(loop), time.process_time()
    last = first
    while time.process_time() - began < seconds:
        last = next(loop)
    return (last - first) / (time.process_time() - began)


def ratios(net: Net) -> tuple[float, list[float], list[float]]:
    """Plain steps a second; unwatched and watched training against them, pair by pair."""
    torch.set_num_threads(1)
    loops = plain(net), unwatched(net), watched(net)
    for loop in loops:
        rate(loop, SECONDS)
    rows = [[rate(loop, SECONDS) for loop in loops] for _ in range(PAIRS)]
    alone, seen = ([row[which] / row[0] for row in rows] for which in (1, 2))
    return percentile([row[0] for row in rows], 0.5), alone, seen


def families(wanted: Sequence[str] = ()) -> Iterator[Row]:
    for net in NETS:
        if wanted and net.family not in wanted:
            continue
        steps, *pairs = ratios(net)
        alone, seen = (percentile(each, 0.5) for each in pairs)
        spread = ", ".join(f"{min(each):.2f} to {max(each):.2f}" for each in pairs)
        yield Row(
            f"{net.family} against the plain loop: unwatched, watched",
            f"≥ {BUDGET} ×",
            f"{alone:.2f} ×, {seen:.2f} ×",
            min(alone, seen) >= BUDGET,
            f"{planned(net).totals.parameters:,} parameters, plain {1e3 / steps:.2f} ms a step; "
            f"{PAIRS} pairs: {spread}",
            cause="a step of this net gains little, and evaluations and pictures may take a fiftieth "
            "each; the pairs say how far the figure can be trusted",
        )


MEASURES = (families,)

if __name__ == "__main__":
    for row in families(sys.argv[1:]):
        mark = "" if row.met else "missed"
        print(f"{row.what:60} {row.measured:20} {mark:7} {row.method}", flush=True)
