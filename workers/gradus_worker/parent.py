"""The parent of the children: one Celery worker, and what it knows without torch.

`python -m gradus_worker.parent train|inspect SUPERVISOR` is started by the supervisor and ends
with it.
"""

import logging
import os
import sys
import threading
import warnings
from typing import Any

from celery import Celery, signals
from celery.exceptions import SecurityWarning

from gradus_engine.dense.cache import ensure_beside
from gradus_runs.settings import Settings, settings
from gradus_worker.application import inspect_application, training_application
from gradus_worker.capacity import capacity
from gradus_worker.foreman import Foreman
from gradus_worker.lineage import die_with_parent
from gradus_worker.names import host

LOG_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s %(message)s"


def main(role: str, supervisor: int) -> int:
    """Run one Celery worker until it is asked to end; answers its exit code."""
    die_with_parent(supervisor)
    # In a container everything is root; messages are JSON, so nothing in them can run code.
    warnings.simplefilter("ignore", SecurityWarning)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("celery.worker.request").addFilter(_not_a_death)
    current = settings()
    return train(current) if role == "train" else inspect(current)


def _not_a_death(record: logging.LogRecord) -> bool:
    """Celery reports a dead child with two stack traces; the foreman says it in one line."""
    return "WorkerLostError" not in record.getMessage()


def train(current: Settings) -> int:
    application = training_application(current)
    size = capacity(current)
    foreman = Foreman(current, application, size)

    def started(**_: Any) -> None:
        foreman.start()
        if size.device == "cpu" and (beside := ensure_beside(die_with_parent)):
            # Nobody else asks how it ended, and it would be a zombie for as long as this lives.
            threading.Thread(target=beside.wait, name="compiler", daemon=True).start()

    def ending(**_: Any) -> None:
        foreman.ask_to_end()

    signals.worker_ready.connect(started, weak=False)
    signals.worker_shutting_down.connect(ending, weak=False)
    code = work(application, current.queue, size.children)
    foreman.leave()
    return code


def inspect(current: Settings) -> int:
    return work(inspect_application(current), "inspect", 1)


def work(application: Celery, queue: str, children: int) -> int:
    worker = application.Worker(
        hostname=f"{queue}@{host()}-{os.getpid()}",
        queues=[queue],
        concurrency=children,
        pool="prefork",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
