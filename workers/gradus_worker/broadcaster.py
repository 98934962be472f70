"""The broadcaster: one thread a child that tells Redis what was committed and drawn.

Bounded and best-effort. Where Redis is slow or away, pictures are overtaken by newer ones and
old events dropped: their readers see the gap and fill it from the database.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from gradus_runs.errors import LiveUnavailable
from gradus_runs.live import Live
from gradus_runs.log import LogEvent

log = logging.getLogger(__name__)

EVENTS = 2000  # what a reader could be told of an outage; the rest is in the database
ANSWERS = 256
RETRY_SECONDS = 0.5


class Broadcaster(threading.Thread):
    def __init__(self, live: Live) -> None:
        super().__init__(name="broadcaster", daemon=True)
        self._live = live
        self._events: deque[LogEvent] = deque(maxlen=EVENTS)
        self._frames: dict[tuple[str, str], bytes] = {}
        self._answers: deque[tuple[str, bytes]] = deque(maxlen=ANSWERS)
        self._changed = threading.Condition()
        self._closing = False
        self._away = False

    def events(self, events: Sequence[LogEvent]) -> None:
        """Tell committed events, in order."""
        self._put(lambda: self._events.extend(events))

    def frame(self, run: str, picture: str, frame: bytes) -> None:
        """Show a picture; one that was not sent yet is replaced."""
        self._put(lambda: self._frames.update({(run, picture): frame}))

    def answer(self, question: str, frame: bytes) -> None:
        self._put(lambda: self._answers.append((question, frame)))

    def stop(self) -> None:
        """Send what there is, once, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def run(self) -> None:
        while self._wait():
            self._send()
        self._send()

    def _put(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def _wait(self) -> bool:
        with self._changed:
            if self._away:
                self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)
            self._changed.wait_for(lambda: self._closing or self._full())
            return not self._closing

    def _full(self) -> bool:
        return bool(self._events or self._frames or self._answers)

    def _send(self) -> None:
        with self._changed:
            events, answers = list(self._events), list(self._answers)
            frames, self._frames = self._frames, {}
            self._events.clear()
            self._answers.clear()
        try:
            self._publish(events, answers, frames)
            self._away = False
        except LiveUnavailable as error:
            if not self._away:
                log.warning("training goes on without a live broadcast: %s", error)
            self._away = True

    def _publish(
        self,
        events: Sequence[LogEvent],
        answers: Sequence[tuple[str, bytes]],
        frames: dict[tuple[str, str], bytes],
    ) -> None:
        for question, frame in answers:
            self._live.answer(question, frame)
        if events:
            self._live.publish_events(events)
        for (run, picture), frame in frames.items():
            self._live.publish_frame(run, picture, frame)
