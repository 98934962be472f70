"""One open socket: what its page asked for, and two tasks that receive and send.

A page that reads slowly gets fewer frames and every event: frames wait in one place each, the
newest in place of the last, and events stay where they are until it is ready for them.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from gradus.probes import Probe
from gradus_runs import runs
from gradus_runs.database import reading
from gradus_runs.errors import NotFound, RunsError
from gradus_server.body import BodyRefused, parse, printable
from gradus_server.messages import (
    FROM_PAGE,
    Ack,
    Auth,
    FromPage,
    Live,
    Ready,
    SocketProblem,
    Subscribe,
    Unsubscribe,
    Watch,
)
from gradus_server.policy import TOPICS, WRITE
from gradus_server.problems import Refused, refusal, sentence, to_json
from gradus_server.server import Server
from gradus_server.topic import Cursor
from gradus_server.visitor import Credential, Kind, Visitor
from gradus_server.watching import by_hash

log = logging.getLogger(__name__)

SEND_SECONDS = 5.0  # a page that takes nothing for so long is gone
AUTH_SECONDS = 5.0
RIGHTS_SECONDS = 5.0  # how long a right may outlive its revocation
PACE_SECONDS = 0.02  # events that come faster than a display shows them travel together
FRAMES_AHEAD = 2  # of each picture, sent and not yet drawn
MOST_RUNS = 64
MESSAGES_A_SECOND = 20
MESSAGES_AT_ONCE = 4 * MOST_RUNS  # a page that opens a grid follows and watches every run of it


class Code:
    """Why the server closes (RFC 6455, 7.4: 4000 to 4999 are the application's)."""

    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SLOW = 4408
    FLOOD = 4429
    FULL = 1013


class Closed(Exception):
    """The socket is to be closed with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class Following:
    """One run on this socket: the place in its log and the right by which it is read."""

    cursor: Cursor
    credential: Credential | None
    live: bool = False


class Socket:
    """A `Viewer` of frames and a follower of logs."""

    def __init__(
        self, websocket: WebSocket, server: Server, visitor: Visitor, credential: Credential | None
    ) -> None:
        self._websocket = websocket
        self._server = server
        self._visitor = visitor
        self._credential = credential
        self._wake = asyncio.Event()
        self._following: dict[str, Following] = {}
        self._frames: dict[tuple[str, str], bytes] = {}
        self._pictures: dict[str, int] = {}  # how many are watched, by run
        self._sent = 0
        self._drawn = 0
        self._outbox: list[str] = []
        self._allowance = float(MESSAGES_AT_ONCE)
        self._counted = time.monotonic()

    def show(self, run: str, picture: str, frame: bytes) -> None:
        self._frames[run, picture] = frame
        self._wake.set()

    async def serve(self) -> None:
        """Until the page leaves, or must."""
        tasks = [
            asyncio.create_task(part())
            for part in (self._receive_all, self._send_all, self._check_rights)
        ]
        try:
            self._say(Ready().model_dump_json())
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._end(next(iter(done)))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._forget_all()

    async def _end(self, task: "asyncio.Task[None]") -> None:
        match task.exception():
            case Closed() as closed:
                log.info("socket closed: %d %s", closed.code, closed.reason)
                await self._close(closed.code, closed.reason)
            case None | WebSocketDisconnect():
                return
            case error:
                log.error("socket failed", exc_info=error)
                await self._close(1011, "internal")

    async def _close(self, code: int, reason: str) -> None:
        try:
            # A page that reads nothing would not read the farewell either.
            async with asyncio.timeout(1.0):
                await self._websocket.close(code, reason)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            log.debug("the page was gone before it could be told")

    async def _forget_all(self) -> None:
        for run in list(self._following):
            self._leave(run)
        await self._server.watching.leave(self)

    async def _receive_all(self) -> None:
        if self._visitor.actor is None:
            await self._first_within(AUTH_SECONDS)
        while True:
            await self._receive_one()

    async def _first_within(self, seconds: float) -> None:
        """Somebody without a cookie signs in, or shows a link, or has to go."""
        try:
            async with asyncio.timeout(seconds):
                while self._visitor.actor is None and not self._following:
                    await self._receive_one()
        except TimeoutError:
            raise Closed(Code.UNAUTHORIZED, "sign in first") from None

    async def _receive_one(self) -> None:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1005))
        message: FromPage | None = None
        try:
            raw = received.get("text") or ""
            message = FROM_PAGE.validate_python(parse(raw.encode("utf-8", "surrogatepass")))
            self._count(message)
            await self._obey(message)
        except ValidationError as error:
            self._count(None)
            self._complain(_invalid(error))
        except (BodyRefused, Refused, RunsError, SQLAlchemyError) as error:
            self._complain(error, getattr(message, "run", None))

    def _count(self, message: FromPage | None) -> None:
        """A page sends a few messages a second; confirming frames costs a tenth of one."""
        now = time.monotonic()
        grown = self._allowance + (now - self._counted) * MESSAGES_A_SECOND
        self._allowance = min(grown, float(MESSAGES_AT_ONCE))
        self._counted = now
        self._allowance -= 0.1 if isinstance(message, Ack) else 1.0
        if self._allowance < 0:
            raise Closed(Code.FLOOD, "too many messages")

    async def _obey(self, message: FromPage) -> None:
        match message:
            case Auth():
                await self._sign_in(Credential(Kind.TOKEN, message.token))
            case Subscribe():
                await self._subscribe(message)
            case Unsubscribe():
                self._leave(message.run)
                await self._look(message.run, {})
            case Watch():
                await self._watch(message)
            case Ack():
                self._drawn = max(self._drawn, message.frames)
                self._wake.set()

    async def _sign_in(self, credential: Credential) -> None:
        try:
            self._visitor = await run_in_threadpool(self._server.visitors.open, credential)
        except RunsError:
            raise Closed(Code.UNAUTHORIZED, "this token opens nothing") from None
        self._credential = credential

    async def _subscribe(self, message: Subscribe) -> None:
        credential = Credential(Kind.SHARE, message.share) if message.share else self._credential
        await run_in_threadpool(self._authorize, "subscribe", message.run, credential)
        self._require_room(message.run, self._following)
        self._leave(message.run)
        cursor = await self._server.hub.follow(message.run, message.after, self._wake)
        self._following[message.run] = Following(cursor, credential)
        self._wake.set()

    def _require_room(self, run: str, taken: Collection[str]) -> None:
        if run not in taken and len(taken) >= MOST_RUNS:
            raise Refused(429, "http.socket_runs", {"limit": MOST_RUNS})

    def _authorize(self, topic: str, run: str, credential: Credential | None) -> None:
        visitor = self._server.visitors.open(credential)
        visitor.admit(TOPICS[topic], run)
        if visitor.actor is None:
            raise NotFound("run", run)
        with reading(self._server.engine) as conn:
            runs.get(conn, visitor.actor, run)

    async def _watch(self, message: Watch) -> None:
        following = self._following.get(message.run)
        credential = following.credential if following else self._credential
        await run_in_threadpool(self._authorize, "watch", message.run, credential)
        if message.probes and self._visitor.may(WRITE):
            await run_in_threadpool(self._server.come_back, message.run)
        self._require_room(message.run, self._pictures if message.probes else ())
        await self._look(message.run, by_hash(message.probes))

    async def _look(self, run: str, probes: Mapping[str, Probe]) -> None:
        for key in [k for k in self._frames if k[0] == run and k[1] not in probes]:
            del self._frames[key]
        self._pictures.pop(run, None)
        if probes:
            self._pictures[run] = len(probes)
        await self._server.watching.look(self, run, probes)

    def _leave(self, run: str) -> None:
        if following := self._following.pop(run, None):
            self._server.hub.leave(following.cursor, self._wake)

    def _complain(self, error: Exception, run: str | None = None) -> None:
        said = to_json(refusal(error), self._websocket.state.request_id)
        self._say(SocketProblem(problem=said, run=run).model_dump_json(exclude_none=True))

    def _say(self, text: str) -> None:
        self._outbox.append(text)
        self._wake.set()

    async def _send_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._send_outbox()
            for run in list(self._following):
                await self._send_events(run)
            await self._send_frames()
            await asyncio.sleep(PACE_SECONDS)

    async def _send_outbox(self) -> None:
        waiting, self._outbox = self._outbox, []
        for text in waiting:
            await self._send_text(text)

    async def _send_events(self, run: str) -> None:
        """One batch, so that no long replay keeps the other runs and the pictures waiting."""
        following = self._following.get(run)
        if following is None:
            return
        entries = await following.cursor.next()
        if entries:
            events = b",".join(entry.json for entry in entries).decode()
            await self._send_text(f'{{"type":"events","run":"{run}","events":[{events}]}}')
            self._wake.set()
        elif following.cursor.topic.gone:
            self._leave(run)
            self._complain(NotFound("run", run), run)
        elif not following.live:
            following.live = True
            await self._send_text(Live(run=run).model_dump_json())

    async def _send_frames(self) -> None:
        ahead = FRAMES_AHEAD * max(1, sum(self._pictures.values()))
        while self._frames and self._sent - self._drawn < ahead:
            frame = self._frames.pop(next(iter(self._frames)))
            self._sent += 1
            async with patience():
                await self._websocket.send_bytes(frame)

    async def _send_text(self, text: str) -> None:
        async with patience():
            await self._websocket.send_text(text)

    async def _check_rights(self) -> None:
        """A token, a session or a link may be revoked while the socket is open."""
        while True:
            await asyncio.sleep(RIGHTS_SECONDS)
            credentials = {following.credential for following in self._following.values()}
            for credential in credentials | {self._credential}:
                await self._check_right(credential)

    async def _check_right(self, credential: Credential | None) -> None:
        if not await run_in_threadpool(self._server.visitors.lasts, credential):
            raise Closed(Code.UNAUTHORIZED, "the right has ended")


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """Wait for a page to take what is sent, and no longer than is fair."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            yield
    except TimeoutError:
        raise Closed(Code.SLOW, "the page reads too slowly") from None


def _invalid(error: ValidationError) -> Refused:
    fault = error.errors(include_input=False, include_url=False)[0]
    place = printable("/".join(str(key) for key in fault["loc"])) or "type"
    return Refused(422, "http.socket_message", {"field": place, "message": sentence(fault)})
