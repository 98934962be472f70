"""When another tier is worth its trouble: pure rules over measured figures."""

LEAST_GAIN = 1.1  # below it a figure may be chance
SWITCH_SECONDS = 1.0  # reading the code, one more step to see its draws, a row in the log


def rest(steps_left: float, step_seconds: float) -> float:
    """Seconds that plain steps would still take."""
    return steps_left * step_seconds


def asked_for(steps_left: float, step_seconds: float, least: float) -> bool:
    """Whether to have a step compiled: only for a long rest, since others share the machine."""
    return 0 < least < rest(steps_left, step_seconds)


def repays(steps_left: float, step_seconds: float, ratio: float) -> bool:
    """Whether the rest of a run gains more than the switch costs, by code that is there."""
    if ratio < LEAST_GAIN:
        return False
    return rest(steps_left, step_seconds) * (1 - 1 / ratio) > SWITCH_SECONDS
