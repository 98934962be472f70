"""Every route has a rule and every rule a route; what has none is refused to everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update
from starlette.routing import BaseRoute, Mount, Route
from websockets.exceptions import ConnectionClosed, InvalidStatus

from gradus_runs.database import writing
from gradus_runs.tables import tokens
from gradus_server import places
from gradus_server import socket as sockets
from gradus_server.app import app
from gradus_server.messages import FROM_PAGE
from gradus_server.policy import ROLES, ROUTES, SOCKET, TOPICS, Rule, Scope, permits
from tests.gradus_server.service import Service, hear, running, say

ABSENT = "run_" + "0" * 32


def walk(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        path = prefix + str(getattr(route, "path", "?"))
        if isinstance(route, Mount):
            yield "MOUNT", path
            yield from walk(route.routes, path)
            continue
        methods = getattr(route, "methods", None)
        yield from ((method, path) for method in (methods or {SOCKET}) if method != "HEAD")


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    assert sorted(walk(app.routes)) == sorted(ROUTES)


def test_the_walk_sees_what_is_not_listed() -> None:
    extra = [Mount("/files", routes=[Route("/x", lambda request: None)])]
    found = set(walk([*app.routes, *extra]))
    assert found - set(ROUTES) == {("MOUNT", "/files"), ("GET", "/files/x")}


def test_a_route_without_a_rule_is_refused_to_everybody(service: Service) -> None:
    service.app.router.routes.insert(0, Route("/api/v1/forgotten", lambda request: None))
    service.app.router.routes.insert(0, Mount("/mounted", routes=[]))
    with service.http() as client:
        assert client.get("/forgotten").status_code == 403
        assert client.get(f"{service.url}/mounted/anything").status_code == 403


def test_only_these_are_public() -> None:
    public = {path for (_, path), rule in ROUTES.items() if rule.scope is None}
    assert public == {
        "/api/v1/health",
        "/api/v1/ready",
        "/api/v1/openapi.json",
        "/api/v1/launch",
        "/api/v1/layers",
        "/api/v1/datasets",
        "/api/v1/schema",
        "/api/v1/limits",
        "/api/v1/words",
        "/api/v1/presets",
        "/api/v1/zoo",
        "/api/v1/stream",
        "/{path:path}",
    }


def closed() -> list[tuple[str, str, Rule]]:
    return [(m, p, rule) for (m, p), rule in ROUTES.items() if rule.scope is not None]


def test_nobody_gets_401_everywhere_else(service: Service) -> None:
    with service.http() as client:
        for method, path, _ in closed():
            client.headers.pop("authorization", None)
            answer = client.request(method, service.url + path.format_map(Ids()))
            assert answer.status_code == 401, (method, path)


class Ids(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ABSENT


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_does_what_its_scope_says_and_no_more(
    tmp_path: Any, sqlite: str, valkey: str, scope: Scope
) -> None:
    with running(tmp_path, sqlite, valkey, [scope]) as service, service.http() as client:
        for method, path, rule in closed():
            answer = client.request(method, service.url + path.format_map(Ids()))
            assert (answer.status_code == 403) == (rule.scope != scope), (method, path)


@pytest.mark.parametrize("role", list(ROLES))
def test_a_right_is_scope_and_role_together(role: str) -> None:
    for scope in Scope:
        allowed = permits(Rule(scope), role, frozenset(Scope))
        assert allowed == (scope in ROLES[role])
        assert not permits(Rule(scope), role, frozenset())


def test_every_message_that_reads_a_run_has_a_rule() -> None:
    kinds = FROM_PAGE.json_schema()["discriminator"]["mapping"]
    assert set(kinds) - {"auth", "unsubscribe", "ack"} == set(TOPICS)


def test_a_socket_without_sign_in_is_closed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "AUTH_SECONDS", 0.3)
    run = service.make_run()
    with service.socket() as page:
        say(page, type="subscribe", run=run)
        assert hear(page, "problem")["problem"]["status"] == 401
        with pytest.raises(ConnectionClosed):
            hear(page, "events")
        assert page.close_code == 4401


@pytest.mark.parametrize("token", ["", "grd_x", "grd_" + "a" * 60, "é"])
def test_a_token_that_opens_nothing_closes_the_socket(service: Service, token: str) -> None:
    with service.socket() as page:
        say(page, type="auth", token=token or "none")
        with pytest.raises(ConnectionClosed):
            hear(page, "events")
        assert page.close_code == 4401


def test_a_run_that_is_not_there_is_not_followed(service: Service) -> None:
    with service.signed_in() as page:
        say(page, type="subscribe", run=ABSENT)
        assert hear(page, "problem")["problem"]["code"] == "not_found"
        say(page, type="watch", run=ABSENT, probes=[])
        assert hear(page, "problem")["problem"]["code"] == "not_found"


def test_a_revoked_token_ends_its_socket(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(sockets, "RIGHTS_SECONDS", 0.1)
    with service.signed_in() as page:
        say(page, type="subscribe", run=service.make_run())
        hear(page, "live")
        with writing(service.engine) as conn:
            conn.execute(update(tokens).values(revoked_at=1))
        with pytest.raises(ConnectionClosed):
            hear(page, "never")
        assert page.close_code == 4401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Cookie": "a=b"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Sec-WebSocket-Protocol": "gradus.v0"},
    ],
)
def test_a_socket_is_opened_for_our_own_page_alone(
    service: Service, headers: dict[str, str]
) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        service.socket(additional_headers=headers, subprotocols=None),
    ):
        pass
    assert refused.value.response.status_code in (400, 403)  # two hosts are no request at all


def test_our_own_page_may_open_a_socket(service: Service) -> None:
    with service.socket(origin=service.url) as page:
        assert hear(page, "ready")["protocol"] == "gradus.v1"


def test_more_sockets_than_one_may_have_are_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "SOCKETS_OF_ONE", 2)
    with service.socket() as first, service.socket() as second, service.socket() as third:
        hear(first, "ready")
        hear(second, "ready")
        with pytest.raises(ConnectionClosed):
            hear(third, "ready")
        assert third.close_code == 1013
