"""Celery messages: empty tickets that tell a worker to look. Losing one costs a moment, no run."""

import logging
import queue
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from gradus_runs.live import Live, soft

log = logging.getLogger(__name__)

SHIFT = "gradus.shift"
INSPECT = "gradus.inspect"
VERIFY = "gradus.verify"
INSPECT_QUEUE = "inspect"
EXPIRES_SECONDS = 5  # a ticket that nobody took is late: the dispatcher has written others
MOST_WAITING = 256


@dataclass(frozen=True, slots=True)
class Ticket:
    task: str
    queue: str
    args: tuple[str, ...] = ()
    expires: int = EXPIRES_SECONDS


def broker_url(redis_url: str) -> str:
    """The same Redis in Celery's spelling: a unix socket is `redis+socket://` there."""
    return redis_url.replace("unix://", "redis+socket://", 1)


class Tickets:
    """A thread that sends what is put before it; a request never waits for the broker.

    When the broker is slow and the line is full, further tickets are dropped.
    """

    def __init__(self, redis_url: str, live: Live) -> None:
        self._url = broker_url(redis_url)
        self._live = live
        self._line: queue.Queue[Ticket | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._send_all, name="tickets", daemon=True)

    def put(self, ticket: Ticket) -> None:
        try:
            self._line.put_nowait(ticket)
        except queue.Full:
            log.warning("a ticket for %s was dropped: the broker is slow", ticket.queue)

    def waiting(self, queue: str) -> int:
        """How many lie in a queue; raises LiveUnavailable."""
        with soft():
            return int(self._live.client.llen(queue))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.put_last()
        self._thread.join(timeout=2.0)

    def put_last(self) -> None:
        """Let the thread end, whatever still waits."""
        while True:
            try:
                return self._line.put_nowait(None)
            except queue.Full:
                self._line.get_nowait()

    def _send_all(self) -> None:
        # Imported here: it takes a third of a second that the first page need not wait for.
        from celery import Celery
        from kombu.exceptions import KombuError
        from redis.exceptions import RedisError

        celery = Celery("gradus", broker=self._url)
        celery.conf.update(_OPTIONS)
        while ticket := self._line.get():
            try:
                celery.send_task(
                    ticket.task, ticket.args, queue=ticket.queue, expires=ticket.expires
                )
            except (KombuError, RedisError, OSError) as error:
                log.warning("no ticket for %s: %s", ticket.queue, error)


_OPTIONS: dict[str, Any] = {
    "task_ignore_result": True,
    "task_serializer": "json",
    "task_publish_retry": False,
    "broker_connection_timeout": 1.0,
    "broker_transport_options": {"socket_timeout": 2.0, "socket_connect_timeout": 1.0},
}
