"""Requests by other names and from other sites: nothing of ours is read or changed by them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gradus_server.service import SPIRAL, Service, running

HOSTS = ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "", "[::1]"]
OURS = ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"]


@pytest.mark.parametrize("host", HOSTS)
def test_under_another_name_nothing_is_answered(service: Service, host: str) -> None:
    named = {"Host": host.format(port=service.port)}
    with service.http() as client:
        for path in ("/health", "/runs", f"{service.url}/"):
            assert client.get(path, headers=named).status_code == 400


@pytest.mark.parametrize("host", OURS)
def test_under_our_own_names_it_is(service: Service, host: str) -> None:
    with service.http() as client:
        named = {"Host": host.format(port=service.port)}
        assert client.get("/health", headers=named).status_code == 200


def test_a_team_is_answered_under_its_name_and_a_health_check_from_inside(
    tmp_path: Path, sqlite: str, valkey: str
) -> None:
    team = {"mode": "team", "public_url": "https://gradus.example"}
    with running(tmp_path, sqlite, valkey, **team) as service, service.http() as client:
        public = {"Host": "gradus.example"}
        for path in ("/health", "/ready", "/runs", f"{service.url}/"):
            assert client.get(path, headers=public).status_code in (200, 503)
        assert client.get("/health").json()["status"] == "ok"
        assert client.get("/ready").json()["status"] == "waiting"
        for path in ("/runs", "/limits", f"{service.url}/", f"{service.url}/health"):
            refused = client.get(path)
            assert (refused.status_code, refused.json()["code"]) == (400, "http.host")
            assert "GRADUS_PUBLIC_URL" in refused.json()["hint"]
        assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


def test_two_hosts_are_none(service: Service) -> None:
    ours = f"Host: 127.0.0.1:{service.port}\r\n"
    asked = f"GET /api/v1/health HTTP/1.1\r\n{ours}Host: evil.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port)) as raw:
        raw.sendall(asked.encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


@pytest.fixture
def visitor(service: Service) -> Iterator[httpx.Client]:
    """A browser that is signed in by its cookie."""
    with httpx.Client(base_url=f"{service.url}/api/v1", timeout=20) as client:
        answer = client.post("/launch", json={"code": service.launch_code()})
        assert answer.status_code == 204
        yield client


OWN = "http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": OWN}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": OWN}, 201),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": OWN}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:{port}"}, 403),
    ],
)
def test_a_cookie_changes_things_from_our_own_page_alone(
    service: Service, visitor: httpx.Client, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.format(port=service.port) for name, value in headers.items()}
    assert visitor.post("/runs", json={"document": SPIRAL}, headers=sent).status_code == status
    assert len(visitor.get("/runs").json()["runs"]) == (status == 201)


def test_a_token_needs_no_origin_and_no_other_site_can_send_one(service: Service) -> None:
    with service.http() as client:
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"}
        body = {"document": SPIRAL}
        assert client.post("/runs", json=body, headers=foreign).status_code == 201
        asked = client.options("/runs", headers=foreign | {"Access-Control-Request-Method": "POST"})
        assert "access-control-allow-origin" not in asked.headers


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json",
     "application/json; charset=utf-16"],
)  # fmt: skip
def test_only_json_is_taken(service: Service, kind: str) -> None:
    with service.http() as client:
        answer = client.post("/plan", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415


def test_a_launch_code_is_good_once_and_its_cookie_is_out_of_reach(service: Service) -> None:
    code = service.launch_code()
    with httpx.Client(base_url=f"{service.url}/api/v1") as browser:
        cookie = browser.post("/launch", json={"code": code}).headers["set-cookie"]
        assert cookie.startswith(f"{service.cookie}=")
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert browser.get("/runs").status_code == 200
    with httpx.Client(base_url=f"{service.url}/api/v1") as another:
        assert another.post("/launch", json={"code": code}).status_code == 401
        assert another.get("/runs").status_code == 401


def test_a_token_in_an_address_opens_nothing(service: Service) -> None:
    with httpx.Client(base_url=f"{service.url}/api/v1") as anybody:
        assert anybody.get("/runs", params={"token": service.token}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/runs/x", "/nothing.js", "/api/v1/health", "/api/v1/runs", "/api/nothing"]
)
def test_every_answer_is_sealed(service: Service, path: str) -> None:
    for headers in ({}, {"Host": "evil.example"}):
        sealed = httpx.get(service.url + path, headers=headers).headers
        assert sealed["x-content-type-options"] == "nosniff"
        assert sealed["x-frame-options"] == "DENY"
        assert sealed["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in sealed["content-security-policy"]
        assert "unsafe-inline" not in sealed["content-security-policy"].split("style-src")[0]
        assert "cache-control" in sealed
        assert len(sealed["x-request-id"]) == 16
