"""Nets that are held against their own input, and pairs: they train, and are asked for pictures."""

import pytest
import torch

from gradus.plan import plan
from gradus.probes import ConfusionProbe, SamplesProbe
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import train
from tests.gradus_engine.documents import document

DATA = {"name": "digits", "split": {"train": 0.1, "validation": 0.1, "test": 0.8}}
CODE = [
    "flatten",
    {"type": "linear", "name": "hidden", "units": 24, "activation": "relu"},
    {"type": "linear", "name": "mean", "units": 2},
    {"type": "linear", "name": "spread", "units": 2, "from": "hidden"},
    {"type": "sample_normal", "name": "code", "from": ["mean", "spread"]},
    {"type": "linear", "units": 24, "activation": "relu"},
    "linear",
]
LOSSES = [
    {"type": "mse", "target": "batch"},
    {"type": "kl_normal", "input": "code", "weight": 0.001},
]


def vae(**settings):
    adam = {"type": "adam", "learning_rate": 0.003}
    return plan(document(CODE, DATA, losses=LOSSES, optimizer=adam, epochs=12, **settings))


@pytest.mark.proves("C10")
def test_a_variational_autoencoder_learns_and_counts_no_answers():
    session = Session(vae())
    first = session.evaluate("validation")
    events = list(train(session.plan, session=session))
    names = {name for event in events[:-1] for name in event.series}
    last = session.evaluate("validation")
    assert set(last) == {"validation/loss"}
    assert last["validation/loss"] < 0.7 * first["validation/loss"]
    assert not any("accuracy" in name for name in names)


@pytest.mark.proves("C10")
def test_the_loss_is_the_reconstruction_and_the_weighed_divergence():
    session = Session(vae())
    session.network.eval()
    part = session.parts["validation"]
    _, value = session.objective(session.network, part.inputs, part.targets)
    outputs = session.network.outputs(part.inputs)
    far = (outputs["linear_5"] - part.inputs.flatten(1)).square().mean()
    mean, spread = outputs["mean"], outputs["spread"]
    divergence = (mean**2 + spread.exp() - spread - 1).sum(1).mean() / 2
    assert value.item() == pytest.approx((far + 0.001 * divergence).item(), rel=1e-6)


def test_it_is_asked_for_samples_and_says_that_it_tells_no_classes():
    session = Session(vae())
    picture = probe(session, SamplesProbe(order="loss", count=5, part="validation"))
    assert (picture.arrays["answers"] == -1).all()
    assert (picture.arrays["losses"][:-1] >= picture.arrays["losses"][1:]).all()
    probe(session, SamplesProbe(order="class", count=5))
    with pytest.raises(ValueError, match="classification"):
        probe(session, ConfusionProbe())


def test_pairs_of_a_batch_draw_classes_apart():
    layers = [{"type": "linear", "units": 8, "activation": "tanh"}, {"type": "linear", "units": 2}]
    adam = {"type": "adam", "learning_rate": 0.02}
    planned = plan(document(layers, "iris", losses=["contrastive"], optimizer=adam, epochs=20))
    session = Session(planned)
    for _ in train(planned, session=session):
        pass
    part = session.dataset.train
    with torch.no_grad():
        points = session.network(part.inputs)
    distance = torch.cdist(points, points)
    same = part.targets.unsqueeze(0) == part.targets.unsqueeze(1)
    assert distance[same].mean() < 0.3 * distance[~same].mean()


def test_a_state_goes_on_as_if_nothing_had_happened():
    whole, half = Session(vae()), Session(vae())
    for _ in range(6):
        whole.advance()
    for _ in range(3):
        half.advance()
    resumed = Session(half.plan, state=half.state())
    for _ in range(3):
        resumed.advance()
    assert torch.equal(whole.flat.values, resumed.flat.values)
