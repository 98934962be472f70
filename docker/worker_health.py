"""Ends with 0 while the worker of this container has a child that is ready to train, else with 1."""

import sys

from gradus_runs import workers
from gradus_runs.database import open_database, reading
from gradus_runs.settings import settings
from gradus_worker.names import host


def main() -> int:
    engine = open_database(settings().database)
    with reading(engine) as conn:
        warm = sum(worker.warm for worker in workers.alive(conn) if worker.host == host())
    engine.dispose()
    return 0 if warm else 1


if __name__ == "__main__":
    sys.exit(main())
