"""A child that stands still without holding the database's lock."""

import contextlib
import os
import signal
import sqlite3

from tests.gradus_worker.workshop import Workshop


def freeze(shop: Workshop, pid: int) -> None:
    """Stop a process between two of its transactions: within one it would hold SQLite's lock."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        with contextlib.closing(sqlite3.connect(shop.folder / "gradus.db", timeout=0.1)) as conn:
            try:
                conn.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError:
                os.kill(pid, signal.SIGCONT)
