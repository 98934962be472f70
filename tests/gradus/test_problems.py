"""Problems: each has a code, a pointer into what was written, and a fix that mends it.

As long as the two tables of faults are: they are read and searched as one list.
"""

from typing import Any

import pytest
from hypothesis import given, settings

from gradus.plan import plan
from gradus.problems import Problem, SpecError
from tests.gradus.patches import apply, resolve
from tests.gradus.specs import broken_documents


def problems(document: Any) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as refused:
        plan(document)
    return refused.value.problems


def digits(*layers: Any, **parts: Any) -> dict[str, Any]:
    return {"spec": "nn/1", "data": "digits", "network": {"layers": list(layers)}, **parts}


def iris(*layers: Any, **parts: Any) -> dict[str, Any]:
    return digits(*layers, **parts) | {"data": "iris"}


# A document with one fault, the fault's code and the place that it is told at. All have a fix.
MENDABLE: dict[str, tuple[dict[str, Any], str, str]] = {
    "version": (iris("linear") | {"spec": "nn/2"}, "spec.version", "/spec"),
    "no version": (
        {"network": {"input": [4], "layers": ["relu"]}},
        "spec.missing",
        "",
    ),
    "part": (iris("linear", trian={"epochs": 3}), "field.unknown", "/trian"),
    "data": (iris("linear") | {"data": {"name": "irish"}}, "data.unknown", "/data/name"),
    "bare data": (iris("linear") | {"data": "irish"}, "data.unknown", "/data"),
    "option": (
        iris("linear") | {"data": {"name": "circle", "options": {"niose": 0.1}}},
        "field.unknown",
        "/data/options/niose",
    ),
    "option out of range": (
        iris("linear") | {"data": {"name": "circle", "options": {"noise": 2.0}}},
        "field.range",
        "/data/options/noise",
    ),
    "type": (iris("relo", "linear"), "layer.unknown", "/network/layers/0"),
    "type in an object": (
        iris({"type": "linaer", "units": 3}),
        "layer.unknown",
        "/network/layers/0/type",
    ),
    "field": (
        digits({"type": "conv2d", "fliters": 4}, "flatten", "linear"),
        "field.unknown",
        "/network/layers/0/fliters",
    ),
    "type as a key": (iris({"linear": {"units": 3}}), "layer.not_a_layer", "/network/layers/0"),
    "dilated window": (
        digits(
            {"type": "conv2d", "filters": 4, "dilation": 4, "padding": "valid"}, "flatten", "linear"
        ),
        "shape.window",
        "/network/layers/0/padding",
    ),
    "another library's type": (iris("Dense"), "layer.unknown", "/network/layers/0"),
    "capitals": (iris("Linear"), "layer.unknown", "/network/layers/0"),
    "another library's field": (
        digits({"type": "conv2d", "out_channels": 4}, "flatten", "linear"),
        "field.unknown",
        "/network/layers/0/out_channels",
    ),
    "field of a part": (iris("linear", epochs=3), "field.elsewhere", "/epochs"),
    "field of a part that is there": (
        iris("linear", epochs=3, train={"batch_size": 8}),
        "field.elsewhere",
        "/epochs",
    ),
    "layers outside the network": (
        {"spec": "nn/1", "data": "iris", "layers": ["linear"]},
        "field.elsewhere",
        "/layers",
    ),
    "learning rate": (
        iris("linear", train={"learning_rate": 0.1}),
        "field.elsewhere",
        "/train/learning_rate",
    ),
    "learning rate beside a bare optimizer": (
        iris("linear", train={"learning_rate": 0.1, "optimizer": "sgd"}),
        "field.elsewhere",
        "/train/learning_rate",
    ),
    "option of the data": (
        iris("linear") | {"data": {"name": "circle", "points": 100}},
        "field.elsewhere",
        "/data/points",
    ),
    "float for both sides": (
        digits({"type": "conv2d", "filters": 4, "kernel": 3.0}, "flatten", "linear"),
        "field.not_integer",
        "/network/layers/0/kernel",
    ),
    "text for a batch": (
        iris("linear", train={"batch_size": "64"}),
        "field.not_integer",
        "/train/batch_size",
    ),
    "choice": (
        iris({"type": "linear", "units": 3, "activation": "rleu"}, "linear"),
        "field.choice",
        "/network/layers/0/activation",
    ),
    "range": (
        iris({"type": "linear", "units": 0}, "linear"),
        "field.range",
        "/network/layers/0/units",
    ),
    "text for a number": (
        iris({"type": "linear", "units": "8"}, "linear"),
        "field.not_integer",
        "/network/layers/0/units",
    ),
    "float for a number": (
        iris({"type": "linear", "units": 8.0}, "linear"),
        "field.not_integer",
        "/network/layers/0/units",
    ),
    "reference": (
        iris({"type": "linear", "units": 3, "name": "first"}, {"type": "linear", "from": "frist"}),
        "reference.unknown",
        "/network/layers/1/from",
    ),
    "not flattened": (digits("linear"), "shape.rank", "/network/layers/0"),
    "window": (
        digits({"type": "max_pool2d", "size": 9}, "flatten", "linear"),
        "shape.window",
        "/network/layers/0",
    ),
    "window of a bare layer": (
        digits("max_pool2d", "max_pool2d", "max_pool2d", "max_pool2d", "flatten", "linear"),
        "shape.window",
        "/network/layers/3",
    ),
    "groups": (
        digits({"type": "conv2d", "filters": 4, "groups": 3}, "flatten", "linear"),
        "shape.groups",
        "/network/layers/0/groups",
    ),
    "classes": (iris({"type": "linear", "units": 7}), "loss.shape", "/network/layers/0"),
    "no last linear": (iris("relu"), "loss.unsized", "/network/layers/0"),
    "pictures at the end": (
        digits({"type": "conv2d", "filters": 10}),
        "loss.unsized",
        "/network/layers/0",
    ),
    "classes behind an activation": (
        iris({"type": "linear", "units": 7}, "relu"),
        "loss.shape",
        "/network/layers/0",
    ),
    "input": (
        digits("flatten", "linear") | {"network": {"input": [64], "layers": ["flatten", "linear"]}},
        "network.input_mismatch",
        "/network/input",
    ),
    "optimizer": (iris("linear", train={"optimizer": "adma"}), "field.choice", "/train/optimizer"),
    "optimizer's type": (
        iris("linear", train={"optimizer": {"type": "sgdd"}}),
        "field.choice",
        "/train/optimizer/type",
    ),
    "optimizer's field": (
        iris("linear", train={"optimizer": {"type": "sgd", "momentun": 0.9}}),
        "field.unknown",
        "/train/optimizer/momentun",
    ),
    "init": (
        iris({"type": "linear", "init": "xaver"}),
        "field.choice",
        "/network/layers/0/init",
    ),
    "loss of two classes": (
        iris("linear", train={"losses": ["binary_cross_entropy"]}),
        "loss.two_classes",
        "/train/losses/0",
    ),
    "loss of a regression": (
        iris("linear", train={"losses": ["cross_entropy"]}) | {"data": "plane"},
        "loss.regression",
        "/train/losses/0",
    ),
    "no last linear after branches": (
        iris({"type": "branches", "branches": [["relu"], ["tanh"]]}),
        "loss.unsized",
        "/network/layers/0",
    ),
    "no last linear before a named loss": (
        iris("relu", train={"losses": ["cross_entropy"]}),
        "loss.unsized",
        "/network/layers/0",
    ),
    "loss with a weight": (
        iris("linear", train={"losses": [{"type": "binary_cross_entropy", "weight": 0.5}]}),
        "loss.two_classes",
        "/train/losses/0",
    ),
    "no losses": (iris("linear", train={"losses": []}), "loss.none", "/train/losses"),
    "losses of clusters": (
        iris("linear", train={"optimizer": "kmeans", "losses": ["mse"]}),
        "train.rule_losses",
        "/train/losses",
    ),
    "accuracy of clusters": (
        iris("linear", train={"optimizer": "kmeans", "metrics": ["accuracy"]}),
        "train.metric_clusters",
        "/train/metrics/0",
    ),
    "a perceptron for numbers": (
        iris("linear", train={"optimizer": "perceptron"}) | {"data": "plane"},
        "train.rule_task",
        "/train/optimizer",
    ),
    "purity of answers": (
        iris("linear", train={"metrics": ["purity"]}),
        "train.metric_task",
        "/train/metrics/0",
    ),
    "members that stop early": (
        iris("linear", train={"ensemble": {}, "early_stopping": {}}),
        "train.ensemble_alone",
        "/train/ensemble",
    ),
    "members of two losses": (
        iris("linear", train={"ensemble": {}, "losses": ["hinge", "mse"]}),
        "train.ensemble_losses",
        "/train/ensemble",
    ),
    "snapshots with a schedule": (
        iris("linear", train={"ensemble": {"method": "snapshot"}, "schedule": "cosine"}),
        "train.ensemble_schedule",
        "/train/ensemble",
    ),
    "more snapshots than epochs": (
        iris("linear", train={"ensemble": {"method": "snapshot", "members": 20}}),
        "train.ensemble_cycles",
        "/train/ensemble",
    ),
    "two decays": (
        iris("linear", train={"weight_decay": 0.1, "optimizer": "adamw"}),
        "train.decay_twice",
        "/train/weight_decay",
    ),
    "growing weights": (
        iris({"type": "linear", "weight_decay": -0.1}),
        "field.range",
        "/network/layers/0/weight_decay",
    ),
    "uncounted measure": (
        iris("linear", train={"early_stopping": {"measure": "validation/error"}}),
        "train.measure_uncounted",
        "/train/early_stopping/measure",
    ),
    "measure of another task": (
        iris("linear", train={"early_stopping": {"measure": "validation/r2"}}),
        "train.measure_uncounted",
        "/train/early_stopping/measure",
    ),
    "measure of nothing": (
        iris("linear", train={"schedule": "plateau"})
        | {"data": {"name": "iris", "split": {"train": 1, "validation": 0, "test": 0}}},
        "train.measure_empty",
        "/train/schedule",
    ),
    "no patience": (
        iris("linear", train={"early_stopping": {"patience": 0}}),
        "field.range",
        "/train/early_stopping/patience",
    ),
    "top5 of three": (
        iris("linear", train={"metrics": ["top5"]}),
        "train.metric_classes",
        "/train/metrics/0",
    ),
    "perplexity of a hinge": (
        iris("linear", train={"metrics": ["error", "perplexity"], "losses": ["hinge"]}),
        "train.metric_loss",
        "/train/metrics/1",
    ),
    "metric": (iris("linear", train={"metrics": ["r2"]}), "train.metric_task", "/train/metrics/0"),
    "layer of a block that nothing uses": (
        iris("linear", blocks={"pair": {"layers": ["tanh", "relo"]}}),
        "layer.unknown",
        "/blocks/pair/layers/1",
    ),
    "tie of a parameter that there is not": (
        iris(
            {"type": "linear", "name": "a", "units": 4},
            {"type": "linear", "name": "b", "units": 4},
            "linear",
        )
        | {"tie": {"b.weigth": "a.weight"}},
        "tie.unknown",
        "/tie/b.weigth",
    ),
    "port of what reads by order": (
        iris({"type": "linear", "from": {"input": "input"}}),
        "port.none",
        "/network/layers/0/from/input",
    ),
    "param": (
        iris(
            {"type": "block", "use": "b", "with": {"width": 4}},
            "linear",
            blocks={
                "b": {"params": ["width"], "layers": [{"type": "linear", "units": "2 * $widht"}]}
            },
        ),
        "expression.unknown",
        "/blocks/b/layers/0/units",
    ),
    "crop of more than there is": (
        iris("flatten", "linear")
        | {"data": {"name": "digits", "transforms": [{"type": "center_crop", "size": 30}]}},
        "transform.size",
        "/data/transforms/0/size",
    ),
    "words as numbers": (
        {
            "spec": "nn/1",
            "network": {
                "input": {"shape": [7], "dtype": "int64"},
                "layers": [{"type": "linear", "units": 3}],
            },
        },
        "shape.floats",
        "/network/layers/0",
    ),
    "mask of no padding": (
        {
            "spec": "nn/1",
            "network": {
                "input": {"shape": [7], "dtype": "int64"},
                "layers": [
                    {"type": "embedding", "name": "e", "words": 9, "units": 3},
                    {"type": "gru", "units": 3, "from": {"input": "e", "mask": "e.mask"}},
                ],
            },
        },
        "reference.mask",
        "/network/layers/1/from/mask",
    ),
    "output that a layer does not give": (
        {
            "spec": "nn/1",
            "network": {
                "input": [7, 2],
                "layers": [
                    {"type": "gru", "name": "g", "units": 3},
                    {"type": "relu", "from": "g.stat"},
                ],
            },
        },
        "reference.output",
        "/network/layers/1/from",
    ),
    "block": (
        iris({"type": "block", "use": "pari"}, "linear", blocks={"pair": {"layers": ["relu"]}}),
        "block.unknown",
        "/network/layers/0/use",
    ),
}


