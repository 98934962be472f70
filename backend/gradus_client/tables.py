"""What the commands show: plans and runs as tables for a terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from gradus.planned import DatasetPlan, LayerPlan, Plan
from gradus_client.run import RunPublic

NARROWEST = 120  # columns of output that is not a terminal, so that files are not squeezed


def terminal() -> Console:
    """Standard output."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)
    return console


def plan_table(plan: Plan) -> Table:
    """One row a layer, inputs first, totals below."""
    table = Table(box=None, pad_edge=False, header_style="dim", footer_style="bold")
    table.add_column("layer", footer="total", overflow="fold")
    table.add_column("type")
    table.add_column("output", justify="right")
    table.add_column("parameters", justify="right", footer=f"{plan.totals.parameters:,}")
    table.add_column("multiply-adds", justify="right", footer=f"{plan.totals.multiply_adds:,}")
    table.show_footer = True
    for name, network in plan.networks.items():
        if len(plan.networks) > 1:
            table.add_row(Text(name, style="bold"))
        for port, shape in network.inputs.items():
            table.add_row(port, "", dimensions(shape), "", "")
        for layer in network.layers:
            table.add_row(*_layer_row(layer))
    return table


def _layer_row(layer: LayerPlan) -> tuple[str, ...]:
    count, costs = layer.parameter_count, layer.multiply_adds
    shown = dimensions(layer.output)
    return (
        layer.name,
        layer.type,
        shown,
        f"{count:,}" if count else "",
        f"{costs:,}" if costs else "",
    )


def plan_notes(plan: Plan) -> list[str]:
    """What else a person wants to know before training: data, training, memory."""
    notes = [] if plan.dataset is None else [_dataset_note(plan.dataset)]
    train = plan.train
    optimizer = f"{train.optimizer['type']}, learning rate {train.optimizer['learning_rate']}"
    notes.append(f"train: {train.epochs} epochs of batches of {train.batch_size}, {optimizer}")
    notes.append(f"memory: about {size(plan.totals.training_bytes)} for a training step")
    return notes


def _dataset_note(dataset: DatasetPlan) -> str:
    parts = ", ".join(f"{count:,} {part}" for part, count in dataset.sizes.items())
    return f"data: {dataset.name}, {dataset.task}, {parts}"


def dimensions(shape: Iterable[int]) -> str:
    return " × ".join(str(side) for side in shape) or "1"


def size(count: float) -> str:
    """Bytes for a reader: `1.5 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"


def runs_table(runs: Iterable[RunPublic]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("run", "name", "status", "step", "loss", "accuracy", "created"):
        table.add_column(column, no_wrap=True, justify="right" if column == "step" else "left")
    for run in runs:
        latest = run.latest
        loss = number(latest.get("validation/loss", latest.get("train/loss")))
        accuracy = number(latest.get("validation/accuracy"))
        created = (run.created_at or "")[:16].replace("T", " ")
        table.add_row(run.id, run.name, run.status, f"{run.step:,}", loss, accuracy, created)
    return table


def run_table(run: RunPublic) -> Table:
    """One run, line by line."""
    table = Table.grid(padding=(0, 2))
    rows: Mapping[str, RenderableType] = {
        "run": run.id,
        "name": run.name,
        "status": f"{run.status} ({run.reason})" if run.reason else str(run.status),
        "step": f"{run.step:,}",
        "training": f"{run.elapsed:.1f} s",
        "seed": str(run.seed),
        "created": run.created_at or "",
        "finished": run.finished_at or "",
    }
    for label, value in rows.items():
        if value:
            table.add_row(Text(label, style="dim"), value)
    for series, figure in (run.results or run.latest).items():
        told = lines(figure) if isinstance(figure, list) else number(figure)
        table.add_row(Text(series, style="dim"), told)
    return table


def lines(table: Sequence[Sequence[int]]) -> str:
    """A table of whole numbers, a line a row."""
    width = max((len(f"{cell:,}") for row in table for cell in row), default=1)
    return "\n".join(" ".join(f"{cell:>{width},}" for cell in row) for row in table)


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
