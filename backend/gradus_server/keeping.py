"""Having a paused run kept at the step where it stands, before it is taken away.

A run at rest lies in its worker's memory for a while, a little beyond its newest checkpoint. Its
holder is asked to write one; who cannot wait so long gets the newest that there is.
"""

import time

from sqlalchemy import Connection, exists, select

from gradus.events import Status
from gradus_runs.database import reading
from gradus_runs.runs import Run
from gradus_runs.tables import checkpoints
from gradus_server.server import Server, holding

WAIT_SECONDS = 5.0
LOOK_SECONDS = 0.05


def settle(server: Server, run: Run) -> None:
    """Wait until the step of a paused run is kept, at most some seconds."""
    if run.status != Status.PAUSED or run.step == 0:
        return
    with reading(server.engine) as conn:
        holder = None if _kept(conn, run) else holding(conn, run.id)
    if holder is None:
        return
    server.wake(holder, {"keep": run.id})
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        with reading(server.engine) as conn:
            if _kept(conn, run):
                return


def _kept(conn: Connection, run: Run) -> bool:
    found = exists().where(checkpoints.c.run_id == run.id, checkpoints.c.step >= run.step)
    return bool(conn.execute(select(found)).scalar())
