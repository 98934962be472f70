"""What the holder of a link may do: read the one run, ask for its pictures, and nothing else."""

from collections.abc import Iterator

import httpx
import pytest

from gradus_server.guests import QUESTIONS_A_SECOND, QUESTIONS_AT_ONCE, Guests
from gradus_server.policy import ROUTES, SOCKET
from gradus_server.problems import Refused
from tests.gradus_server.service import Service
from tests.gradus_server.test_inspect import inspector, picture
from tests.gradus_server.test_policy import ABSENT

OPEN_TO_GUESTS = {
    ("GET", ""),
    ("GET", "/metrics"),
    ("GET", "/events"),
    ("GET", "/checkpoints"),
    ("POST", "/inspect"),
}
RUN = "/api/v1/runs/{run_id}"


@pytest.fixture
def guest(service: Service, client: httpx.Client) -> Iterator[tuple[str, httpx.Client]]:
    """A shared run, and somebody who has its link and nothing else."""
    run = service.make_run()
    link = {"share": client.post(f"/runs/{run}/shares", json={}).json()["secret"]}
    with httpx.Client(base_url=service.url, params=link) as outside:
        yield run, outside


def test_a_link_opens_these_routes_of_its_run_and_no_other(
    service: Service, guest: tuple[str, httpx.Client]
) -> None:
    run, outside = guest
    found = set()
    for (method, path), rule in ROUTES.items():
        if method == SOCKET or rule.scope is None:
            continue
        ids = {"run_id": run, "share_id": "share_x", "artifact_id": "ref_x", "sweep_id": "sweep_x"}
        body = None if method == "GET" else {}
        answer = outside.request(method, path.format_map(ids), json=body)
        if answer.status_code != 401:
            assert answer.status_code in (200, 422), (method, path)
            found.add((method, path.removeprefix(RUN)))
    assert found == OPEN_TO_GUESTS


def test_a_link_opens_nothing_of_another_run(
    service: Service, guest: tuple[str, httpx.Client]
) -> None:
    _, outside = guest
    for other in (service.make_run(), ABSENT):
        for method, path in OPEN_TO_GUESTS:
            path = f"{RUN}{path}".format(run_id=other)
            assert outside.request(method, path).status_code == 404, (method, path)


def test_a_guest_sees_the_pictures_of_a_run_at_rest(
    service: Service, guest: tuple[str, httpx.Client], valkey: str
) -> None:
    run, outside = guest
    with inspector(service, valkey, picture) as asked:
        answer = outside.post(f"/api/v1/runs/{run}/inspect", json={"probe": {"kind": "field"}})
    assert answer.status_code == 200
    assert asked[0]["run"] == run


def test_guests_ask_at_a_pace(service: Service, guest: tuple[str, httpx.Client]) -> None:
    run, outside = guest
    for _ in range(QUESTIONS_AT_ONCE):
        service.app.state.server.guests.ask(run)
    answer = outside.post(f"/api/v1/runs/{run}/inspect", json={"probe": {"kind": "field"}})
    assert (answer.status_code, answer.json()["code"]) == (429, "http.guest_questions")
    assert "retry-after" in answer.headers


def test_the_pace_is_of_each_run_and_comes_back() -> None:
    now = 0.0
    guests = Guests(lambda: now)
    for _ in range(QUESTIONS_AT_ONCE):
        guests.ask("a")
    with pytest.raises(Refused):
        guests.ask("a")
    guests.ask("b")
    now = 1.0
    for _ in range(QUESTIONS_A_SECOND):
        guests.ask("a")
    with pytest.raises(Refused):
        guests.ask("a")
