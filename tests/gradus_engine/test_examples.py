"""The documents in `examples/`: each trains, on its own data, by its own rule and schedule."""

from pathlib import Path

import pytest
import torch

from gradus.plan import plan
from gradus_client.document import read
from gradus_engine.session import Session

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_takes_its_first_steps(example):
    session = Session(plan(read(example.stem, example.read_text(encoding="utf-8")).document))
    before = [parameter.detach().clone() for parameter in session.network.parameters()]
    for _ in range(3):
        session.advance()
    losses = session.take_record()["train/loss"]
    assert len(losses) == 3
    assert torch.isfinite(torch.as_tensor(losses)).all()
    after = list(session.network.parameters())
    assert not all(torch.equal(old, new) for old, new in zip(before, after, strict=True))
