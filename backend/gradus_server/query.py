"""The parameters behind the question mark: those that a route does not know are refused."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from gradus.faults import nearest
from gradus.problems import problem
from gradus_server.body import printable
from gradus_server.problems import WORD, Refused

SHARE = "share"  # the secret of a link, on the routes that a guest may use
TOLD = 20  # names that one refusal says back
MOST = 1000  # parameters of one request


def check_query(route: BaseRoute, query: str, *, shared: bool) -> None:
    """Raises Refused for names that `route` does not read; `shared` where a link opens it too.

    The page's own address is nobody's request: whatever stands behind it is for the browser.
    """
    if not query or not isinstance(route, APIRoute) or not route.include_in_schema:
        return
    known = set(_read(route.dependant)) | ({SHARE} if shared else set())
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST)
    except ValueError as many:
        raise Refused(400, "http.request") from many
    names = dict.fromkeys(name for name, _ in given if name not in known)
    if not names:
        return
    found = [
        problem(
            "http.query_unknown",
            expected=", ".join(sorted(known)) or None,
            got=printable(name, WORD),
            name=printable(name, WORD),
            nearest=nearest(name, known),
        )
        for name in list(names)[:TOLD]
    ]
    raise Refused(422, "http.fields", {"count": len(names)}, problems=found)


def _read(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _read(inner)
