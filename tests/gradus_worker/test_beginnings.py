"""A run that starts from another's weights, on a real worker."""

from typing import Any

import pytest
from safetensors.torch import load

from gradus.plan import plan
from gradus.probes import WeightsProbe
from gradus_engine.opening import open_session
from gradus_runs import artifacts, beginnings, runs, weights
from gradus_runs.beginnings import Finder
from gradus_runs.database import reading, writing
from gradus_runs.store import Store
from gradus_worker.verification import verify
from tests.gradus_worker.documents import toy
from tests.gradus_worker.viewer import ask_inspector
from tests.gradus_worker.workshop import Workshop

pytestmark = pytest.mark.service


def begun(shop: Workshop, document: dict[str, Any], **options: Any) -> str:
    """Submit a run as the server does, with what it begins with."""
    store = Store(shop.folder / "artifacts")
    planned = plan(document, weights=Finder(shop.engine, store, shop.actor))
    with writing(shop.engine) as conn:
        run = runs.create(
            conn, shop.actor, planned, document, name="test", scratch=False, **options
        )
        beginnings.hold(conn, shop.actor, run.id, planned)
    shop.wake()
    return run.id


@pytest.mark.proves("E3.earlier")
def test_a_run_begins_with_the_weights_of_one_that_is_gone(shop: Workshop) -> None:
    source = shop.create(toy(epochs=20))
    shop.until_status(source, "finished")
    store = Store(shop.folder / "artifacts")
    with reading(shop.engine) as conn:
        run = runs.get(conn, shop.actor, source)
        ended = load(weights.read(conn, store, run, weights.kept(conn, run, None)))
    document = toy(epochs=10, rate=0.02, seed=9)
    document["network"]["init"] = {"from": {"run": source}}
    waiting = begun(shop, document, start="paused")
    picture = ask_inspector(shop, WeightsProbe(), run=waiting)
    drawn = ask_inspector(shop, WeightsProbe(), run=shop.create(toy(seed=9), start="paused"))
    assert shown(picture) != shown(drawn)
    with writing(shop.engine) as conn:
        runs.delete(conn, shop.actor, source)
    child = begun(shop, document)
    shop.until_status(child, "finished")
    found = verify(shop.engine, store, shop.run(child), device="cpu", threads=1)
    assert found.same
    with reading(shop.engine) as conn:
        held = [each for each in artifacts.of_run(conn, shop.actor, child) if each.kind == "init"]
        body = artifacts.get(conn, store, held[0].hash)
    session = open_session(
        plan(document, weights=Finder(shop.engine, store, shop.actor)),
        threads=1,
        weights={held[0].hash: load(body)},
    )
    own = session.network.layers.own_state()
    assert all(bool((own[name] == ended[name]).all()) for name in ended)


def shown(frame: bytes) -> bytes:
    return frame[4 + int.from_bytes(frame[:4], "little") :]
