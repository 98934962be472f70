"""The events of a run over server-sent events, through broken connections, to the run's end.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

import httpx

from gradus.events import FINAL, Event
from gradus_client.errors import Refused, Unreachable

SHORTEST_PAUSE = 0.2  # seconds before the first new try; doubled until the longest
LONGEST_PAUSE = 5.0
PATIENCE = 120.0  # seconds without a connection before following ends
SILENCE = 45.0  # seconds: a living server sends at least a comment in that time

Connect = Callable[[int], AbstractContextManager[httpx.Response]]


def events(
    url: str,
    connect: Connect,
    after: int = 0,
    *,
    patience: float = PATIENCE,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """Every event after number `after`, in order, each once; ends with the run.

    `connect(after)` opens the stream behind that number, as `Last-Event-ID` asks; `url` is the
    server's, for the error.

    Raises:
        Refused: the server does not give this log.
        Unreachable: the server stayed away for longer than `patience` seconds.
    """
    away: float | None = None  # since when no connection was had
    wait = SHORTEST_PAUSE
    while True:
        try:
            with connect(after) as response:
                _require(response)
                away = None
                for event in _events(response):
                    wait = SHORTEST_PAUSE
                    if event.number > after:
                        after = event.number
                        yield event
                    if ends(event):
                        return
            reason = "the stream ended before the run"
        except httpx.TransportError as fault:
            reason = str(fault)
        now = time.monotonic()
        away = now if away is None else away
        if now - away > patience:
            raise Unreachable(url, reason)
        pause(wait)
        wait = min(2 * wait, LONGEST_PAUSE)


def ends(event: Event) -> bool:
    """Whether nothing comes after this event."""
    return event.type == "status" and event.body.get("status") in FINAL


def _require(response: httpx.Response) -> None:
    if response.status_code >= 500:  # a restart or an overload: like a broken connection
        raise httpx.RemoteProtocolError(f"HTTP {response.status_code}")
    if response.status_code != 200:
        response.read()
        raise Refused.of(response)


def _events(response: httpx.Response) -> Iterator[Event]:
    for fields in blocks(response.iter_lines()):
        if "data" in fields:
            yield Event.model_validate(json.loads(fields["data"]))


def blocks(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The fields of each server-sent event: `id`, `event`, and `data` with its lines joined."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line:
            if fields:
                yield fields
            fields = {}
            continue
        name, _, value = line.partition(":")
        if name:  # without a name it is a comment, which only keeps the connection alive
            value = value.removeprefix(" ")
            more = name == "data" and name in fields
            fields[name] = f"{fields[name]}\n{value}" if more else value
