"""Data: options, the split and the exact sizes of its parts."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.data import part_sizes
from gradus.datasets import FACTS, DatasetFacts, facts_json
from gradus.plan import plan
from gradus.planned import DatasetPlan


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
