"""What travels over the socket `/api/v1/stream`, protocol `gradus.v1`.

Texts are JSON; frames are binary (`gradus_runs.frames`). Unknown fields of a message are
refused, unknown messages of the server are to be ignored: the protocol only grows.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gradus.events import Event
from gradus.probes import Probe

PROTOCOL: Literal["gradus.v1"] = "gradus.v1"
RunId = Annotated[str, Field(pattern=r"^run_[0-9a-f]{32}$", examples=["run_" + "0" * 32])]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Secret = Annotated[str, Field(min_length=1, max_length=200)]
MOST_PROBES = 64  # of one viewer for one run


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(Message):
    """Sign in by token; first of all, and only where there is no cookie."""

    type: Literal["auth"]
    token: Secret


class Subscribe(Message):
    """Send the events behind number `after`, then what comes; `share` is the secret of a link."""

    type: Literal["subscribe"]
    run: RunId
    after: Count = 0
    share: Secret | None = None


class Unsubscribe(Message):
    type: Literal["unsubscribe"]
    run: RunId


class Watch(Message):
    """What this viewer wants to see of a run, in place of what it wanted before."""

    type: Literal["watch"]
    run: RunId
    probes: Annotated[list[Probe], Field(max_length=MOST_PROBES)]


class Ack(Message):
    """How many frames were drawn since the socket was opened."""

    type: Literal["ack"]
    frames: Count


FromPage = Annotated[Auth | Subscribe | Unsubscribe | Watch | Ack, Field(discriminator="type")]
FROM_PAGE: TypeAdapter[FromPage] = TypeAdapter(FromPage)


class Ready(BaseModel):
    """The socket is open; who has no cookie signs in now."""

    type: Literal["ready"] = "ready"
    protocol: Literal["gradus.v1"] = PROTOCOL


class Events(BaseModel):
    """Consecutive events of one run; the first follows the last one sent."""

    type: Literal["events"] = "events"
    run: str
    events: list[Event]


class Live(BaseModel):
    """Everything that had happened has been sent; from here on events come as they happen."""

    type: Literal["live"] = "live"
    run: str


class SocketProblem(BaseModel):
    """What could not be done; the same object as in a problem answer over HTTP."""

    type: Literal["problem"] = "problem"
    problem: dict[str, Any]
    run: str | None = None


ToPage = Annotated[Ready | Events | Live | SocketProblem, Field(discriminator="type")]
TO_PAGE: TypeAdapter[ToPage] = TypeAdapter(ToPage)
