"""How fast a run may go: a limit of steps a second, and the ramp of one that somebody looks at.

Kept by giving turns to others in between. Times are of any one clock, in seconds.
"""

import math
from dataclasses import dataclass

CATCH_UP = 0.25  # seconds of steps that a late turn may make good for
RAMP_FIRST = 4.0  # steps a second, which the eye can follow one by one
RAMP_DOUBLES = 0.6  # seconds
RAMP_LAST = 1e6  # steps a second: more than any machine takes


@dataclass(slots=True)
class Tempo:
    """`speed` is the limit in steps a second, 0 for none; a ramp leads up to it."""

    speed: float = 0.0
    _next: float = -math.inf
    _ramp: float | None = None  # when it began

    def limit(self, speed: float, now: float) -> None:
        self.speed, self._next = speed, now

    def start(self, now: float, ramp: bool) -> None:
        """Go on from standing: slowly at first with a `ramp`, else at the limit at once."""
        self._ramp = now if ramp else None
        self._next = now

    def rate(self, now: float) -> float:
        """Steps a second that are allowed now."""
        limit = self.speed or math.inf
        if self._ramp is None:
            return limit
        # The exponent is bounded so that a run left alone for days overflows nothing.
        risen = RAMP_FIRST * 2.0 ** min((now - self._ramp) / RAMP_DOUBLES, 60.0)
        return min(limit, risen if risen < RAMP_LAST else math.inf)

    def wait(self, now: float) -> float:
        """Seconds until the next step may be taken."""
        return 0.0 if math.isinf(self.rate(now)) else max(0.0, self._next - now)

    def allowance(self, now: float) -> int | None:
        """How many steps may be taken now; None for any number."""
        rate = self.rate(now)
        if math.isinf(rate):
            return None
        return 1 + int(min(max(now - self._next, 0.0), CATCH_UP) * rate)

    def took(self, steps: int, now: float) -> None:
        """Count steps that have just been taken."""
        begun = max(self._next, now - CATCH_UP)
        self._next = begun + steps / self.rate(begun)
