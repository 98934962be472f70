"""A run on the terminal: a progress bar fed by the run's events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gradus import words
from gradus.events import Event
from gradus.planned import Plan

SHOWN = {
    "loss": ("train/loss",),
    "validation": ("validation/loss",),
    "accuracy": ("validation/accuracy", "train_eval/accuracy"),
}


@dataclass
class Standing:
    """Where a run stands, by the events heard so far."""

    epoch_size: int  # samples
    epochs: int
    status: str = "queued"
    reason: str | None = None
    samples: int = 0
    latest: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> "Standing":
        size = plan.dataset.sizes["train"] if plan.dataset else 1
        return cls(size, plan.train.epochs)

    def hear(self, event: Event) -> None:
        body = event.body
        if event.type == "status":
            self.status, self.reason = str(body["status"]), body.get("reason")
        elif event.type == "metrics":
            self.samples = int(body["samples"])
            for series, points in body["series"].items():
                self.latest[series] = float(points["last"][-1])

    @property
    def epoch(self) -> float:
        return self.samples / self.epoch_size

    def figures(self) -> str:
        parts = [
            f"{label} {value:.3g}"
            for label, names in SHOWN.items()
            if (value := next((self.latest[n] for n in names if n in self.latest), None))
            is not None
        ]
        return "  ".join(parts)


def watch(events: Iterable[Event], standing: Standing, console: Console) -> None:
    """Shows the run until its events end."""
    with _progress(console) as progress:
        bar = progress.add_task("queued", total=standing.epochs, figures="", epochs=standing.epochs)
        for event in events:
            standing.hear(event)
            progress.update(
                bar,
                description=standing.status,
                completed=min(standing.epoch, standing.epochs),
                figures=standing.figures(),
            )
            if sentence := _sentence(event):
                progress.console.print(sentence)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=10),
        TextColumn("epoch {task.completed:.0f}/{task.fields[epochs]}"),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        console=console,
    )


def _sentence(event: Event) -> str | None:
    """What is worth a line of its own: verdicts, and why a run stands still."""
    body: dict[str, Any] = event.body
    if event.type == "verdict":
        return _say(str(body["code"]), body.get("params", {}))
    if event.type == "status" and body["status"] == "paused":
        return f"paused; go on with: gradus play {event.run}"
    return None


def _say(code: str, params: dict[str, Any]) -> str:
    try:
        return words.say(code, params)
    except KeyError:  # of a newer server
        return code
