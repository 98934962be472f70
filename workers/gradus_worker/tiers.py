"""Quicker tiers for the runs that a child holds: whether they pay, who makes them, when to change over."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from gradus.events import Status
from gradus_engine.session import Session
from gradus_engine.tiers import cache, graph
from gradus_engine.tiers.compiling import compiler
from gradus_engine.tiers.gradient import NotStatic, StaticGradient
from gradus_engine.tiers.offer import asked_for, repays
from gradus_engine.tiers.switching import tier_of
from gradus_worker.held import Held

LOOK_SECONDS = 1.0
MEASURED_SECONDS = 2.0  # of training, before its rest can be told


class Tiers:
    """What is wanted is written to `folder`, for the parent; runs of which plain steps would take
    less than `least` seconds more are not compiled for, and none at all where that is 0.
    """

    def __init__(self, folder: Path, least: float) -> None:
        self._folder = folder
        self._least = least
        self._look_at = 0.0
        self._known: dict[tuple[str, int], str | None] = {}
        self._asked: set[str] = set()

    def look(self, held: Sequence[Held]) -> None:
        """Between two turns: ask for what is missing, change over where it pays."""
        now = time.monotonic()
        if self._least == 0 or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        names = {each.run.id for each in held}
        self._known = {place: key for place, key in self._known.items() if place[0] in names}
        for each in held:
            if each.status is Status.RUNNING and isinstance(each.session, Session):
                self._consider(each, each.session)

    def _consider(self, held: Held, session: Session) -> None:
        young = session.step == 0 or session.elapsed < MEASURED_SECONDS
        if young or session.quick is not None:
            return
        place = held.run.id, session.batch_size
        if place not in self._known:
            self._known[place] = self._key(session)
        key = self._known[place]
        if key is None:
            return
        tried = self._by_graph if tier_of(session) == "graph" else self._by_code
        if tried(held, session, key):
            self._known[place] = None  # once is enough, whatever came of it

    def _key(self, session: Session) -> str | None:
        """Of the structure of a session's step; None where no other tier can compute it."""
        if not session.compilable:
            return None
        try:
            return cache.key_of(session, StaticGradient(session))
        except (NotStatic, RuntimeError):
            return None

    def _by_code(self, held: Held, session: Session, key: str) -> bool:
        """Take compiled code that pays, or ask for it; answers whether there is nothing more to do."""
        found = cache.told(key)
        if found is None:
            self._ask(session, key)
            return False
        if repays(session.steps_left, found.plain_seconds, found.ratio):
            held.switch("compiled", key)
        return True

    def _by_graph(self, held: Held, session: Session, key: str) -> bool:
        try:
            ratio, plain = graph.gain(session, StaticGradient(session), key)
        except RuntimeError:  # something of this step cannot be recorded
            return True
        if repays(session.steps_left, plain, ratio):
            held.switch("graph", key)
        return True

    def _ask(self, session: Session, key: str) -> None:
        a_step = session.elapsed / session.step
        if key in self._asked or not asked_for(session.steps_left, a_step, self._least):
            return
        self._asked.add(key)
        if compiler() is None:
            return
        wanted = {
            "resolved": session.plan.resolved,
            "batch_size": session.batch_size,
            "threads": session.threads,
            "memory_format": session.identity()["memory_format"],
        }
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f"{key}.{os.getpid()}"
        draft.write_text(json.dumps(wanted))
        draft.rename(self._folder / f"{key}.wanted")
