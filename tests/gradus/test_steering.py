"""What steers a training is judged by measures of one network."""

import pytest

from gradus.plan import SpecError, plan
from tests.gradus.alternations import gan
from tests.gradus.patches import apply


@pytest.mark.proves("E1.stopping")
@pytest.mark.parametrize(
    ("field", "value"), [("early_stopping", {"patience": 3}), ("schedule", "plateau")]
)
def test_several_networks_are_not_steered_by_measures(field, value) -> None:
    document = gan()
    document["train"] |= {field: value}
    with pytest.raises(SpecError) as refused:
        plan(document)
    (found,) = refused.value.problems
    assert (found.code, found.path) == ("train.steering_networks", f"/train/{field}")
    plan(apply(document, found.fix))


@pytest.mark.parametrize("rule", ["perceptron", "kmeans"])
def test_several_networks_follow_losses_only(rule) -> None:
    document = gan()
    document["train"]["optimizer"] = rule
    with pytest.raises(SpecError) as refused:
        plan(document)
    assert "train.rule_networks" in {each.code for each in refused.value.problems}


def test_several_networks_have_no_members() -> None:
    document = gan()
    document["train"]["ensemble"] = {"members": 3}
    with pytest.raises(SpecError) as refused:
        plan(document)
    (found,) = refused.value.problems
    assert found.code == "train.ensemble_networks"
    plan(apply(document, found.fix))
