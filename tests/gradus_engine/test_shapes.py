"""The plan's arithmetic against torch: shapes on the meta device, counts by numel and the flop counter (E5)."""

from typing import Any

import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from gradus.plan import plan
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
plain = st.sampled_from(["batch_norm", "dropout", "relu", "softmax"]).map(
    lambda name: {"type": name}
)
pictures = st.lists(st.one_of(conv, pool, plain), max_size=4)
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


@settings(max_examples=60, deadline=None)
@given(chains())
def test_e5_shapes_parameters_and_multiply_adds_are_those_of_torch(document):
    try:
        planned = plan(document)
    except SpecError:
        assume(False)
    network = build(planned, device="meta").eval()
    x = torch.empty(2, *planned.network.inputs["input"], device="meta")
    with FlopCounterMode(display=False) as flops, torch.no_grad():
        outputs = network.outputs(x)
    for layer in planned.network.layers:
        assert tuple(outputs[layer.name].shape) == (2, *layer.output), layer
        module = network.layers[layer.name]
        assert sum(p.numel() for p in module.parameters()) == layer.parameter_count
    assert flops.get_total_flops() == 2 * 2 * planned.totals.multiply_adds
    assert sum(p.numel() for p in network.parameters()) == planned.totals.parameters
