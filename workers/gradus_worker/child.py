"""A training child: what it sets up once, and the shifts it stands."""

import os
from functools import lru_cache

from gradus_runs.database import open_database
from gradus_runs.live import open_live
from gradus_runs.settings import Settings, settings
from gradus_runs.store import Store
from gradus_worker.broadcaster import Broadcaster
from gradus_worker.capacity import Capacity, capacity, memory_of_each
from gradus_worker.desk import Desk
from gradus_worker.inbox import Inbox
from gradus_worker.keeper import Keeper
from gradus_worker.leases import LeaseKeeper
from gradus_worker.listener import Listener
from gradus_worker.names import compile_folder, holder_name, notes_folder
from gradus_worker.note import Note
from gradus_worker.recorder import Recorder
from gradus_worker.shift import Shift
from gradus_worker.tiers import Tiers
from gradus_worker.warmup import warm_up
from gradus_worker.watcher import Watcher


class Child:
    """Threads stand beside the loop and outlive the shifts: a warm child stays warm."""

    def __init__(self, current: Settings, size: Capacity) -> None:
        self._size = size
        holder = holder_name()
        live = open_live(current.redis_url.get_secret_value())
        engine = open_database(current.database)
        note = Note.create(notes_folder(current, os.getppid()), holder)
        inbox = Inbox()
        broadcaster = Broadcaster(live)
        recorder = Recorder(engine, broadcaster.events, lambda: self.desk.watched)
        store = Store(current.artifacts)
        keeper = Keeper(store)
        watcher = Watcher(live, engine, inbox, lambda: self.desk.run_ids)
        listener = Listener(live, engine, inbox, watcher.look, holder=holder, queue=current.queue)
        leases = LeaseKeeper(
            engine,
            note,
            lambda: self.desk.claims,
            lambda claim: self.desk.lose(claim),
            renew_seconds=current.renew_seconds,
            lease_seconds=current.lease_seconds,
        )
        self.desk = Desk(
            settings=current,
            holder=holder,
            device=size.device,
            threads=size.threads,
            memory=memory_of_each(size.children),
            engine=engine,
            live=live,
            store=store,
            note=note,
            inbox=inbox,
            recorder=recorder,
            broadcaster=broadcaster,
            keeper=keeper,
            tiers=Tiers(compile_folder(current), current.compile_seconds),
            watcher=watcher,
        )
        self._threads = (broadcaster, recorder, keeper, watcher, listener, leases)

    def warm_up(self) -> None:
        """Take the first step of anything, then say that this child is ready."""
        warm_up(self._size.device, self._size.threads)
        for thread in self._threads:
            thread.start()
        self.desk.note.warm()

    def shift(self) -> None:
        """Train until nothing is claimable."""
        Shift(self.desk).run()


@lru_cache(maxsize=1)
def this_child() -> Child:
    """The one of this process. Celery sets a child up in one call and works it in another."""
    return Child(settings(), capacity(settings()))
