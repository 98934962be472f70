"""How long somebody waits for a picture, as `Prefer: respond-async, wait=2` says it (RFC 7240)."""

import re
from typing import Annotated

from fastapi import Depends, Header

WAIT = re.compile(r"\bwait=(\d{1,2})\b")

Prefer = Annotated[
    str | None,
    Header(
        max_length=200,
        description="With `respond-async` a service whose workers still wake answers 202 without "
        "a picture instead of 503, after `wait` seconds at most.",
    ),
]


def _patience(prefer: Prefer = None) -> int | None:
    """Seconds until 202; None for those who did not ask for it, and are told 503."""
    if prefer is None or "respond-async" not in prefer:
        return None
    found = WAIT.search(prefer)
    return max(1, int(found.group(1))) if found else 1


Patience = Annotated[int | None, Depends(_patience)]
