"""The plan's arithmetic against torch: shapes on the meta device, counts by numel and the flop counter."""

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from gradus.plan import plan
from gradus.planned import LayerPlan, Shape
from gradus.problems import SpecError
from gradus_engine.build import build

small = st.integers(1, 3)
padding = st.sampled_from(["same", "valid", "symmetric", 1, [0, 2]])
pair = st.one_of(small, st.tuples(small, small).map(list))
activation = st.sampled_from(["identity", "relu", "tanh", "softmax"])

conv = st.fixed_dictionaries(
    {"type": st.just("conv2d"), "filters": st.sampled_from([1, 2, 4, 6])},
    optional={
        "kernel": pair,
        "stride": pair,
        "padding": padding,
        "dilation": pair,
        "groups": st.sampled_from([1, 2]),
        "bias": st.booleans(),
        "activation": activation,
    },
)
pool = st.fixed_dictionaries(
    {"type": st.sampled_from(["max_pool2d", "avg_pool2d"])},
    optional={"size": pair, "stride": pair, "padding": st.sampled_from(["valid", "same"])},
)
transposed = st.fixed_dictionaries(
    {"type": st.just("conv_transpose2d"), "filters": st.sampled_from([2, 4])},
    optional={
        "kernel": pair,
        "stride": pair,
        "padding": padding,
        "output_padding": st.sampled_from([0, 1, [0, 2]]),
        "dilation": pair,
        "groups": st.sampled_from([1, 2]),
        "bias": st.booleans(),
    },
)
plain = st.sampled_from(
    [
        {"type": "batch_norm"},
        {"type": "layer_norm"},
        {"type": "group_norm", "groups": 2},
        {"type": "local_response_norm", "across": "within", "size": 3},
        {"type": "dropout"},
        {"type": "dropout2d"},
        {"type": "gaussian_noise"},
        {"type": "relu"},
        {"type": "prelu", "slopes": "channel"},
        {"type": "rrelu"},
        {"type": "maxout"},
        {"type": "softmax"},
        {"type": "upsample", "factor": [1, 2], "mode": "bilinear"},
        {"type": "pad", "sides": [[0, 1], [2, 0]], "channels": [1, 1]},
        {"type": "permute", "axes": [0, 2, 1]},
        {"type": "adaptive_max_pool2d", "size": [4, 3]},
        {"type": "adaptive_avg_pool2d", "size": 5},
    ]
)
pictures = st.lists(st.one_of(conv, transposed, pool, plain), max_size=4)
ends = st.sampled_from([[], ["flatten"], ["global_avg_pool"], ["global_max_pool"]])
head = st.fixed_dictionaries(
    {"type": st.just("linear"), "units": st.integers(1, 9)},
    optional={"bias": st.booleans(), "activation": activation},
)
shape = st.tuples(st.sampled_from([2, 4]), st.integers(5, 14), st.integers(5, 14))


@st.composite
def chains(draw: st.DrawFn) -> dict[str, Any]:
    """A network over pictures that ends in maps, a row or a linear layer; it need not fit."""
    end = draw(ends)
    layers = [*draw(pictures), *end, *([draw(head)] if end else [])]
    assume(layers)
    return {"spec": "nn/1", "network": {"input": list(draw(shape)), "layers": layers}}


def assert_planned_as_torch_computes(document: dict[str, Any]) -> None:
    try:
        planned = plan(document)
    except SpecError:
        assume(False)
    network = build(planned, device="meta").eval()
    kind = torch.int64 if planned.network.dtypes else torch.float32
    x = torch.empty(2, *planned.network.inputs["input"], device="meta", dtype=kind)
    with FlopCounterMode(display=False) as flops, torch.no_grad():
        outputs = network.outputs(x)
    for layer in planned.network.layers:
        # Within an `each` every slice of a sample stands in the batch.
        assert tuple(outputs[layer.name].shape[1:]) == layer.output, layer
        module = network.layers[layer.name]
        assert sum(p.numel() for p in module.parameters()) == layer.parameter_count
    last = planned.network.layers[-1]
    assert tuple(outputs[last.name].shape) == (2, *last.output)
    assert flops.get_total_flops() == 2 * 2 * planned.totals.multiply_adds
    assert sum(p.numel() for p in network.parameters()) == planned.totals.parameters


