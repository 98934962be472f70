"""`gradus train`: trains here, in this process, without a server.

Torch is imported only inside the command, so that every other one starts without it.
"""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gradus import words
from gradus.planned import Plan
from gradus_client.complaint import Exit, leave
from gradus_client.planning import AsJson, File, open_plan
from gradus_client.tables import lines, number, terminal

if TYPE_CHECKING:
    from gradus_engine.train import Finished, Metrics

Device = Annotated[str, typer.Option(help="Where to compute: cpu, cuda or cuda:1.")]
Threads = Annotated[int, typer.Option(min=1, max=1024, help="CPU threads; part of the result.")]


def commands(app: typer.Typer) -> None:
    """Add the engine's command to `gradus`."""
    app.command("train")(train)


def train(
    file: File, as_json: AsJson = False, device: Device = "cpu", threads: Threads = 1
) -> None:
    """Train a spec here, without a server, and print what it reaches on unseen data.

    Nothing is recorded. Exit codes: 0 finished, 1 the loss stopped being a number,
    2 problems in the spec.
    """
    _, plan = open_plan(file, as_json)
    if plan.dataset is None:
        leave(Exit.PROBLEMS, f"{file} names no data to train on; add data: {{name: …}}")
    finished = _trained(plan, _usable(device), threads)
    if as_json:
        answer = {"steps": finished.step, "elapsed": finished.elapsed, "results": finished.results}
        typer.echo(json.dumps(answer))
        return
    output = terminal()
    output.print(f"{finished.step:,} steps in {finished.elapsed:.1f} s")
    if finished.reason:
        output.print(words.say(f"reason.{finished.reason}", finished.params))
    for name, value in finished.results.items():
        told = "\n" + lines(value) if isinstance(value, list) else number(value)
        output.print(f"{name}  {told}")


def _usable(device: str) -> str:
    import torch

    known = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if device not in known and not (device == "cuda" and len(known) > 1):
        leave(Exit.PROBLEMS, f"there is no device {device!r} here; use {' or '.join(known)}")
    return device


def _trained(plan: Plan, device: str, threads: int) -> "Finished":
    from gradus_engine import train as training
    from gradus_engine.opening import open_session

    session = open_session(plan, device=device, threads=threads)
    with _progress() as progress:
        bar = progress.add_task("training", total=plan.train.epochs, figures="")
        for event in training.train(plan, session=session):
            if isinstance(event, training.Finished):
                return event
            if isinstance(event, training.NonFinite) and plan.train.on_nan != "continue":
                leave(Exit.FAILED, words.say("verdict.diverged", {"step": event.step}))
            if isinstance(event, training.Metrics):
                epochs = event.samples / len(session.parts["train"])
                progress.update(bar, completed=epochs, figures=_figures(event))
    raise RuntimeError("training ended without its results")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("epoch {task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _figures(event: "Metrics") -> str:
    losses = {n: p for n, p in event.series.items() if n.startswith("train/")}
    # "train/loss" is told as loss, "train/d/loss" of several networks as d loss.
    return ", ".join(
        f"{' '.join(name.split('/')[1:])} {points.last[-1]:.3g}"
        for name, points in losses.items()
        if name.endswith("/loss")
    )
