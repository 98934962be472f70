"""Every sound document builds, trains a step and resumes, with the planned number of parameters."""

import pytest
import torch
from hypothesis import given, settings

from gradus.plan import plan, plan_resolved
from gradus_engine.session import Session
from tests.gradus.specs import sound_documents


def assert_trains(document):
    planned = plan(document)
    session = Session(planned)
    assert sum(p.numel() for p in session.network.parameters()) == planned.totals.parameters
    assert len(session.flat) == planned.totals.trainable
    session.advance()
    losses = session.take_record()["train/loss"]
    assert losses.shape == (1,)
    for part in ("train_eval", "validation", "test"):
        for value in session.evaluate(part).values():
            assert isinstance(value, float)


@settings(max_examples=100, deadline=None)
@given(sound_documents())
def test_a_sound_document_trains_with_its_exact_parameter_count(document):
    assert_trains(document)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(sound_documents())
def test_ten_thousand_sound_documents_train(document):
    assert_trains(document)


@settings(max_examples=25, deadline=None)
@given(sound_documents())
def test_a_stored_document_trains_to_the_same_bits(document):
    one, two = Session(plan(document)), Session(plan_resolved(plan(document).resolved))
    for session in (one, two):
        session.advance()
        session.advance()
    tensors, others = one.state()[0], two.state()[0]
    assert tensors.keys() == others.keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
