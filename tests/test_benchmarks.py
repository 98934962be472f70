"""The table of `make bench`: its parts, and what becomes of one that fails."""

from importlib import import_module

from benchmarks.families import planned, samples
from benchmarks.family_nets import NETS
from benchmarks.parts import PARTS, Part, measured
from benchmarks.table import Row, Table, markdown
from gradus_engine.session import Session


def test_all_parts_together_take_less_than_a_quarter_of_an_hour():
    assert sum(part.seconds for part in PARTS) < 15 * 60


def test_every_part_has_measures():
    for part in PARTS:
        assert import_module(f"benchmarks.{part.module}").MEASURES


def test_families_train_on_samples_of_their_own():
    net = next(net for net in NETS if net.family == "embedding bag")
    session = Session(planned(net), dataset=samples(net))
    session.advance()
    assert session.step == 1


def test_a_part_that_fails_costs_its_own_rows_alone():
    (row,) = measured(Part("nothing_like_it", "Nothing like it", 30))
    assert row.measured == "not measured"
    assert row.met is None
    assert "ended with 1" in row.method


def test_a_part_that_hangs_is_given_up():
    (row,) = measured(Part("plans", "Plans", 0))
    assert "ended with -9" in row.method


def test_a_missed_budget_is_told_with_its_cause_and_a_met_one_without():
    missed = Row("start", "< 8 s", "9 s", False, "from its first process", "torch is imported")
    met = Row("plan", "< 10 ms", "2 ms", True, "in process", "never told")
    page = markdown([Table("The service", [missed, met], 3.0)], "a day: a machine")
    assert "Budgets: 1 met, 1 missed." in page
    assert (
        "| start | < 8 s | 9 s | missed | from its first process. Missed: torch is imported |"
        in page
    )
    assert "| plan | < 10 ms | 2 ms | met | in process |" in page
