"""What a stretch of work costs: the clock by which turns and pictures are charged."""

import time
from collections.abc import Callable

Clock = Callable[[], float]


def clock(device: str) -> Clock:
    """Seconds that the calling thread has used of `device` ("cpu" or "cuda").

    On a CPU that is its computing time: where the system or another thread of the child made
    a turn four times as long, the run on turn would else wait four rounds for it. A GPU works
    beside its thread, so there it is the time on the wall.
    """
    return time.thread_time if device == "cpu" else time.monotonic
