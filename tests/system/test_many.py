"""Two servers and two workers on one database; many viewers; many runs on one worker."""

import statistics
import threading
from typing import Any

import pytest

from tests.system.documents import toy
from tests.system.processes import Site, wait_for
from tests.system.viewer import Viewer, numbers, reconnecting, viewer

pytestmark = pytest.mark.service


def create(site: Site, address: str, document: dict[str, Any], **options: Any) -> str:
    with site.client(address) as client:
        answer = client.post("/runs", json={"document": document, **options})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def log_of(site: Site, address: str, run: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    with site.client(address) as client:
        while page := client.get(
            f"/runs/{run}/events", params={"after": events[-1]["number"] if events else 0}
        ).json()["events"]:
            events += page
    return events


def token_of(site: Site) -> str:
    return (site.folder / "token").read_text().strip()


def test_viewers_on_either_server_see_the_same_log(shared_site: Site) -> None:
    one, two = shared_site.serve(), shared_site.serve()
    shared_site.work(GRADUS_CHILDREN="1")
    shared_site.work(GRADUS_CHILDREN="1")
    shared_site.await_worker(one)
    run, other = (create(shared_site, one, toy(seed=seed)) for seed in (1, 2))
    token = token_of(shared_site)
    results: list[list[dict[str, Any]]] = [[], []]
    walkers = [
        threading.Thread(
            target=lambda place=place, address=address: results[place].extend(
                reconnecting(address, token, run, 6, seed=place)
            )
        )
        for place, address in enumerate((one, two))
    ]
    for walker in walkers:
        walker.start()
    with viewer(one, token) as left, viewer(two, token) as right:
        for seen in (left, right):
            seen.follow(run)
            seen.follow(other)
        left.until(60, lambda: left.step(run) > 200 and left.step(other) > 200, "both runs to move")
        # each server hands its control to a run whose worker it knows nothing of
        for address, target, rate in ((one, other, 0.02), (two, run, 0.03)):
            with shared_site.client(address) as client:
                body = {"action": "set", "changes": {"learning_rate": rate}}
                assert client.post(f"/runs/{target}/control", json=body).status_code == 202
        for address, target in ((two, other), (one, run)):
            with shared_site.client(address) as client:
                client.post(f"/runs/{target}/control", json={"action": "stop"})
        for seen in (left, right):
            seen.until(
                60,
                lambda seen=seen: {seen.status(run), seen.status(other)} == {"stopped"},
                "the stop",
            )
        for walker in walkers:
            walker.join()
        for target, rate in ((run, 0.03), (other, 0.02)):
            log = log_of(shared_site, one, target)
            assert log == log_of(shared_site, two, target)
            assert numbers(log) == list(range(1, len(log) + 1))
            assert left.events[target] == right.events[target] == log
            applied = [e["body"]["body"] for e in log if e["type"] == "control"]
            assert {"action": "set", "changes": {"learning_rate": rate}} in map(trimmed, applied)
        log = log_of(shared_site, one, run)
        for seen_events in results:
            assert len(seen_events) >= 3
            assert seen_events == log[: len(seen_events)]


def trimmed(control: dict[str, Any]) -> dict[str, Any]:
    """A control without the numbers that it leaves alone."""
    changes = {k: v for k, v in control.get("changes", {}).items() if v is not None}
    return {"action": control["action"], **({"changes": changes} if changes else {})}


def test_two_jobs_on_one_child_advance_together(local_site: Site) -> None:
    address = local_site.serve()
    local_site.work(GRADUS_CHILDREN="1")
    local_site.await_worker(address)
    runs = [create(local_site, address, toy(seed=seed)) for seed in (1, 2)]
    with viewer(address, token_of(local_site)) as seen:
        for run in runs:
            seen.follow(run)
        seen.until(60, lambda: all(seen.step(run) > 0 for run in runs), "both to start")
        before = [seen.step(run) for run in runs]
        seen.until(
            60,
            lambda: all(seen.step(r) > b + 100 for r, b in zip(runs, before, strict=False)),
            "both to go on",
        )


def test_forty_watched_runs_on_one_worker_all_move(local_site: Site) -> None:
    for short in ("LEASE", "RENEW", "CHECKPOINT"):  # as in life: this is about speed
        del local_site.environment[f"GRADUS_{short}_SECONDS"]
    address = local_site.serve()
    local_site.work()
    local_site.await_worker(address)
    runs = [create(local_site, address, toy(seed=seed)) for seed in range(40)]
    field = {"kind": "field", "resolution": 32}
    with viewer(address, token_of(local_site)) as seen:
        for run in runs:
            seen.follow(run)
            seen.watch(run, field)
        seen.until(
            120, lambda: len({head["run"] for _, head in seen.frames}) == 40, "forty pictures"
        )
        served = new_pictures(seen, runs, of_each=5, within=120)
    # That each moves every second is measured by the bench; here, that none waits for the others.
    assert statistics.median(served.values()) <= 20, served


def new_pictures(seen: Viewer, runs: list[str], of_each: int, within: float) -> dict[str, int]:
    """Listen until every run has shown so many steps that it had not shown before; how many each.

    Counted in pictures and not in seconds: a busy machine shows fewer, and no less fairly.
    """
    read = len(seen.frames)
    shown = {head["run"]: head["step"] for _, head in seen.frames}
    count = dict.fromkeys(runs, 0)

    def enough() -> bool:
        nonlocal read
        for _, head in seen.frames[read:]:
            if head["step"] > shown[head["run"]]:
                shown[head["run"]] = head["step"]
                count[head["run"]] += 1
        read = len(seen.frames)
        return min(count.values()) >= of_each

    seen.until(within, enough, f"{of_each} new pictures of each run")
    return count


def test_a_watched_run_ends_like_an_unwatched_one(local_site: Site) -> None:
    address = local_site.serve()
    local_site.work()
    local_site.await_worker(address)
    alone = create(local_site, address, toy(epochs=400))
    assert ended(local_site, address, alone)["status"] == "finished"
    watched = create(local_site, address, toy(epochs=400))
    with viewer(address, token_of(local_site)) as seen:
        seen.follow(watched)
        seen.watch(watched, {"kind": "field"}, {"kind": "unit_fields"}, {"kind": "norms"})
        seen.until(180, lambda: seen.status(watched) == "finished", "its end")
        assert len(seen.frames) > 3
    assert weights_of(local_site, address, watched) == weights_of(local_site, address, alone)


def ended(site: Site, address: str, run: str, seconds: float = 180) -> dict[str, Any]:
    with site.client(address) as client:

        def final() -> dict[str, Any] | None:
            found: dict[str, Any] = client.get(f"/runs/{run}").json()
            return found if found["status"] in ("finished", "failed", "stopped") else None

        return wait_for(final, seconds, "the run's end")  # type: ignore[no-any-return]


def weights_of(site: Site, address: str, run: str) -> str:
    """SHA-256 of the final weights."""
    with site.client(address) as client:
        kept = client.get(f"/runs/{run}/artifacts").json()["artifacts"]
    return next(str(a["hash"]) for a in kept if a["kind"] == "weights")
