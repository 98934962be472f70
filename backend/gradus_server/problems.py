"""From an error to an answer: `application/problem+json` (RFC 9457), from one table.

`detail` is English, `text` the same in the reader's language. What a client sent is said
back at most in part: see `ECHO`.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from gradus import words
from gradus.pointer import real_keys
from gradus.problems import Problem, SpecError, problem
from gradus_runs.errors import (
    Conflict,
    Damaged,
    Invalid,
    KeyReused,
    LiveUnavailable,
    NotFound,
    QuotaExceeded,
    RunsError,
    Unauthorized,
)
from gradus_runs.nonfinite import spell
from gradus_server.body import BodyRefused, pointer, printable

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
ECHO = 8 * 1024  # bytes of a client's own words in one answer
WORD = 200  # characters of one of them
RETRY_SECONDS = 2
PLAIN = frozenset({"query", "header", "path", "cookie"})


class Refused(Exception):
    """An answer that is not what was asked for; `code` and `params` are for the words."""

    def __init__(
        self,
        status: int,
        code: str,
        params: Mapping[str, Any] | None = None,
        *,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
        message: str = "",
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = dict(params or {})
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        self.message = message


# The nearest class in an error's ancestry counts.
STATUS: Mapping[type[Exception], int] = {
    Invalid: 422,
    NotFound: 404,
    Conflict: 409,
    KeyReused: 422,
    QuotaExceeded: 429,
    Unauthorized: 401,
    LiveUnavailable: 503,
    Damaged: 500,
}
HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"www-authenticate": "Bearer"},
    429: {"retry-after": str(RETRY_SECONDS)},
    503: {"retry-after": str(RETRY_SECONDS)},
}


def refusal(error: Exception) -> Refused:
    """What an error means to whoever asked; an unknown one is ours (500) and is logged."""
    match error:
        case Refused():
            return error
        case BodyRefused():
            place = problem(error.code, error.path, **error.params)
            return Refused(error.status, error.code, error.params, problems=[place])
        case SpecError():
            return Refused(
                422, "http.spec", {"count": len(error.problems)}, problems=error.problems
            )
        case RequestValidationError():
            found = _fields(error)
            return Refused(422, "http.fields", {"count": len(found)}, problems=found)
        case HTTPException():
            return Refused(error.status_code, _http_code(error.status_code), headers=error.headers)
        case RunsError():
            return _of_runs(error)
        case SQLAlchemyError():
            return _of_database(error)
        case RedisError():
            return Refused(503, "http.live_unavailable")
        case ClientDisconnect():
            return Refused(400, "http.request")  # a tab that was closed; nobody reads this
    log.error("request failed", exc_info=error)
    return Refused(500, "http.internal")


def _http_code(status: int) -> str:
    known = {400: "http.request", 404: "http.not_found", 405: "http.method"}
    return known.get(status, "http.request")


def _of_runs(error: RunsError) -> Refused:
    for kind in type(error).__mro__:
        if status := STATUS.get(kind):
            if status == 500:
                log.error("stored bytes are damaged", exc_info=error)
            return Refused(status, error.code, error.params, message=str(error))
    log.error("request failed", exc_info=error)
    return Refused(500, "http.internal")


def _of_database(error: SQLAlchemyError) -> Refused:
    if isinstance(error, DataError):  # a value that passed every check and fits no column
        return Refused(400, "http.value")
    if isinstance(error, IntegrityError):
        return Refused(409, "http.changed")
    reason = str(error.orig) if isinstance(error, DBAPIError) else ""
    if "disk is full" in reason or "No space left" in reason:
        return Refused(507, "http.disk_full")
    log.warning("database unavailable: %s", reason or type(error).__name__)
    return Refused(503, "http.database_unavailable")


def _fields(error: RequestValidationError) -> list[Problem]:
    return [_field(each, error.body) for each in list(error.errors())[:100]]


def _field(error: Mapping[str, Any], body: Any) -> Problem:
    """One fault that pydantic found, with its own sentence: it names bounds, never the input."""
    place, *keys = error["loc"]
    kind = str(error["type"])
    named = keys[:1] if place in PLAIN else keys[-1:]  # one of several values has an index
    name = printable(str(named[0])) if named else str(place)
    if place != "body":
        return problem("http.parameter", name=name, place=place, message=sentence(error))
    path = pointer(tuple(real_keys(body, keys)))
    if kind == "missing":
        return problem("http.field_missing", path, field=name)
    if kind == "extra_forbidden":
        return problem("http.field_unknown", path, field=name)
    return problem("http.field", path, field=name, message=sentence(error))


def sentence(error: Mapping[str, Any]) -> str:
    """Pydantic's sentence; those that repeat the input are cut to the kind of fault."""
    if error["type"] in {"union_tag_invalid", "value_error", "assertion_error"}:
        expected = (error.get("ctx") or {}).get("expected_tags")
        return f"one of {expected} was expected" if expected else str(error["type"])
    if error["type"] == "union_tag_not_found":
        return f"{error['ctx']['discriminator']} is required"
    return printable(str(error["msg"]), WORD)


