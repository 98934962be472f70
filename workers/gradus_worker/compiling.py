"""`python -m gradus_worker.compiling WANTED PARENT`: compile one step, at low priority, while others
train.

In a process of its own: within a training child the compiler would halve the training.
"""

import json
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path

from gradus.controls import Changes
from gradus.plan import plan_resolved
from gradus_engine.session import Session
from gradus_engine.tiers import cache
from gradus_engine.tiers.cache import Told
from gradus_engine.tiers.compiling import compiled
from gradus_worker.lineage import die_with_parent

log = logging.getLogger(__name__)

NICE = 15


def main(path: Path, parent: int) -> None:
    die_with_parent(parent)
    os.nice(NICE)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(message)s")
    wanted = json.loads(path.read_text())
    path.unlink()
    key = path.stem
    plan = replace(plan_resolved(wanted["resolved"]), weights=())  # any values will do
    threads, memory_format = wanted["threads"], wanted["memory_format"]
    session = Session(plan, threads=threads, memory_format=memory_format, tier="eager")
    session.apply(Changes(batch_size=wanted["batch_size"]))
    found = compiled(session)
    if found.key != key:
        # The code would never be found under what was asked for, and be asked for again.
        cache.keep(Told(key, error="its structure is another one here"))
    if found.error:
        log.warning("a step is not compiled: %s", found.error)
    else:
        log.info("a step compiled in %.0f s is %.2f ×", found.compile_seconds, found.ratio)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
