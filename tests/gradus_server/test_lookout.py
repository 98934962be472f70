"""A run of the page rests while nobody looks at it; what anybody meant to keep trains on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from gradus.probes import FieldProbe
from gradus_runs import runs
from gradus_runs.database import reading
from gradus_runs.live import WATCHED
from gradus_server import lookout
from tests.gradus_server.service import SPIRAL, Service, running, say
from tests.gradus_server.test_stream import until

LOOK = [{"kind": "field"}]


@pytest.fixture
def hasty(
    tmp_path: Path, sqlite: str, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    monkeypatch.setattr(lookout, "ROUND_SECONDS", 0.05)
    with running(tmp_path, sqlite, valkey, unattended_seconds=0.2) as made:
        yield made


def status(service: Service, run: str) -> str:
    with reading(service.engine) as conn:
        return runs.get(conn, service.actor, run).status.value


def look_away(valkey: str) -> None:
    """What ten seconds without a page do."""
    with redis.Redis.from_url(valkey, protocol=3) as client:
        client.delete(WATCHED)


def test_a_run_that_nobody_looks_at_rests_until_it_is_opened_again(
    hasty: Service, valkey: str
) -> None:
    run = hasty.make_run(watch=LOOK)
    look_away(valkey)
    until(lambda: status(hasty, run) == "paused")
    with hasty.signed_in() as page:
        say(page, type="watch", run=run, probes=LOOK)
        until(lambda: status(hasty, run) == "queued")


def test_what_was_named_pinned_or_begun_without_pictures_trains_on(
    hasty: Service, valkey: str
) -> None:
    pinned, named = hasty.make_run(watch=LOOK), hasty.make_run(watch=LOOK, name="mine")
    with hasty.http() as client:
        client.patch(f"/runs/{pinned}", json={"pinned": True}).raise_for_status()
    kept, left = [pinned, named, hasty.make_run()], hasty.make_run(watch=LOOK)
    look_away(valkey)
    until(lambda: status(hasty, left) == "paused")
    assert [status(hasty, run) for run in kept] == ["queued"] * 3


def test_a_run_that_a_person_paused_stays_so_when_it_is_opened(hasty: Service, valkey: str) -> None:
    run, other = hasty.make_run(watch=LOOK, start="paused"), hasty.make_run(watch=LOOK)
    look_away(valkey)
    until(lambda: status(hasty, other) == "paused")
    with hasty.signed_in() as page:
        for each in (run, other):
            say(page, type="watch", run=each, probes=LOOK)
        until(lambda: status(hasty, other) == "queued")
    assert status(hasty, run) == "paused"


def test_who_looks_at_one_of_two_in_lockstep_looks_at_both(hasty: Service, valkey: str) -> None:
    with hasty.http() as client:
        made = client.post("/runs", json={"document": SPIRAL, "pair": SPIRAL, "watch": LOOK}).json()
    (beside,) = made["beside"]
    alone = hasty.make_run(watch=LOOK)
    look_away(valkey)
    hasty.live.watch(beside, FieldProbe())
    until(lambda: status(hasty, alone) == "paused")
    assert [status(hasty, run) for run in (made["id"], beside)] == ["queued"] * 2
