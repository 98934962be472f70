"""How often the guests of a shared run may ask for its pictures."""

import time
from collections.abc import Callable

from gradus_server.problems import Refused

QUESTIONS_AT_ONCE = 60  # a page that opens a run of a deep net asks for so many
QUESTIONS_A_SECOND = 5
MOST_RUNS = 10_000


class Guests:
    """An allowance for each shared run, whoever holds its links; a worker answers each question,
    and a link may stand on a public page. Used on the event loop alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}  # run: allowance, when it was counted

    def ask(self, run_id: str) -> None:
        """Count one question; raises `Refused` where there were too many of late."""
        now = self._clock()
        left, counted = self._left.pop(run_id, (float(QUESTIONS_AT_ONCE), now))
        left = min(float(QUESTIONS_AT_ONCE), left + (now - counted) * QUESTIONS_A_SECOND)
        allowed = left >= 1
        self._left[run_id] = (left - allowed, now)
        while len(self._left) > MOST_RUNS:
            del self._left[next(iter(self._left))]  # the one that was asked about longest ago
        if not allowed:
            raise Refused(429, "http.guest_questions", {"limit": QUESTIONS_A_SECOND})
