"""A run that stops early says why, keeps its best weights, and is verified like any other."""

import pytest

from gradus_runs.store import Store
from gradus_worker.verification import verify
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Workshop

pytestmark = [pytest.mark.service, pytest.mark.proves("E1.stopping")]


def test_a_run_that_stops_early_says_why_and_is_verified(shop: Workshop) -> None:
    written = toy(rate=0.05)
    written["train"]["early_stopping"] = {"patience": 2, "measure": "validation/accuracy"}
    written["train"]["metrics"] = ["accuracy", "confusion"]
    run = shop.create(written)
    shop.until_status(run, "finished")
    end = shop.log(run, "status")[-1].body
    assert end["reason"] == shop.run(run).reason == "early_stopped"
    assert end["params"]["measure"] == "validation/accuracy"
    assert end["params"]["patience"] == 2
    assert shop.run(run).results == end["results"]
    assert sum(sum(row) for row in end["results"]["test/confusion"]) == 75
    # Its last checkpoint holds the best weights; training again has to take them, too.
    store = Store(shop.folder / "artifacts")
    assert verify(shop.engine, store, shop.run(run), device="cpu", threads=1).same
