"""Choices between ways to compute: taken where they were measured to gain, and kept by a run."""

import torch

from gradus.datasets import DatasetFacts
from gradus.plan import plan
from gradus.planned import Plan
from gradus_engine.datasets import Dataset, Part
from gradus_engine.datasets.transforms import Preparation
from gradus_engine.session import Session

SAMPLES = 64
CONV = {"type": "conv2d", "filters": 4, "activation": "relu"}
PLAIN = [CONV, "max_pool2d", CONV, "flatten", "linear"]


def planned(layers: list, channels: int = 3) -> Plan:
    facts = DatasetFacts(
        "pictures", "classification", (channels, 8, 8), (), ("a", "b", "c"), SAMPLES, "1"
    )
    document = {
        "spec": "nn/1",
        "data": {"name": "pictures", "split": {"train": 1.0, "validation": 0.0, "test": 0.0}},
        "network": {"layers": layers},
        "train": {"batch_size": 16, "epochs": 4},
    }
    return plan(document, datasets={"pictures": facts})


def session(made: Plan, **fields) -> Session:
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(SAMPLES, *made.dataset.input, generator=generator)
    every = Part(inputs, torch.randint(0, 3, (SAMPLES,), generator=generator))
    none = every.head(0)
    data = Dataset(every, none, none, every, Preparation((), inputs), {})
    return Session(made, threads=1, dataset=data, **fields)


def chosen(opened: Session) -> str:
    return opened.identity()["memory_format"]


def test_chains_of_convolutions_and_pools_have_their_channels_last():
    assert chosen(session(planned(PLAIN))) == "channels_last"
    assert chosen(session(planned([CONV, "batch_norm", *PLAIN]))) == "contiguous"
    assert chosen(session(planned(PLAIN, channels=1))) == "contiguous"


def test_both_formats_learn_the_same_within_rounding():
    made = planned(PLAIN)
    last = session(made)
    tensors, meta = last.state()
    meta["identity"]["memory_format"] = "contiguous"
    contiguous = session(made, state=(tensors, meta))
    for _ in range(8):
        last.advance()
        contiguous.advance()
    torch.testing.assert_close(last.flat.values, contiguous.flat.values, rtol=1e-4, atol=1e-6)
    assert chosen(contiguous) == "contiguous"


def test_a_run_goes_on_bitwise_in_the_format_that_it_began_with():
    made = planned(PLAIN)
    whole, half = session(made), session(made)
    for _ in range(3):
        half.advance()
    back = session(made, state=half.state())
    assert chosen(back) == "channels_last"
    for _ in range(6):
        whole.advance()
    for _ in range(3):
        back.advance()
    assert torch.equal(whole.flat.values, back.flat.values)
