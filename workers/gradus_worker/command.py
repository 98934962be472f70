"""`gradus work`: trains what is queued, on this machine."""

import logging

import typer

from gradus_runs.errors import SettingsError
from gradus_runs.settings import settings
from gradus_worker.capacity import capacity
from gradus_worker.supervisor import supervise


def commands(app: typer.Typer) -> None:
    """Add the worker's commands to `gradus`."""
    app.command("work")(work)


def work() -> None:
    """Train queued runs and answer questions about them until Ctrl-C.

    Reads GRADUS_DATABASE_URL, GRADUS_REDIS_URL and GRADUS_DATA like the server does, and
    GRADUS_CHILDREN, GRADUS_THREADS and GRADUS_DEVICE for the size of this worker.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        _check_redis()
        threads = capacity(settings()).threads
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    supervise(threads)


def _check_redis() -> None:
    if not settings().redis_url.get_secret_value():
        raise SettingsError(
            "GRADUS_REDIS_URL",
            "a worker on its own needs the Redis of its server, such as redis://host:6379/0; "
            "`gradus up` starts server, worker and a private Redis together.",
        )
