"""Data: options, the split and the exact sizes of its parts."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus import limits
from gradus.data import part_sizes
from gradus.datasets import FACTS, DatasetFacts, facts_json
from gradus.plan import plan
from gradus.planned import DatasetPlan
from gradus.problems import Problem, SpecError
from tests.gradus.patches import apply


def pinned(data: Any, datasets: dict[str, DatasetFacts] | None = None) -> DatasetPlan:
    document = {"spec": "nn/1", "data": data, "network": {"layers": ["flatten", "linear"]}}
    found = plan(document, datasets=datasets).dataset
    assert found is not None
    return found


def test_defaults_are_written_out() -> None:
    data = pinned("spiral")
    assert data.options == {"points": 500, "noise": 0.0, "classes": 2}
    assert data.split == {
        "train": 0.7,
        "validation": 0.15,
        "test": 0.15,
        "seed": 0,
        "stratify": True,
    }
    assert data.sizes == {"train": 350, "validation": 75, "test": 75}


def test_options_change_size_and_classes() -> None:
    data = pinned({"name": "gauss", "options": {"points": 90, "classes": 3}})
    assert data.classes == ("0", "1", "2")
    assert sum(data.sizes.values()) == 90


@pytest.mark.parametrize(
    ("split", "sizes"),
    [
        ({"train": 0.5, "validation": 0.25, "test": 0.25}, [250, 125, 125]),
        ({"train": 0.8}, [400, 50, 50]),
        ({"train": 1}, [500, 0, 0]),
        ({"validation": 0, "test": 0.3}, [350, 0, 150]),
    ],
)
def test_parts_that_are_left_out_share_the_rest(split: dict[str, float], sizes: list[int]) -> None:
    assert list(pinned({"name": "circle", "split": split}).sizes.values()) == sizes


def test_a_regression_has_no_classes_to_stratify() -> None:
    assert pinned("plane").split["stratify"] is False


@given(st.integers(1, 10**6), st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 1000))
def test_sizes_add_up_and_are_within_one_of_their_share(
    size: int, train: int, validation: int, test: int
) -> None:
    total = train + validation + test
    shares = {
        "train": Fraction(train, total),
        "validation": Fraction(validation, total),
        "test": Fraction(test, total),
    }
    sizes = part_sizes(shares, size)
    assert sum(sizes.values()) == size
    assert all(abs(sizes[part] - shares[part] * size) < 1 for part in shares)


def test_an_upload_is_planned_from_its_facts() -> None:
    facts = DatasetFacts("mine", "regression", (3,), (2,), (), 10, "sha256:ab")
    data = pinned("mine", {"mine": facts})
    assert (data.version, data.target) == ("sha256:ab", (2,))


def test_facts_travel_with_the_schema_of_their_options() -> None:
    told = facts_json(FACTS["spiral"])
    assert told["options"]["noise"]["maximum"] == 0.5
    assert told["options"]["classes"]["default"] == 2
    assert facts_json(FACTS["iris"])["options"] == {}


def drawn(points: Any, **options: Any) -> DatasetPlan:
    return pinned({"name": "drawn", "options": {"points": points, **options}})


def refused(points: Any, **options: Any) -> Problem:
    with pytest.raises(SpecError) as caught:
        drawn(points, **options)
    return caught.value.problems[0]


TWO = [[-1, 0, 0], [1, 0.5, 1]] * 4


def test_facts_of_drawn_points_follow_from_the_points() -> None:
    data = drawn([*TWO, [0, 1, 2]])
    assert (data.task, data.target, data.classes) == ("classification", (), ("0", "1", "2"))
    assert sum(data.sizes.values()) == 9
    values = drawn([[0, 0, -0.25]] * 8, task="regression")
    assert (values.task, values.target, values.classes) == ("regression", (1,), ())


def test_the_last_layer_fits_the_classes_that_were_drawn() -> None:
    document = {
        "spec": "nn/1",
        "data": {"name": "drawn", "options": {"points": [*TWO, [0, 1, 2]]}},
        "network": {"layers": ["linear"]},
    }
    assert plan(document).network.layers[-1].output == (3,)


@pytest.mark.parametrize(
    ("points", "code", "path"),
    [
        ([], "drawn.empty", ""),
        ([[0, 0, 0]] * 8, "drawn.one_class", ""),
        ([[0, 0, 0], [1, 1, 2]] * 4, "drawn.class_missing", ""),
        ([*TWO, [0, 0, 8]], "drawn.label", "/8/2"),
        ([*TWO, [0, 0, -1]], "drawn.label", "/8/2"),
        ([*TWO, [0, 0, 0.5]], "drawn.label", "/8/2"),
        ([*TWO, [0, 100.5, 0]], "field.range", "/8/1"),
        ([*TWO, ["0", 1, 0]], "field.not_number", "/8/0"),
        ([*TWO, [0, 1]], "field.too_few", "/8"),
        ([*TWO, [0, 1, 1, 1]], "field.too_many", "/8"),
    ],
)
def test_points_that_no_set_can_be_made_of_are_told_at_their_place(
    points: Any, code: str, path: str
) -> None:
    problem = refused(points)
    assert (problem.code, problem.path) == (code, f"/data/options/points{path}")
    assert problem.hint or problem.expected


def test_a_document_holds_as_many_points_as_the_limit_says_and_no_more() -> None:
    most = limits.DRAWN_POINTS
    assert sum(drawn(TWO * (most // 8)).sizes.values()) == most
    problem = refused([*(TWO * (most // 8)), [0, 0, 0]])
    assert (problem.code, problem.path) == ("field.too_many", "/data/options/points")
    edge = limits.DRAWN_EXTENT
    assert drawn([*TWO, [edge, -edge, 0]])


def test_classes_are_renumbered_by_the_fix() -> None:
    points = [[-1, 0, 1], [1, 0.5, 4]] * 4
    document = {
        "spec": "nn/1",
        "data": {"name": "drawn", "options": {"points": points}},
        "network": {"layers": ["linear"]},
    }
    fix = refused(points).fix
    assert fix is not None
    mended = plan(apply(document, fix)).dataset
    assert mended is not None
    assert mended.classes == ("0", "1")


def test_targets_are_numbers_of_any_value_within_the_extent() -> None:
    assert refused([[0, 0, 100.5]] * 8, task="regression").path == "/data/options/points/0/2"


def test_no_part_that_is_wanted_may_be_empty() -> None:
    with pytest.raises(SpecError) as caught:
        drawn(TWO[:2])
    assert [problem.code for problem in caught.value.problems] == ["split.empty_part"]
    with pytest.raises(SpecError) as caught:
        pinned({"name": "drawn", "options": {"points": TWO}, "split": {"test": 0.01}})
    assert [problem.path for problem in caught.value.problems] == ["/data/split/test"]
    assert pinned({"name": "drawn", "options": {"points": TWO[:2]}, "split": {"train": 1}})