def language(accept: str | None) -> str:
    """The catalogue that an Accept-Language header (RFC 9110, 12.5.4) likes best.

    >>> language("fr;q=0.9, zh-CN;q=0.8, en;q=0.5")
    'zh'
    """
    ranked = []
    for part in (accept or "")[:200].split(","):
        tag, _, weight = part.strip().partition(";")
        ranked.append((_weight(weight), tag.strip().lower().split("-")[0]))
    ranked.sort(key=lambda pair: -pair[0])
    return next((tag for q, tag in ranked if q > 0 and tag in words.LANGUAGES), "en")


def _weight(text: str) -> float:
    _, _, digits = text.strip().partition("q=")
    try:
        return float(digits) if text.strip() else 1.0
    except ValueError:
        return 0.0


def to_json(refused: Refused, request_id: str, tongue: str = "en") -> dict[str, Any]:
    """The problem as it travels; `left_out` counts those that the limit of echo cost."""
    shown = list(_bounded(refused.problems, tongue))
    said = {name: _clip(value) for name, value in refused.params.items()}
    answer = {
        "type": f"urn:gradus:problem:{refused.code}",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": say(refused.code, said, "en", refused.message),
        "text": say(refused.code, said, tongue, refused.message),
        "code": refused.code,
        "params": said,
        "hint": words.hint(refused.code, said, tongue),
        "request": request_id,
        "problems": shown,
    }
    left_out = len(refused.problems) - len(shown)
    return answer | ({"left_out": left_out} if left_out else {})


def say(code: str, params: Mapping[str, Any], tongue: str = "en", otherwise: str = "") -> str:
    """The words for a code; `otherwise` where the catalogue does not fit, since nobody is left
    to tell of a second error."""
    try:
        return words.say(code, params, tongue)
    except KeyError:
        log.error("no words for %s with %s in %s", code, sorted(params), tongue)
        return printable(otherwise or code, 3 * WORD)


def _bounded(problems: Iterable[Problem], tongue: str) -> Iterable[dict[str, Any]]:
    spent = 0
    for each in problems:
        said = {name: _clip(value) for name, value in each.params.items()}
        row = each.to_json() | {"params": said, "path": each.path[: WORD * 4]}
        row["message"] = _clip(each.message, WORD * 3)
        row["text"] = say(each.code, said, tongue)
        row["hint"] = words.hint(each.code, said, tongue) or each.hint
        spent += len(json.dumps([row["params"], row["path"], row["got"], row["fix"]]))
        if spent > ECHO:
            return
        yield row


def _clip(value: Any, limit: int = WORD) -> Any:
    if isinstance(value, str):
        return printable(value, limit)
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple) and len(value) <= 50:
        return [_clip(each) for each in value]
    return printable(str(value), limit)


def response(refused: Refused, request_id: str, tongue: str = "en") -> Response:
    """The answer to send."""
    headers = dict(HEADERS.get(refused.status, {})) | refused.headers
    # Plain ASCII by the standard encoder: no number and no character of a client stops it.
    body = json.dumps(spell(to_json(refused, request_id, tongue)))
    return Response(body, refused.status, headers, media_type=MEDIA_TYPE)
