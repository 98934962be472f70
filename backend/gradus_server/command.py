"""The server's commands: `gradus up`, `serve`, `doctor`, `verify`."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

import typer

from gradus_runs.errors import SettingsError
from gradus_runs.settings import Settings, settings


def commands(app: typer.Typer) -> None:
    """Add the server's commands to `gradus`."""
    app.command("up")(up)
    app.command("serve")(serve)
    app.command("doctor")(doctor)
    app.command("verify")(verify)


def up(
    browser: Annotated[bool, typer.Option(help="Open the page where there is a screen.")] = True,
) -> None:
    """Start everything on this machine: server, worker, and what they need."""
    from gradus_server.up import run_up

    _run(lambda current: run_up(current, browser, _say))


def serve() -> None:
    """Start the server alone, for workers that run elsewhere."""
    from gradus_server.up import run_serve

    _run(lambda current: run_serve(current, _say))


def doctor() -> None:
    """Say which settings count, and whether every part is there."""
    from gradus_server.doctor import examine, rows

    with _told():
        current = settings()
        for variable, value, origin in rows(current):
            typer.echo(f"{variable:28} {value or '-':40} {origin}")
        findings = list(examine(current))
    for finding in findings:
        typer.echo(f"{'ok ' if finding.well else 'NO '} {finding.what:10} {finding.said}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def verify(
    run: Annotated[str | None, typer.Argument(help="The run to train again.")] = None,
    store: Annotated[bool, typer.Option(help="Check every stored file against its row.")] = False,
) -> None:
    """Train a run again and compare its weights, or check what is stored."""
    if (run is None) == (not store):
        typer.echo("Name a run, or say --store.", err=True)
        raise typer.Exit(2)
    with _told():
        well = _store_is_sound() if run is None else _repeats(run)
    raise typer.Exit(0 if well else 1)


def _repeats(run: str) -> bool:
    from gradus_server.verify import replay

    found = replay(settings().data, run)
    if "same" not in found:
        typer.echo(found["detail"], err=True)
        return False
    typer.echo(f"step {found['step']}: kept {found['kept']}, computed again {found['found']}")
    typer.echo("The same, bit by bit." if found["same"] else "They differ.")
    if found["inexact"]:
        typer.echo("The run was moved between unlike machines, so it need not repeat.")
    return bool(found["same"])


def _store_is_sound() -> bool:
    from gradus_runs.database import open_database
    from gradus_runs.store import Store
    from gradus_server.verify import damaged

    engine = open_database(settings().database)
    found = list(damaged(engine, Store(settings().artifacts)))
    engine.dispose()
    for digest in found:
        typer.echo(f"damaged: {digest}", err=True)
    typer.echo(f"{len(found)} stored files are damaged." if found else "Every file is sound.")
    return not found


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a person can mend into one sentence and an exit code."""
    from gradus_server.embedded import ValkeyFailed, ValkeyMissing
    from gradus_server.folder import FolderInUse
    from gradus_server.listening import CannotListen
    from gradus_server.up import CannotPrepare
    from gradus_server.verify import NoServer

    try:
        yield
    except (
        SettingsError,
        FolderInUse,
        CannotListen,
        CannotPrepare,
        ValkeyMissing,
        ValkeyFailed,
        NoServer,
    ) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _run(start: Callable[[Settings], bool]) -> None:
    """Run to the end, or say in one sentence why not."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with _told(), suppress(KeyboardInterrupt):
        if not start(settings()):
            raise typer.Exit(1)


def _say(sentence: str) -> None:
    typer.echo(sentence)
    # Somebody may read the address from a pipe.
    typer.get_text_stream("stdout").flush()
