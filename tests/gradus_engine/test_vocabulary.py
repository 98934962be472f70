"""Sound documents over every word plan, build, train a step and are exported with their weights."""

import pytest
import torch
from hypothesis import given, settings

from gradus.export.pytorch import pytorch
from gradus.plan import plan, plan_resolved
from gradus_engine.build import build, build_networks
from gradus_engine.opening import open_session
from tests.gradus.vocabulary import documents_of_all_words, words
from tests.gradus_engine.script import (
    answers,
    assert_equal_first_values,
    keep,
    load,
    said,
    samples,
)


def trained(planned):
    """The networks after one step: of the session, or of a plain one where there are no data."""
    if planned.dataset is not None:
        session = open_session(planned)
        session.advance()
        losses = session.take_record()
        assert losses
        assert all(len(each) == 1 for name, each in losses.items() if name.endswith("loss"))
        return session.network
    network = build_networks(planned) if planned.several else build(planned)
    for each in network.each.values() if planned.several else [network]:
        given = dict(zip(each.plan.inputs, samples(planned, each.plan), strict=True))
        loss = each.train()(given).square().mean()
        if loss.requires_grad:
            loss.backward()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.grad is not None:
                parameter -= 0.01 * parameter.grad.nan_to_num()
    return network


def assert_lives(written, folder):
    planned = plan(written)
    assert plan_resolved(planned.resolved).hash == planned.hash
    network = trained(planned)
    assert sum(p.numel() for p in network.parameters()) == planned.totals.parameters
    script = load(pytorch(planned), folder)
    assert_equal_first_values(script, planned)
    keep(network, folder)
    models = script.network()
    if planned.descends:
        return
    for name, plan_of in planned.networks.items():
        own = network.each[name] if planned.several else network
        model = getattr(models, name) if planned.several else models
        kind = next((each.dtype for each in model.parameters()), torch.float32)
        inputs = [
            each if each.dtype == torch.int64 else each.to(kind)
            for each in samples(planned, plan_of)
        ]
        expected = answers(own, inputs)
        assert torch.allclose(said(model, inputs), expected, **close(planned), equal_nan=True)


def close(planned):
    """What scripts and service may differ by: halves are rounded in another order."""
    return {"atol": 0.05, "rtol": 0.05} if planned.train.precision == "bfloat16" else {"atol": 1e-4}


@settings(max_examples=300)
@given(documents_of_all_words())
def test_a_document_of_any_words_lives(tmp_path_factory, written):
    assert_lives(written, tmp_path_factory.mktemp("script"))


@pytest.mark.soak
@settings(max_examples=10_000)
@given(documents_of_all_words())
def test_ten_thousand_documents_of_any_words_live(tmp_path_factory, written):
    assert_lives(written, tmp_path_factory.mktemp("script"))


@pytest.mark.parametrize("word", sorted(words()))
def test_the_example_of_every_word_lives(word, tmp_path):
    assert_lives(words()[word]["example"]["document"], tmp_path)
