"""A body for every slice: the same as a loop over the slices."""

import pytest
import torch

from gradus.plan import plan
from gradus.zoo import ZOO
from gradus_engine.build import build
from gradus_engine.session import Session
from tests.gradus_engine.documents import document

pytestmark = pytest.mark.proves("C8")
BODY = [
    {"type": "gru", "units": 6, "bidirectional": True},
    {"type": "layer_norm"},
    {"type": "attention", "heads": 2},
    {"type": "linear", "units": 3, "activation": "tanh"},
]


def test_every_slice_goes_through_the_body_by_itself():
    written = {
        "spec": "nn/1",
        "network": {"input": [5, 7, 4], "layers": [{"type": "each", "body": BODY}]},
    }
    alone = {"spec": "nn/1", "network": {"input": [7, 4], "layers": BODY}}
    network, body = build(plan(written), seed=3).eval(), build(plan(alone), seed=3).eval()
    own = network.layers.state_dict()
    body.layers.load_state_dict({n: own[f"each_1/{n}"] for n in body.layers.state_dict()})
    x = torch.randn(2, 5, 7, 4, generator=torch.Generator().manual_seed(0))
    looped = torch.stack([body(x[:, index]) for index in range(5)], dim=1)
    torch.testing.assert_close(network(x), looped, rtol=1e-5, atol=1e-6)


def test_a_hierarchical_net_weighs_words_and_sentences_by_shares_of_one():
    planned = plan(ZOO["han"].document)
    network = build(planned, seed=1).eval()
    words = torch.randint(0, 20_000, (2, 15, 30), generator=torch.Generator().manual_seed(0))
    outputs = network.outputs(words)
    shares = torch.softmax(outputs["scores"].flatten(1), dim=1)
    by_hand = (shares.unsqueeze(2) * outputs["read"]).sum(1)
    torch.testing.assert_close(outputs["weigh"][:, 0], by_hand, rtol=1e-4, atol=1e-5)
    assert outputs["sentences/weigh"].shape == (30, 1, 100)
    assert outputs["linear_3"].shape == (2, 5)


def test_it_learns_the_digits_row_by_row_and_goes_on_bitwise():
    rows = {"type": "reshape", "name": "rows", "shape": [8, 4, 2]}
    read = [{"type": "gru", "units": 12, "returns": "last"}]
    layers = [
        rows,
        {"type": "each", "body": read},
        {"type": "gru", "units": 24, "returns": "last"},
        "linear",
    ]
    adam = {"type": "adam", "learning_rate": 0.01}
    planned = plan(document(layers, "digits", optimizer=adam, batch_size=32))
    whole = Session(planned)
    before = whole.evaluate("validation")["validation/accuracy"]
    for _ in range(20):
        whole.advance()
    resumed = Session(planned, state=whole.state())
    for session in (whole, resumed):
        for _ in range(60):
            session.advance()
    assert torch.equal(whole.flat.values, resumed.flat.values)
    assert whole.evaluate("validation")["validation/accuracy"] > before + 0.3
