"""What a network costs and sees, by the sums of textbooks, and by what its units really read."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.plan import plan
from gradus_engine.build import build


def planned(layers, shape):
    return plan({"spec": "nn/1", "network": {"input": list(shape), "layers": layers}})


@pytest.mark.proves("E5.conv")
def test_time_and_space_of_convolutions_are_the_sums_over_their_layers():
    sides, kernels, channels = (16, 16, 8), (5, 3, 3), (3, 8, 16, 32)
    layers = [
        {"type": "conv2d", "filters": 8, "kernel": 5, "bias": False},
        {"type": "conv2d", "filters": 16, "bias": False},
        {"type": "conv2d", "filters": 32, "stride": 2, "bias": False},
    ]
    found = planned(layers, (3, 16, 16))
    both = pairwise(channels)
    # Time Σ M² K² C_in C_out; space Σ K² C_in C_out + Σ M² C_out, the numbers held.
    terms = [(m * m, k * k * c * d, d) for m, k, (c, d) in zip(sides, kernels, both, strict=True)]
    assert found.totals.multiply_adds == sum(places * kernel for places, kernel, _ in terms)
    assert found.totals.parameters == sum(kernel for _, kernel, _ in terms)
    held = sum(layer.activation_bytes for layer in found.network.layers) // 4
    assert held == sum(places * out for places, _, out in terms)


D, K = 8, 3


def products(layer, length):
    return planned(
        [layer], (length, D) if layer["type"] != "conv1d" else (D, length)
    ).totals.multiply_adds


@pytest.mark.proves("E5.paths")
@pytest.mark.parametrize("length", [16, 64])
def test_the_products_of_a_layer_are_those_of_the_table(length):
    conv = {"type": "conv1d", "filters": D, "kernel": K}
    assert products(conv, length) == K * length * D**2
    recurrent = {"type": "rnn", "units": D}
    assert products(recurrent, length) == 2 * length * D**2
    attention = {"type": "attention", "units": D}
    # Scores and sums are L² D each, on top of the four matrices of D².
    assert products(attention, length) == 2 * length**2 * D + 4 * length * D**2


def reaches(layers, shape, last, first):
    """Whether the first step of a sequence changes the last one."""
    network = build(planned(layers, shape), seed=0).double()
    x = torch.randn(1, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x.requires_grad_()
    network(x)[last].sum().backward()
    return bool(x.grad[first].abs().max() > 0)


@pytest.mark.proves("E5.paths")
@pytest.mark.parametrize(("length", "layers"), [(9, 2), (10, 3), (27, 3), (28, 4)])
def test_convolutions_need_log_layers_to_join_the_ends(length, layers):
    def stack(count):
        # Each looks K times as far as the one before; what it reads ends with its own step.
        return [
            layer
            for depth in range(count)
            for layer in (
                {"type": "pad", "sides": [[(K - 1) * K**depth, 0]]},
                {
                    "type": "conv1d",
                    "filters": 2,
                    "kernel": K,
                    "dilation": K**depth,
                    "padding": "valid",
                },
            )
        ]

    ends = {"shape": (2, length), "last": (0, slice(None), -1), "first": (0, slice(None), 0)}
    assert reaches(stack(layers), **ends)
    assert not reaches(stack(layers - 1), **ends)


@pytest.mark.proves("E5.paths")
def test_attention_joins_the_ends_in_one_layer_and_recurrence_step_by_step():
    ends = {"shape": (12, D), "last": (0, -1), "first": (0, 0)}
    assert reaches([{"type": "attention", "units": D}], **ends)
    assert reaches([{"type": "rnn", "units": D}], **ends)
    network = build(planned([{"type": "rnn", "units": D}], (12, D)), seed=0).double()
    for name, parameter in network.named_parameters():
        if "hh" in name:
            torch.nn.init.zeros_(parameter)
    x = torch.ones(1, 12, D, dtype=torch.float64, requires_grad=True)
    network(x)[0, -1].sum().backward()
    assert not x.grad[0, :-1].any()  # all that came before came through eleven states


windows = st.lists(
    st.tuples(
        st.sampled_from(["conv2d", "avg_pool2d"]),
        st.integers(1, 3),
        st.integers(1, 2),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.proves("E5.receptive")
@settings(max_examples=30, deadline=None)
@given(windows)
def test_a_unit_sees_exactly_its_receptive_field(drawn):
    layers = [
        {
            "type": type,
            "kernel": size,
            "stride": stride,
            "dilation": dilation,
            "filters": 1,
            "bias": False,
        }
        if type == "conv2d"
        else {"type": type, "size": size, "stride": stride}
        for type, size, stride, dilation in drawn
    ]
    layers = [{**layer, "padding": "valid"} for layer in layers]
    found = planned(layers, (1, 96, 96))
    network = build(found, seed=0)
    for parameter in network.parameters():
        torch.nn.init.ones_(parameter)
    seen = found.network.layers[-1].receptive_field
    for at in (0, 1):
        x = torch.ones(1, 1, 96, 96, requires_grad=True)
        network(x)[0, 0, at, at].backward()
        rows = x.grad[0, 0].any(1).nonzero().flatten().tolist()
        assert rows[0] == at * seen.stride[0]
        assert rows[-1] - rows[0] + 1 == seen.size[0]
