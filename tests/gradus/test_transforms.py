"""Transforms of data as they are planned: what they do to a sample's shape, and what does not fit."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import SpecError
from tests.gradus.patches import apply, resolve


def document(*transforms: Any, data: str = "digits") -> dict[str, Any]:
    written = {"name": data, "transforms": list(transforms)}
    return {"spec": "nn/1", "data": written, "network": {"layers": ["flatten", "linear"]}}


def planned(*transforms: Any, data: str = "digits") -> Plan:
    return plan(document(*transforms, data=data))


@pytest.mark.proves("E2.size")
@pytest.mark.parametrize(
    ("transforms", "shape"),
    [
        (["standardize", "mean_image", "flip", "scale", "color", "noise"], (1, 8, 8)),
        ([{"type": "resize", "size": 12}], (1, 12, 12)),
        ([{"type": "resize", "size": [4, 6], "mode": "nearest"}], (1, 4, 6)),
        ([{"type": "center_crop", "size": [6, 8]}], (1, 6, 8)),
        ([{"type": "random_crop", "size": 10, "padding": 1}], (1, 10, 10)),
        ([{"type": "resize", "size": 16}, {"type": "random_crop", "size": 14}], (1, 14, 14)),
    ],
)
def test_the_network_reads_what_the_transforms_make(transforms: Any, shape: Any) -> None:
    found = planned(*transforms)
    assert found.network.inputs == {"input": shape}
    assert found.totals.parameters == 10 * (shape[1] * shape[2] + 1)


def test_a_column_of_kinds_becomes_one_feature_a_kind() -> None:
    one_hot = {"type": "one_hot", "column": 2, "values": 5}
    assert planned(one_hot, data="iris").network.inputs == {"input": (8,)}


def test_the_resolved_form_holds_them_with_their_defaults_and_plans_to_the_same() -> None:
    found = planned("standardize", {"type": "random_crop", "size": 6}, "flip")
    assert found.resolved["data"]["transforms"] == [
        {"type": "standardize"},
        {"type": "random_crop", "size": [6, 6], "padding": [0, 0]},
        {"type": "flip", "horizontal": 0.5, "vertical": 0.0},
    ]
    assert plan_resolved(found.resolved).hash == found.hash


def test_data_without_them_are_stored_as_they_always_were() -> None:
    assert "transforms" not in planned().resolved["data"]


REFUSED = {
    "pad": ("field.missing", "/data/transforms/0"),
    "flop": ("field.choice", "/data/transforms/0"),
    "resize": ("field.missing", "/data/transforms/0"),
}
MISFITS: list[tuple[Any, str, str, str]] = [
    ({"type": "center_crop", "size": 9}, "digits", "transform.size", "/size"),
    ({"type": "random_crop", "size": [8, 11], "padding": 1}, "digits", "transform.size", "/size"),
    ({"type": "random_crop", "size": 8, "padding": [0, 9]}, "digits", "transform.size", "/padding"),
    ({"type": "one_hot", "column": 4, "values": 3}, "iris", "transform.size", "/column"),
    ({"type": "one_hot", "values": 3}, "digits", "transform.rank", ""),
    ("flip", "iris", "transform.rank", ""),
    ({"type": "scale", "low": 1.5}, "digits", "scale.bounds", ""),
    ({"type": "flip", "horizontal": 1.5}, "digits", "field.range", "/horizontal"),
    ({"type": "noise", "std": -1.0}, "digits", "field.range", "/std"),
]


@pytest.mark.parametrize(("transform", "data", "code", "place"), MISFITS)
def test_what_does_not_fit_is_told_at_its_place(
    transform: Any, data: str, code: str, place: str
) -> None:
    written = document("standardize", transform, data=data)
    with pytest.raises(SpecError) as refused:
        plan(written)
    (found,) = refused.value.problems
    assert (found.code, found.path) == (code, f"/data/transforms/1{place}")
    resolve(written, found.path)


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_that_is_none_of_them_is_told(word: str) -> None:
    with pytest.raises(SpecError) as refused:
        planned(word)
    (found,) = refused.value.problems
    assert (found.code, found.path) == REFUSED[word]


def test_a_slip_has_a_fix() -> None:
    written = document("flop")
    with pytest.raises(SpecError) as refused:
        plan(written)
    assert apply(written, refused.value.problems[0].fix)["data"]["transforms"] == ["flip"]


def test_pictures_that_no_worker_could_hold_are_refused_with_their_size() -> None:
    # 1,797 pictures of 4,000 by 4,000 float32, on their way to something small
    with pytest.raises(SpecError, match="115008000000 bytes"):
        planned({"type": "resize", "size": 4000}, {"type": "center_crop", "size": 8})


def test_there_are_at_most_16() -> None:
    assert planned(*["flip"] * 16).dataset
    with pytest.raises(SpecError, match="16"):
        planned(*["flip"] * 17)
