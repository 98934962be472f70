"""A speed limit in steps a second, kept by giving turns to others in between."""

from dataclasses import dataclass

CATCH_UP = 0.25  # seconds of steps that a late turn may make good for


@dataclass(slots=True)
class Tempo:
    """`speed` in steps a second, 0 for no limit. Times are of any one clock, in seconds."""

    speed: float = 0.0
    _next: float = float("-inf")

    def set(self, speed: float, now: float) -> None:
        self.speed, self._next = speed, now

    def wait(self, now: float) -> float:
        """Seconds until the next step may be taken."""
        return max(0.0, self._next - now) if self.speed else 0.0

    def allowance(self, now: float) -> int | None:
        """How many steps may be taken now; None for any number."""
        if not self.speed:
            return None
        return 1 + int(min(max(now - self._next, 0.0), CATCH_UP) * self.speed)

    def took(self, steps: int, now: float) -> None:
        """Count steps that have just been taken."""
        if self.speed:
            self._next = max(self._next, now - CATCH_UP) + steps / self.speed