@pytest.mark.parametrize("name", MENDABLE)
def test_one_fault_is_told_once_at_its_place_and_its_fix_makes_the_document_sound(
    name: str,
) -> None:
    document, code, path = MENDABLE[name]
    (found,) = problems(document)
    assert (found.code, found.path) == (code, path)
    assert found.fix is not None
    plan(apply(document, found.fix))


# Faults that only the author can mend.
OTHERS: dict[str, tuple[Any, str, str]] = {
    "no object": ([], "document.not_an_object", ""),
    "no network": ({"spec": "nn/1"}, "field.missing", ""),
    "empty": (iris(), "field.too_few", "/network/layers"),
    "no layer": (iris(5, "linear"), "layer.not_a_layer", "/network/layers/0"),
    "later part": (
        iris("linear") | {"data": {"name": "iris", "id": "x"}},
        "field.not_available",
        "/data/id",
    ),
    "one member": (
        iris("linear", train={"ensemble": {"members": 1}}),
        "field.range",
        "/train/ensemble/members",
    ),
    "clusters without a layer": (
        iris("relu", train={"optimizer": "kmeans"}),
        "train.rule_layer",
        "/train/optimizer",
    ),
    "more centres than samples": (
        iris({"type": "linear", "units": 1000}, train={"optimizer": "kmeans"}),
        "train.too_many_centres",
        "/train/optimizer",
    ),
    "a perceptron of too few units": (
        iris({"type": "linear", "units": 2}, train={"optimizer": "perceptron"}),
        "train.rule_shape",
        "/train/optimizer",
    ),
    "ports": (
        iris("relu", {"type": "linear", "from": {"query": "relu_1"}}),
        "port.none",
        "/network/layers/1/from/query",
    ),
    "missing field": (
        digits({"type": "conv2d"}, "flatten", "linear"),
        "field.missing",
        "/network/layers/0",
    ),
    "one side": (
        digits({"type": "conv2d", "filters": 4, "padding": [1]}, "flatten", "linear"),
        "field.too_few",
        "/network/layers/0/padding",
    ),
    "word for a side": (
        digits({"type": "conv2d", "filters": 4, "padding": ["same", 1]}, "flatten", "linear"),
        "field.not_integer",
        "/network/layers/0/padding/0",
    ),
    "size of the input": (
        {"spec": "nn/1", "network": {"input": 4, "layers": ["relu"]}},
        "field.not_list",
        "/network/input",
    ),
    "axis of the input": (
        {"spec": "nn/1", "network": {"input": [[4]], "layers": ["relu"]}},
        "field.not_integer",
        "/network/input/0",
    ),
    "empty name": (iris("linear", name=""), "field.form", "/name"),
    "param outside a block": (
        iris({"type": "linear", "units": "$n"}),
        "expression.unknown",
        "/network/layers/0/units",
    ),
    "faulty block": (
        iris({"type": "block", "use": "b"}, "linear", blocks={"b": ["relu"]}),
        "field.not_object",
        "/blocks/b",
    ),
    "missing size": (iris("linear", "linear"), "layer.size_missing", "/network/layers/0"),
    "reserved": (
        iris({"type": "linear", "name": "noise"}),
        "name.reserved",
        "/network/layers/0/name",
    ),
    "name": (iris({"type": "linear", "name": "My Layer"}), "name.form", "/network/layers/0/name"),
    "taken": (
        iris({"type": "relu", "name": "a"}, {"type": "relu", "name": "a"}, "linear"),
        "name.taken",
        "/network/layers/1/name",
    ),
    "taken at the end": (
        iris("linear", {"type": "relu", "name": "a"}, {"type": "relu", "name": "a"}),
        "name.taken",
        "/network/layers/2/name",
    ),
    "taken by an ordinal": (
        iris("linear", {"type": "relu", "name": "relu_2"}, "relu"),
        "name.taken",
        "/network/layers/2",
    ),
    "reserved at the end": (
        iris("linear", {"type": "relu", "name": "input"}),
        "name.reserved",
        "/network/layers/1/name",
    ),
    "no last linear after a repeat": (
        iris({"type": "repeat", "times": 2, "body": ["relu"]}),
        "loss.unsized",
        "/network/layers/0/body/0",
    ),
    "no reference": (
        iris({"type": "linear", "from": [None]}),
        "field.not_text",
        "/network/layers/0/from/0",
    ),
    "no references at the end": (
        iris({"type": "linear", "units": 3}, {"type": "relu", "from": []}),
        "reference.count",
        "/network/layers/1/from",
    ),
    "loss of the input": (
        iris("linear", train={"losses": [{"type": "mse", "input": "input"}]}),
        "loss.unsized",
        "/train/losses/0",
    ),
    "forward": (
        iris({"type": "relu", "from": "last"}, {"type": "linear", "name": "last"}),
        "reference.forward",
        "/network/layers/0/from",
    ),
    "itself": (
        iris({"type": "linear", "name": "me", "from": "me"}),
        "reference.forward",
        "/network/layers/0/from",
    ),
    "too many inputs": (
        iris("relu", {"type": "linear", "from": ["input", "relu_1"]}),
        "reference.count",
        "/network/layers/1/from",
    ),
    "too few inputs": (iris("add", "linear"), "reference.too_few", "/network/layers/0"),
    "shapes of a sum": (
        iris(
            {"type": "linear", "units": 3}, {"type": "add", "from": ["input", "linear_1"]}, "linear"
        ),
        "shape.merge",
        "/network/layers/1",
    ),
    "split": (
        iris("linear") | {"data": {"name": "iris", "split": {"train": 0.9, "test": 0.9}}},
        "split.sum",
        "/data/split",
    ),
    "no input": (
        {"spec": "nn/1", "network": {"layers": ["relu"]}},
        "network.input_missing",
        "/network",
    ),
    "two bounds on the gradients": (
        iris("linear", train={"clip": {"norm": 1, "value": 1}}),
        "train.clip",
        "/train/clip",
    ),
    "a bound on nothing": (iris("linear", train={"clip": {}}), "train.clip", "/train/clip"),
    "nesterov": (
        iris("linear", train={"optimizer": {"type": "sgd", "nesterov": True}}),
        "train.nesterov",
        "/train/optimizer",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_fault_is_told_once_at_its_place(name: str) -> None:
    document, code, path = OTHERS[name]
    (found,) = problems(document)
    assert (found.code, found.path) == (code, path)
    assert found.message


def test_every_fault_is_told_at_once() -> None:
    found = problems(
        {
            "spec": "nn/1",
            "data": {"name": "irish"},
            "network": {
                "layers": [
                    "relo",
                    {"type": "linear", "units": -1},
                    {"type": "linear", "from": "x_y"},
                ]
            },
            "train": {"epochs": 0, "optimizer": "adma", "ensemble": 1},
        }
    )
    assert {each.code for each in found} == {
        "data.unknown",
        "layer.unknown",
        "field.range",
        "reference.unknown",
        "field.choice",
        "field.not_object",
    }
    assert len(found) == 7


def test_a_faulty_setting_does_not_hide_what_is_wrong_beside_it() -> None:
    data = {"name": "digits", "noise": 3, "split": {"train": 0.9, "validation": 0.3}}
    transforms = [{"type": "center_crop", "size": 30}]
    train = {"epochs": 0, "losses": [{"type": "mse", "target": "bath"}]}
    told = problems(iris("flatten", "linear") | {"data": {**data, "transforms": transforms}})
    assert {each.path for each in told} == {
        "/data/noise", "/data/split", "/data/transforms/0/size"
    }  # fmt: skip
    told = problems(iris("linear") | {"data": {"name": "irsi", "split": data["split"]}})
    assert {each.path for each in told} == {"/data/name", "/data/split"}
    told = problems(iris("linear", train=train))
    assert {each.path for each in told} == {"/train/epochs", "/train/losses/0/target"}


def test_what_hangs_on_a_faulty_setting_is_not_told_of() -> None:
    told = problems(
        iris("linear", train={"lossses": ["mse"], "metrics": ["r2"]}) | {"data": "plane"}
    )
    assert {each.path for each in told} == {"/train/lossses"}


def test_the_sentence_names_the_fault_and_the_remedy() -> None:
    document = digits(
        {"type": "conv2d", "filters": 4, "kernel": 9, "padding": "valid"}, "flatten", "linear"
    )
    (found,) = problems(document)
    assert found.message == "conv2d does not fit: a window of 9×9 over an input of 8×8."
    assert found.hint == "Use padding: same, or a kernel of 8 or less."
    assert found.layer == "conv2d_1"


@pytest.mark.parametrize(
    ("fields", "largest"),
    [({"dilation": 4, "padding": "valid"}, 2), ({"kernel": 11, "padding": 1}, 10)],
)
def test_the_largest_window_that_is_named_fits(fields: dict[str, Any], largest: int) -> None:
    conv = {"type": "conv2d", "filters": 4, **fields}
    (found,) = problems(digits(conv, "flatten", "linear"))
    assert found.params["largest"] == largest
    plan(digits({**conv, "kernel": largest}, "flatten", "linear"))
    problems(digits({**conv, "kernel": largest + 1}, "flatten", "linear"))


def test_a_shape_of_the_wrong_rank_is_told_with_the_right_one() -> None:
    (found,) = problems(iris({"type": "conv2d", "filters": 4}, "flatten", "linear"))
    assert found.message == "conv2d reads the shape [C, H, W], but its input has the shape [4]."


def test_a_value_that_a_param_decides_is_not_mended_in_the_block() -> None:
    block = {"params": ["n"], "layers": [{"type": "linear", "units": "$n"}]}
    use = {"type": "block", "use": "b", "with": {"n": -3}}
    (found,) = problems(iris(use, "linear", blocks={"b": block}))
    assert found.path == "/blocks/b/layers/0/units"
    assert found.fix is None


def test_a_fault_in_a_list_is_called_by_its_place_in_it() -> None:
    (found,) = problems(iris("linear", train={"losses": ["msee"]}))
    assert found.message.startswith('losses[0] cannot be "msee"')


def test_an_unknown_field_is_told_with_the_known_ones() -> None:
    (found,) = problems(iris({"type": "linear", "filters": 3}))
    assert found.expected == "units, activation, bias, init, trainable, weight_decay"
    assert found.fix is None


def test_a_fault_in_a_repeated_body_is_told_once() -> None:
    body = [{"type": "linear", "units": 0}]
    (found,) = problems(iris({"type": "repeat", "times": 50, "body": body}, "linear"))
    assert found.path == "/network/layers/0/body/0/units"


@given(broken_documents())
@settings(max_examples=300, deadline=None)
def test_a_spoilt_document_is_refused_with_pointers_into_it(document: dict[str, Any]) -> None:
    for found in problems(document):
        resolve(document, found.path)  # raises where it points at nothing
        assert found.message
        assert found.to_json()["code"] == found.code


def test_a_layer_after_one_without_a_name_is_read_all_the_same() -> None:
    layers = [{"type": "reshape", "name": "", "shape": [2, 2]}, "positional_encoding"]
    found = problems(iris(*layers))
    assert ("name.form", "/network/layers/0/name") in [(each.code, each.path) for each in found]
