"""Parameters of a request's address: one that a route does not read is refused with its name."""

import httpx
import pytest

from tests.gradus_server.service import Standing


@pytest.mark.parametrize(
    ("path", "name", "nearest"),
    [
        ("/runs?limt=5", "limt", "limit"),
        ("/runs?limit=5&Status=running", "Status", "status"),
        ("/layers?langage=zh", "langage", "language"),
        ("/runs/{run}/metrics?point=3", "point", "points"),
        ("/health?x=1", "x", None),
        ("/runs/{run}/checkpoints?x", "x", None),
        ("/datasets?%00%E2%80%AE=1", None, None),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_nearest(
    standing: Standing, path: str, name: str | None, nearest: str | None
) -> None:
    answer = standing.client.get(path.replace("{run}", standing.run))
    assert answer.status_code == 422
    (found,) = answer.json()["problems"]
    assert found["code"] == "http.query_unknown"
    assert name is None or (found["got"] == name and name in found["message"])
    assert found["params"].get("nearest") == nearest
    assert nearest is None or nearest in found["hint"]


def test_what_a_route_reads_is_answered(client: httpx.Client) -> None:
    assert client.get("/runs?limit=5&status=running&status=paused&tag=").status_code == 200
    assert client.get("/runs?limit=&limt=&" + "a=1&" * 5000).status_code in (400, 422)


def test_a_share_is_read_where_a_guest_may_ask_alone(standing: Standing) -> None:
    assert standing.client.get("/runs?share=x").status_code == 422
    assert standing.client.get(f"/runs/{standing.run}/metrics?share=x").status_code != 422
