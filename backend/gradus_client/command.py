"""The `gradus` command: the client's own commands, and those of every part that is installed."""

import sys
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points

import typer

from gradus_client import exporting, planning, sweeping, training
from gradus_client.complaint import Exit, leave
from gradus_client.zoo import zoo

GROUP = "gradus.commands"
# What a part brings, and the extra that its commands need: `up` starts server and worker.
EXTRAS = {
    "server": {"up": "all", "serve": "server", "doctor": "server", "verify": "all"},
    "worker": {"work": "worker"},
    "engine": {"train": "worker"},
}
ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True}


def main() -> None:
    """Entry point of the `gradus` command."""
    try:
        build()()
    except ModuleNotFoundError as missing:
        command = sys.argv[1] if len(sys.argv) > 1 else ""
        extra = next((brings[command] for brings in EXTRAS.values() if command in brings), None)
        if extra is None or (missing.name or "gradus").startswith("gradus"):
            raise
        sys.exit(hint(command, extra))


def build(parts: Iterable[EntryPoint] | None = None) -> typer.Typer:
    """The application, with the commands of every entry point of `gradus.commands`, or of `parts`.

    A part whose packages are not installed gives way to commands that say how to install them.
    """
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    for point in sorted(parts or entry_points(group=GROUP), key=lambda point: point.name):
        try:
            add = point.load()
        except ModuleNotFoundError as missing:
            if (missing.name or "gradus").startswith("gradus") and missing.name != point.module:
                raise  # ours, and broken
            _add_hints(app, EXTRAS.get(point.name, {}))
        else:
            add(app)
    return app


def commands(app: typer.Typer) -> None:
    """Adds the client's commands."""
    app.callback()(gradus)
    own: list[Callable[..., None]] = [planning.plan, training.run, training.runs, training.show]
    own += [training.stop, training.pause, training.play, exporting.export, sweeping.sweep]
    for command in own:
        app.command()(command)
    app.add_typer(zoo, name="zoo")


def gradus() -> None:
    """Describe a neural network, train it and watch it learn."""


def _add_hints(app: typer.Typer, brings: dict[str, str]) -> None:
    for command, extra in brings.items():
        app.command(command, hidden=True, context_settings=ANYTHING)(_teller(command, extra))


def _teller(command: str, extra: str) -> Callable[[], None]:
    def tell() -> None:
        leave(Exit.FAILED, hint(command, extra))

    return tell


def hint(command: str, extra: str) -> str:
    """The sentence for a command whose part is not installed."""
    return f"`gradus {command}` is not part of this light install: pip install 'gradus[{extra}]'"