@pytest.mark.proves("E5.counter")
@settings(max_examples=60, deadline=None)
@given(chains())
def test_shapes_parameters_and_multiply_adds_are_those_of_torch(document):
    assert_planned_as_torch_computes(document)


line = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("conv1d"), "filters": st.sampled_from([2, 4])},
        optional={
            "kernel": small,
            "stride": small,
            "padding": st.sampled_from(["same", "valid", "symmetric", 1]),
            "dilation": small,
            "groups": st.sampled_from([1, 2]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("conv_transpose1d"), "filters": st.sampled_from([2, 4])},
        optional={"kernel": small, "stride": small, "padding": st.sampled_from(["same", "valid"])},
    ),
    st.sampled_from(
        [
            {"type": "max_pool1d"},
            {"type": "avg_pool1d", "padding": "same"},
            {"type": "batch_norm"},
            {"type": "layer_norm", "axes": 2},
            {"type": "pad", "sides": [[1, 1]]},
            {"type": "linear", "units": 6},
            {"type": "permute", "axes": [1, 0]},
            {"type": "reshape", "shape": [2, -1]},
        ]
    ),
)


@pytest.mark.proves("E5.counter")
@settings(max_examples=40, deadline=None)
@given(st.lists(line, min_size=1, max_size=4), st.integers(5, 12))
def test_lines_are_planned_as_torch_computes_them(layers, length):
    document = {"spec": "nn/1", "network": {"input": [2, length], "layers": [*layers, "relu"]}}
    assert_planned_as_torch_computes(document)


steps = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("attention")},
        optional={
            "heads": st.sampled_from([1, 2]),
            "units": st.sampled_from([4, 8]),
            "score": st.sampled_from(["scaled_dot", "dot", "additive", "bilinear"]),
            "causal": st.booleans(),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["rnn", "lstm", "gru"]), "units": st.sampled_from([4, 6])},
        optional={"layers": st.sampled_from([1, 2]), "bidirectional": st.booleans()},
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("decoder_rnn"),
            "units": st.just(4),
            "cell": st.sampled_from(["gru", "lstm"]),
            "attention": st.sampled_from(["additive", "dot"]),
            "teacher_forcing": st.sampled_from([1.0, 0.5, 0.0]),
            "from": st.just({"input": "input", "memory": "input"}),
        },
    ),
    st.sampled_from(
        [
            {"type": "layer_norm"},
            {"type": "positional_encoding"},
            {"type": "linear", "units": 4},
            {"type": "dropout"},
        ]
    ),
    st.fixed_dictionaries(
        {"type": st.just("feed_forward"), "hidden": st.integers(1, 6)},
        optional={"bias": st.booleans(), "activation": activation},
    ),
)


@pytest.mark.proves("E5.counter")
@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=3), st.integers(2, 6))
def test_sequences_are_planned_as_torch_computes_them(layers, length):
    document = {"spec": "nn/1", "network": {"input": [length, 4], "layers": [*layers, "relu"]}}
    assert_planned_as_torch_computes(document)


words = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("embedding"), "words": st.integers(1, 9), "units": st.integers(1, 5)},
        optional={"padding": st.just(0), "trainable": st.booleans()},
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("embedding_bag"),
            "words": st.integers(1, 9),
            "units": st.integers(1, 5),
            "buckets": st.integers(1, 4),
        },
        optional={"ngrams": st.integers(1, 4), "mode": st.sampled_from(["mean", "sum"])},
    ),
)


@pytest.mark.proves("E5.counter")
@settings(max_examples=25, deadline=None)
@given(words, st.integers(1, 6))
def test_tables_of_vectors_are_planned_as_torch_computes_them(layer, length):
    network = {"input": {"shape": [length], "dtype": "int64"}, "layers": [layer]}
    assert_planned_as_torch_computes({"spec": "nn/1", "network": network})


joint = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("concat"),
            "from": st.lists(st.sampled_from(["input", "a", "b"]), min_size=2),
        },
        optional={"axis": st.integers(0, 2)},
    ),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["add", "multiply", "mean"]),
            "from": st.lists(st.sampled_from(["input", "a", "b"]), min_size=2, max_size=4),
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("select"), "axis": st.integers(0, 2), "index": st.sampled_from([0, 1, -1])}
    ),
)


