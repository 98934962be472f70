"""Turns as pure arithmetic: simulated jobs on a simulated clock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest

from gradus_worker.turns import Standing, Turns, turn_length


def standing(job: str, watched: bool = False, team: str = "t", user: str = "u") -> Standing:
    return Standing(job, team, user, watched)


def simulate(
    standings: Sequence[Standing], seconds: float, step: Mapping[str, float] | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Time spent on each job in `seconds`, and each job's longest wait between two turns."""
    turns, now = Turns(), 0.0
    spent: dict[str, float] = defaultdict(float)
    served: dict[str, float] = defaultdict(float)
    longest: dict[str, float] = defaultdict(float)
    by_job = {s.job: s for s in standings}
    while now < seconds:
        turn = turns.next(standings)
        assert turn is not None
        cost = max(turn.seconds, (step or {}).get(turn.job, 0.0))
        longest[turn.job] = max(longest[turn.job], now - served[turn.job])
        now += cost
        served[turn.job] = now
        spent[turn.job] += cost
        turns.spent(by_job[turn.job], cost)
    return spent, longest


def test_nobody_waiting_gives_no_turn() -> None:
    assert Turns().next([]) is None


@pytest.mark.parametrize(
    ("watched", "jobs", "seconds"),
    [(True, 1, 0.1), (True, 7, 0.1), (True, 40, 0.0175), (False, 3, 0.025), (False, 0, 1.0)],
)
def test_a_turn_lasts_as_long_as_the_number_of_watched_jobs_allows(
    watched: bool, jobs: int, seconds: float
) -> None:
    assert turn_length(watched, jobs) == pytest.approx(seconds)


def test_watched_jobs_get_four_fifths_of_the_time() -> None:
    spent, _ = simulate([standing("w", watched=True), standing("a"), standing("b")], 60)
    assert spent["w"] / sum(spent.values()) == pytest.approx(0.8, abs=0.02)
    assert spent["a"] == pytest.approx(spent["b"], rel=0.05)


def test_the_share_is_of_time_and_not_of_turns() -> None:
    jobs = [standing("w", watched=True), standing("slow")]
    spent, _ = simulate(jobs, 600, step={"slow": 3.0})
    assert spent["slow"] / sum(spent.values()) == pytest.approx(0.2, abs=0.02)


def test_forty_watched_jobs_each_move_every_second_beside_unwatched_ones() -> None:
    crowd = [standing(f"w{i}", watched=True) for i in range(40)]
    _, longest = simulate([*crowd, standing("a"), standing("b")], 30)
    assert max(longest[job.job] for job in crowd) <= 1.0


def test_an_unwatched_job_never_starves_beside_a_crowd_of_watched_ones() -> None:
    crowd = [standing(f"w{i}", watched=True) for i in range(20)]
    _, longest = simulate([*crowd, standing("quiet")], 60)
    assert longest["quiet"] < 1.0


def test_teams_share_alike_whatever_the_number_of_their_jobs() -> None:
    many = [standing(f"m{i}", team="many") for i in range(9)]
    spent, _ = simulate([*many, standing("one", team="few")], 200)
    assert spent["one"] / sum(spent.values()) == pytest.approx(0.5, abs=0.03)


def test_users_of_a_team_share_alike() -> None:
    many = [standing(f"m{i}", user="busy") for i in range(5)]
    spent, _ = simulate([*many, standing("one", user="calm")], 200)
    assert spent["one"] / sum(spent.values()) == pytest.approx(0.5, abs=0.03)


def test_a_newcomer_is_served_within_one_turn_and_has_no_time_saved_up() -> None:
    turns, old, late = Turns(), standing("old"), standing("late")
    for _ in range(100):
        turn = turns.next([old])
        assert turn is not None
        turns.spent(old, turn.seconds)
    order = []
    for _ in range(20):
        turn = turns.next([old, late])
        assert turn is not None
        order.append(turn.job)
        turns.spent(late if turn.job == "late" else old, turn.seconds)
    assert "late" in order[:2]
    assert 8 <= order.count("late") <= 12


def test_leaving_for_a_moment_does_not_wipe_out_a_debt() -> None:
    turns, hog, other = Turns(), standing("hog"), standing("other")
    turns.next([hog, other])
    turns.spent(hog, 10.0)
    turns.next([other])
    turns.spent(other, 1.0)
    turn = turns.next([hog, other])
    assert turn is not None
    assert turn.job == "other"


def test_time_that_nobody_else_wanted_is_not_held_against_a_job() -> None:
    turns, first = Turns(), standing("first")
    turns.next([first])
    turns.spent(first, 10.0)
    crowd = [first, *(standing(f"late{place}") for place in range(5))]
    order = []
    for _ in crowd:
        turn = turns.next(crowd)
        assert turn is not None
        order.append(turn.job)
        turns.spent(next(one for one in crowd if one.job == turn.job), turn.seconds)
    assert sorted(order) == sorted(one.job for one in crowd)
