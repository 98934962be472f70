"""Plans of sound documents: shapes, counts, names, the resolved form and its hash."""

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings

from gradus.composites import COMPOSITES
from gradus.plan import plan, plan_json, plan_resolved
from gradus.problems import SpecError
from tests.gradus.patches import resolve
from tests.gradus.specs import sound_documents

DIGITS: dict[str, Any] = {
    "spec": "nn/1",
    "data": {"name": "digits"},
    "network": {
        "layers": [
            {"type": "conv2d", "filters": 16, "activation": "relu"},
            "max_pool2d",
            {"type": "conv2d", "filters": 32, "activation": "relu"},
            "max_pool2d",
            "flatten",
            "linear",
        ]
    },
    "train": {
        "epochs": 20,
        "batch_size": 64,
        "optimizer": {"type": "adam", "learning_rate": 0.003},
    },
}


def chain(layers: int) -> dict[str, Any]:
    body = [{"type": "linear", "units": 8, "activation": "relu"}] * (layers - 1)
    return {"spec": "nn/1", "data": "iris", "network": {"layers": [*body, "linear"]}}


def milliseconds(document: dict[str, Any], times: int) -> float:
    """The best of several, of this thread alone: other work on the machine does not count."""
    taken = []
    for _ in range(times):
        start = time.thread_time()
        plan(document)
        taken.append(time.thread_time() - start)
    return 1000 * min(taken)


def test_shapes_and_counts_of_the_digits_net_are_those_worked_out_by_hand() -> None:
    layers = plan(DIGITS).network.layers
    assert [layer.output for layer in layers] == [
        (16, 8, 8),
        (16, 4, 4),
        (32, 4, 4),
        (32, 2, 2),
        (128,),
        (10,),
    ]
    assert [layer.parameter_count for layer in layers] == [160, 0, 4640, 0, 0, 1290]
    assert [layer.multiply_adds for layer in layers] == [9216, 0, 73728, 0, 0, 1280]
    assert plan(DIGITS).totals.parameters == 6090


def test_receptive_fields_grow_as_the_windows_pile_up() -> None:
    fields = [layer.receptive_field for layer in plan(DIGITS).network.layers]
    assert [field and (field.size, field.stride) for field in fields] == [
        ((3, 3), (1, 1)),
        ((4, 4), (2, 2)),
        ((8, 8), (2, 2)),
        ((10, 10), (4, 4)),
        None,
        None,
    ]


def test_unnamed_layers_are_called_by_type_and_ordinal() -> None:
    names = [layer.name for layer in plan(DIGITS).network.layers]
    assert names == [
        "conv2d_1",
        "max_pool2d_1",
        "conv2d_2",
        "max_pool2d_2",
        "flatten_1",
        "linear_1",
    ]


@pytest.mark.parametrize(
    ("data", "loss", "units"),
    [
        ("spiral", "binary_cross_entropy", 1),
        ({"name": "spiral", "options": {"classes": 3}}, "cross_entropy", 3),
        ("iris", "cross_entropy", 3),
        ("plane", "mse", 1),
    ],
)
def test_the_data_decide_the_last_size_and_the_loss(data: Any, loss: str, units: int) -> None:
    planned = plan({"spec": "nn/1", "data": data, "network": {"layers": ["linear"]}})
    assert planned.network.layers[-1].output == (units,)
    assert [each.type for each in planned.train.losses] == [loss]


def test_a_named_loss_decides_the_last_size_of_two_classes() -> None:
    document = {
        "spec": "nn/1",
        "data": "circle",
        "network": {"layers": ["linear"]},
        "train": {"losses": ["cross_entropy"]},
    }
    assert plan(document).network.layers[-1].output == (2,)


def test_a_document_without_data_can_be_planned() -> None:
    network = {"input": [4], "layers": [{"type": "linear", "units": 2}]}
    planned = plan({"spec": "nn/1", "network": network})
    assert planned.dataset is None
    assert planned.train.losses == ()
    assert plan_resolved(planned.resolved).hash == planned.hash


def test_all_of_the_training_part_is_one_batch() -> None:
    planned = plan({**DIGITS, "train": {"batch_size": "all"}})
    assert planned.train.batch_size == 1258


def test_the_hash_is_that_of_the_meaning() -> None:
    spelt = copy.deepcopy(DIGITS)
    spelt["name"] = "another name"
    spelt["network"]["input"] = [1, 8, 8]
    spelt["network"]["layers"][1] = {"type": "max_pool2d", "size": [2, 2], "stride": 2}
    spelt["network"]["layers"][5] = {"type": "linear", "units": 10, "from": "flatten_1"}
    assert plan(spelt).hash == plan(DIGITS).hash


def test_the_hash_changes_with_the_seed() -> None:
    assert plan({**DIGITS, "train": {"seed": 1}}).hash != plan({**DIGITS, "train": {}}).hash


def test_training_memory_grows_with_the_batch_and_the_optimizer() -> None:
    def needed(**train: Any) -> int:
        return plan({**DIGITS, "train": train}).totals.training_bytes

    assert needed(batch_size=64) > needed(batch_size=1)
    assert needed(optimizer="adam") - needed(optimizer="sgd") == 2 * 4 * 6090


@given(sound_documents())
@settings(max_examples=150, deadline=None)
def test_planning_the_resolved_form_again_gives_the_same_plan(document: dict[str, Any]) -> None:
    planned = plan(document)
    again = plan_resolved(json.loads(json.dumps(planned.resolved)))
    assert again.hash == planned.hash
    assert again.totals == planned.totals
    assert again.train == planned.train
    assert again.dataset == planned.dataset
    assert [layer.output for layer in again.network.layers] == [
        layer.output for layer in planned.network.layers
    ]
    assert again.resolved == planned.resolved


@given(sound_documents())
@settings(max_examples=100, deadline=None)
def test_every_layer_points_at_where_it_was_written(document: dict[str, Any]) -> None:
    for layer in plan(document).network.layers:
        entry = resolve(document, layer.source)
        type = entry["type"] if isinstance(entry, dict) else entry
        # What a composite adds points at the composite.
        assert type == layer.type or type in COMPOSITES


@given(sound_documents())
@settings(max_examples=50, deadline=None)
def test_a_plan_travels_as_json_that_javascript_reads_exactly(document: dict[str, Any]) -> None:
    told = plan_json(plan(document))
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_damaged_resolved_form_is_refused_with_a_problem() -> None:
    resolved = dict(plan(DIGITS).resolved)
    del resolved["train"]
    with pytest.raises(SpecError) as refused:
        plan_resolved(resolved)
    assert [each.code for each in refused.value.problems] == ["resolved.damaged"]


def test_fifty_layers_are_planned_within_the_budget_of_a_keystroke() -> None:
    assert milliseconds(chain(50), 20) < 10


def test_a_chain_of_two_thousand_layers_is_planned_in_a_fifth_of_a_second() -> None:
    assert milliseconds(chain(2000), 5) < 200
