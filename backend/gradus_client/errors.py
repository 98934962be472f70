"""What can go wrong between the client and a server, in one tree."""

from typing import Any, Self

import httpx


class ClientError(Exception):
    """The root: everything that the client raises about a server."""


class Unreachable(ClientError):
    """No server answers at `url`."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"no server answers at {url}: {reason}")
        self.url = url
        self.reason = reason


class Refused(ClientError):
    """The server said no.

    Attributes:
        status: the HTTP status.
        detail: what is wrong, in a sentence.
        hint: what would help, where the server knows.
        problems: the faults of a spec, each with `code`, `path`, `message`, `hint`, …
    """

    def __init__(
        self, status: int, detail: str, problems: list[dict[str, Any]], hint: str = ""
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.problems = problems

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """Read from a problem+json answer, or from whatever stands between us and the server."""
        try:
            body = response.json()
        except ValueError:
            body = None
        body = body if isinstance(body, dict) else {}
        detail = body.get("detail") or body.get("title") or response.reason_phrase
        problems = list(body.get("problems") or [])
        return cls(response.status_code, str(detail), problems, str(body.get("hint") or ""))