@pytest.mark.proves("E5.counter")
@settings(max_examples=40, deadline=None)
@given(
    joint, conv, st.sampled_from(["relu", "sigmoid", "elu", "gelu", "silu", "leaky_relu", "step"])
)
def test_joints_and_slices_are_planned_as_torch_computes_them(layer, first, between):
    layers = [{**first, "name": "a"}, {"type": between, "name": "b"}, layer, "log_softmax"]
    assert_planned_as_torch_computes(
        {"spec": "nn/1", "network": {"input": [4, 6, 7], "layers": layers}}
    )


TERMS = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(TERMS), min_size=1, unique=True), st.integers(0, 8), st.integers(0, 10)
)
def test_features_are_planned_as_torch_computes_them(terms, degree, radial):
    first = {"type": "features", "terms": terms, "degree": degree, "radial": radial}
    layers = [first, {"type": "linear", "units": 3}]
    assert_planned_as_torch_computes({"spec": "nn/1", "network": {"input": [2], "layers": layers}})


composite = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("residual"),
            "shortcut": st.sampled_from(["auto", "pad", "project"]),
            "body": st.lists(conv, min_size=1, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("branches"),
            "merge": st.sampled_from(["concat", "add", "multiply", "mean"]),
            "branches": st.lists(st.lists(conv, max_size=2), min_size=2, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("repeat"),
            "times": st.integers(1, 3),
            "body": st.lists(st.one_of(conv, plain), min_size=1, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("each"), "body": st.just([{"type": "linear", "units": 3}, "relu"])}
    ),
)


@pytest.mark.proves("E5.counter")
@settings(max_examples=40, deadline=None)
@given(st.lists(composite, min_size=1, max_size=2), shape)
def test_composites_are_planned_as_torch_computes_them(layers, size):
    document = {"spec": "nn/1", "network": {"input": list(size), "layers": layers}}
    assert_planned_as_torch_computes(document)


@pytest.mark.proves("E5.counter")
@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([1, 2]),
    st.sampled_from([1, 2, 4]),
    st.integers(1, 9),
    st.booleans(),
    st.integers(2, 5),
)
def test_transformers_are_planned_as_torch_computes_them(layers, heads, hidden, first, length):
    encoder = {
        "type": "transformer_encoder", "layers": layers, "heads": heads, "hidden": hidden,
        "norm": "before" if first else "after",
    }  # fmt: skip
    assert_planned_as_torch_computes(
        {"spec": "nn/1", "network": {"input": [length, 4], "layers": [encoder]}}
    )


SEVERAL = {
    "nodes": [5, 4],
    "parents": {"shape": [5], "dtype": "int64"},
    "edges": [5, 5],
    "question": [4],
    "film": [3, 2, 6, 5],
    "still": [3, 6, 5],
}


@pytest.mark.proves("E5.counter")
@pytest.mark.parametrize(
    "layer",
    [
        {"type": "tree_lstm", "units": 3, "from": {"input": "nodes", "parents": "parents"}},
        {"type": "graph_conv", "units": 3, "from": ["nodes", "edges"]},
        {"type": "episodic_memory", "passes": 2, "hidden": 3, "from": ["nodes", "question"]},
        {"type": "entity_memory", "slots": 3, "from": ["nodes", "question"]},
        {"type": "conv_rnn", "filters": 3, "cell": "gru", "from": ["film", "still"]},
        {"type": "conv_rnn", "filters": 3, "returns": "last", "from": ["film", "still"]},
        {"type": "sample_normal", "from": {"mean": "nodes", "log_variance": "nodes"}},
    ],
)
def test_layers_of_several_inputs_are_planned_as_torch_computes_them(layer):
    planned = plan({"spec": "nn/1", "network": {"inputs": SEVERAL, "layers": [layer]}})
    network = build(planned, device="meta").eval()
    kinds = {"parents": torch.int64}
    given = {
        name: torch.zeros(1, *shape, device="meta", dtype=kinds.get(name))
        for name, shape in planned.network.inputs.items()
    }
    with FlopCounterMode(display=False) as flops, torch.no_grad():
        outputs = network.outputs(given)
    (row,) = planned.network.layers
    for name, shape in ((row.name, row.output), *_extras(row)):
        assert tuple(outputs[name].shape) == (1, *shape), name
    assert flops.get_total_flops() == 2 * row.multiply_adds
    assert sum(p.numel() for p in network.parameters()) == row.parameter_count


def _extras(row: LayerPlan) -> list[tuple[str, Shape]]:
    return [(f"{row.name}.{extra}", shape) for extra, shape in row.extras.items()]
