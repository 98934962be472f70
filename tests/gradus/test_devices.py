"""Several devices for one run: what can be shared out, and what cannot."""

import pytest

from gradus.plan import plan, plan_resolved
from gradus.problems import SpecError


def planned(**train):
    document = {"spec": "nn/1", "data": "iris", "network": {"layers": ["linear"]}, "train": train}
    return plan(document)


def test_devices_stand_in_the_resolved_form_only_where_there_are_several():
    assert "devices" not in planned().resolved["train"]
    several = planned(devices=2)
    assert several.resolved["train"]["devices"] == 2
    assert plan_resolved(several.resolved).train.devices == 2


@pytest.mark.parametrize(
    ("train", "code"),
    [
        ({"devices": 2, "optimizer": {"type": "kmeans"}}, "train.devices_alone"),
        ({"devices": 2, "ensemble": {"members": 3}}, "train.devices_alone"),
        ({"devices": 8, "batch_size": 4}, "train.devices_batch"),
        ({"devices": 0}, "field.range"),
        ({"devices": 65}, "field.range"),
    ],
)
def test_what_cannot_be_shared_out_is_said(train, code):
    with pytest.raises(SpecError) as refused:
        planned(**train)
    assert code in [problem.code for problem in refused.value.problems]
