"""The position-wise feed-forward net, and whole Transformer layers."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


@pytest.mark.proves("B7.feed_forward")
def test_every_step_passes_the_same_two_layers():
    network = network_of([{"type": "feed_forward", "hidden": 5}], (3, 4))

    def formula(x, p):
        w1, b1, w2, b2 = (
            p[f"feed_forward_1.{name}"]
            for name in ("hidden_weight", "hidden_bias", "output_weight", "output_bias")
        )
        return np.maximum(0, x @ w1.T + b1) @ w2.T + b2

    assert_equals(network, formula, draw(2, 3, 4))


def as_torch_has_it(ours, theirs):
    """Copies the weights of one of our encoder layers into torch's."""
    attend = ours["transformer_encoder_1/0/residual_1/attention_1"]
    feed = ours["transformer_encoder_1/0/residual_2/feed_forward_1"]
    names = ("query", "key", "value")
    with torch.no_grad():
        theirs.self_attn.in_proj_weight.copy_(
            torch.cat([attend.get_parameter(f"{n}_weight") for n in names])
        )
        theirs.self_attn.in_proj_bias.copy_(
            torch.cat([attend.get_parameter(f"{n}_bias") for n in names])
        )
        theirs.self_attn.out_proj.weight.copy_(attend.output_weight)
        theirs.self_attn.out_proj.bias.copy_(attend.output_bias)
        for ours_name, layer in (("hidden", theirs.linear1), ("output", theirs.linear2)):
            layer.weight.copy_(feed.get_parameter(f"{ours_name}_weight"))
            layer.bias.copy_(feed.get_parameter(f"{ours_name}_bias"))


@pytest.mark.proves("C6")
def test_an_encoder_layer_gives_what_torch_gives():
    for norm in ("after", "before"):
        fields = {"layers": 1, "heads": 2, "hidden": 7, "norm": norm}
        layer = {"type": "transformer_encoder", **fields}
        document = {"spec": "nn/1", "network": {"input": ["*", 4], "layers": [layer, "relu"]}}
        ours = build(plan(document), seed=4).double().eval()
        theirs = torch.nn.TransformerEncoderLayer(
            4, 2, 7, batch_first=True, norm_first=norm == "before", dtype=torch.float64
        ).eval()
        as_torch_has_it(ours.layers, theirs)
        x = torch.from_numpy(draw(3, 5, 4))
        expected = theirs(x)
        if norm == "before":
            expected = torch.nn.functional.layer_norm(expected, (4,))
        torch.testing.assert_close(ours(x), torch.relu(expected))
