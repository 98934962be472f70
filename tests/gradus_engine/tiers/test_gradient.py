"""A step as a function of tensors equals the plain step, bit by bit."""

import pytest
import torch

from benchmarks.families import planned, samples
from benchmarks.family_nets import HEAD, NETS, ROWS, Net
from gradus.controls import Changes
from gradus.plan import plan
from gradus_engine.session import Session
from gradus_engine.tiers.gradient import NotStatic, StaticGradient
from tests.gradus_engine.documents import document, everything


class Uncompiled:
    """Takes the place of plain steps with the function itself, and counts its calls."""

    tier, key = "compiled", ""

    def __init__(self, session):
        self.gradient = StaticGradient(session)
        self.fits = self.gradient.fits
        self.flat = session.flat
        self.calls = 0

    def __call__(self, inputs, targets):
        self.calls += 1
        output, loss, gradients = self.gradient(self.gradient.tensors(inputs, targets))
        self.flat.gradients.copy_(gradients)
        return output, loss


def assert_alike(make, steps):
    """Trains two sessions, one of them by the function; answers how often that was called."""
    plain, other = make(), make()
    other.quick = quick = Uncompiled(other)
    for _ in range(steps):
        plain.advance()
        other.advance()
    wanted, found = plain.state()[0], other.state()[0]
    assert wanted.keys() == found.keys()
    for name in wanted:
        assert torch.equal(wanted[name], found[name]), name
    series, same = plain.take_record(), other.take_record()
    assert all((series[name] == same[name]).all() for name in series)
    return quick.calls


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.family)
def test_every_family_computes_the_same_from_tensors_that_are_given(net):
    made = planned(net)
    assert assert_alike(lambda: Session(made, dataset=samples(net)), 4) == 4


MAPS = [
    {"type": "conv2d", "filters": 4},
    {"type": "dropout2d", "rate": 0.5},
    "rrelu",
    {"type": "gaussian_noise", "std": 0.1},
    "flatten",
    {"type": "dropout", "rate": 0.5},
    "linear",
]


@pytest.mark.parametrize(
    "written",
    [
        document(MAPS, "digits", batch_size=16),
        everything(clip={"norm": 1.0}, gradient_noise={"eta": 0.1, "gamma": 0.5}, tier="eager"),
        everything(precision="float64"),
    ],
    ids=["draws", "penalties", "float64"],
)
def test_what_layers_draw_is_given_too(written):
    made = plan(written)
    assert assert_alike(lambda: Session(made, tier="eager"), 30) >= 27


TOLD = Net(
    "told decoder",
    ROWS,
    [{"type": "decoder_rnn", "units": 8, "cell": "lstm", "teacher_forcing": 0.5}, *HEAD],
)


def test_what_a_decoder_is_told_is_given_too():
    made = planned(TOLD)
    assert assert_alike(lambda: Session(made, dataset=samples(TOLD)), 4) == 4


def test_a_decoder_goes_on_after_a_stop_as_if_there_had_been_none():
    made, there = planned(TOLD), samples(TOLD)
    whole, begun = Session(made, dataset=there), Session(made, dataset=there)
    for _ in range(5):
        whole.advance()
    for _ in range(2):
        begun.advance()
    resumed = Session(made, dataset=there, state=begun.state())
    for _ in range(3):
        resumed.advance()
    wanted, found = whole.state()[0], resumed.state()[0]
    assert all(torch.equal(wanted[name], found[name]) for name in wanted)


def test_the_short_batch_at_the_end_of_an_epoch_goes_by_plain_steps():
    made = plan(document(["flatten", "linear"], "digits", batch_size=500, epochs=9))
    steps = -(-len(Session(made).dataset.train) // 500)
    assert len(Session(made).dataset.train) % 500
    assert assert_alike(lambda: Session(made, tier="eager"), 2 * steps) == 2 * (steps - 1)


def test_another_batch_size_goes_by_plain_steps():
    session = Session(plan(document(["flatten", "linear"], "digits", batch_size=16)), tier="eager")
    session.quick = quick = Uncompiled(session)
    session.advance()
    session.apply(Changes(batch_size=20))
    session.advance()
    assert session.quick is None
    assert quick.calls == 1


def test_what_is_drawn_in_the_middle_of_a_step_is_refused():
    sampled = {"type": "attention", "heads": 2, "mode": "sampled"}
    rows = {"type": "reshape", "shape": [8, 8]}
    made = plan(document([rows, sampled, "flatten", "linear"], "digits", batch_size=16))
    with pytest.raises(NotStatic, match="attention_1 draws its attention"):
        StaticGradient(Session(made, tier="eager"))
