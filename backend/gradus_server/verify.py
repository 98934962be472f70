"""`gradus verify`: whether what is kept is still what it says, and whether a run repeats."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, select

from gradus_runs import artifacts
from gradus_runs.database import reading
from gradus_runs.errors import Damaged, NotFound
from gradus_runs.store import Store
from gradus_runs.tables import artifacts as artifact_rows
from gradus_server.folder import ADDRESS, TOKEN

WAIT_SECONDS = 960.0  # a little more than the server waits


class NoServer(RuntimeError):
    """No server answers for this data folder."""


def replay(folder: Path, run: str) -> dict[str, Any]:
    """Ask the server of a data folder to train a run again; its answer, or its problem.

    Raises NoServer.
    """
    try:
        address, token = ((folder / name).read_text().strip() for name in (ADDRESS, TOKEN))
        answer = httpx.post(
            f"{address}/api/v1/runs/{run}/verify",
            headers={"Authorization": f"Bearer {token}"},
            timeout=WAIT_SECONDS,
            trust_env=False,  # a proxy of the environment cannot know what listens here
        )
    except (OSError, httpx.TransportError, httpx.InvalidURL) as error:
        raise NoServer(f"No server answers for {folder}: start one with `gradus up`.") from error
    found: dict[str, Any] = answer.json()
    return found


def damaged(engine: Engine, store: Store) -> Iterator[str]:
    """The hash of every artifact whose bytes are gone or others than its row says."""
    with reading(engine) as conn:
        digests = list(conn.execute(select(artifact_rows.c.hash)).scalars())
    for digest in digests:
        try:
            with reading(engine) as conn:
                artifacts.get(conn, store, digest)
        except Damaged:
            yield digest
        except NotFound:
            continue  # collected meanwhile
