"""Samples in an order, each with the network's answer and its loss."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from gradus_engine.metrics import answers
from tests.gradus_engine.documents import digits_cnn, document, toy
from tests.gradus_engine.test_probes import ask, trained


@pytest.fixture(scope="module")
def session():
    return trained(digits_cnn(), steps=12)


def judged(session, **asked):
    return ask(session, kind="samples", part="validation", count=1000, **asked)


def by_hand(session):
    part = session.dataset.validation
    with torch.no_grad():
        outputs = session.network.eval()(part.inputs)
    session.network.train()
    return answers(outputs).numpy(), F.cross_entropy(outputs, part.targets, reduction="none")


def test_each_sample_comes_with_its_answer_and_its_loss(session):
    picture = judged(session, judged=True)
    given, losses = by_hand(session)
    np.testing.assert_array_equal(picture.arrays["indices"], np.arange(270))
    np.testing.assert_array_equal(picture.arrays["answers"], given)
    np.testing.assert_allclose(picture.arrays["losses"], losses, rtol=1e-4, atol=1e-6)


def test_a_page_of_samples_starts_anywhere_in_the_order(session):
    whole = judged(session, order="loss").arrays["indices"]
    some = ask(session, kind="samples", part="validation", order="loss", start=5, count=7)
    np.testing.assert_array_equal(some.arrays["indices"], whole[5:12])


def test_by_loss_the_greatest_comes_first(session):
    losses = judged(session, order="loss").arrays["losses"]
    assert (np.diff(losses) <= 0).all()


def test_by_class_samples_of_a_class_keep_their_order(session):
    picture = ask(session, kind="samples", part="validation", count=1000, order="class")
    assert (np.diff(picture.arrays["targets"]) >= 0).all()
    assert "answers" not in picture.arrays


def test_wrong_ones_come_first_each_group_by_loss(session):
    arrays = judged(session, order="wrong").arrays
    right = arrays["answers"] == arrays["targets"]
    assert 0 < right.sum() < 270
    assert (np.diff(right.astype(int)) >= 0).all()
    assert (np.diff(arrays["losses"][~right]) <= 0).all()
    assert (np.diff(arrays["losses"][right]) <= 0).all()


def test_a_cell_leaves_the_samples_that_its_confusion_counts(session):
    counts = ask(session, kind="confusion").arrays["counts"]
    truth, answer = np.unravel_index((counts - np.diag(np.diag(counts))).argmax(), counts.shape)
    cell = {"truth": int(truth), "answer": int(answer)}
    picture = judged(session, cell=cell, order="loss")
    assert picture.meta["total"] == len(picture.arrays["indices"]) == counts[truth, answer]
    assert set(picture.arrays["targets"]) == {truth}
    assert set(picture.arrays["answers"]) == {answer}


def test_losses_of_samples_average_to_the_loss_of_their_part():
    for written in (toy(), toy(losses=["mse"]), document(["linear"], "plane")):
        session = trained(written)
        losses = judged(session, judged=True).arrays["losses"]
        whole = session.evaluate("validation")["validation/loss"]
        assert losses.mean() == pytest.approx(whole, rel=1e-4)


@pytest.mark.parametrize(
    ("data", "losses"),
    [
        ("digits", ["cross_entropy"]),
        ("circle", ["binary_cross_entropy"]),
        ("digits", ["hinge"]),
        ("circle", ["hinge"]),
        ("plane", ["mse"]),
        ("plane", [{"type": "mse", "half": True}]),
        ("plane", ["mae"]),
        ("plane", [{"type": "huber", "delta": 0.3}]),
        # These two read their targets in different forms.
        ("digits", ["cross_entropy", {"type": "mse", "weight": 0.5}]),
    ],
)
def test_the_loss_of_a_sample_is_that_of_a_batch_of_it_alone(data, losses):
    session = trained(
        document(["flatten", "linear"] if data == "digits" else ["linear"], data, losses=losses)
    )
    part = session.parts["validation"]
    inputs, targets = part.inputs[:20], part.targets[:20]
    with torch.no_grad():
        _, each = session.objective.each(session.network, inputs, targets)
        alone = [
            session.objective(session.network, *pair)[1]
            for pair in zip(inputs.split(1), targets.split(1), strict=True)
        ]
    np.testing.assert_allclose(each, torch.stack(alone), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("asked", [{"order": "class"}, {"cell": {"truth": 0, "answer": 1}}])
def test_numbers_have_no_classes_to_order_by(asked):
    with pytest.raises(ValueError, match="predicts numbers"):
        judged(trained(document(["linear"], "plane")), **asked)


def test_texts_are_judged_and_so_is_a_part_without_samples():
    words = [{"type": "tokenize", "by": "word", "words": 80}, {"type": "pad", "length": 16}]
    data = {"name": "phrases", "options": {"samples": 60}, "transforms": words}
    table = {"type": "embedding", "words": 80, "units": 4}
    texts = document([table, "flatten", "linear"], data)
    found = ask(trained(texts, steps=1), kind="samples", part="validation", order="loss")
    assert (np.diff(found.arrays["losses"]) <= 0).all()
    alone = toy()
    alone["data"] = {"name": "spiral", "split": {"train": 1, "validation": 0, "test": 0}}
    nothing = ask(trained(alone, steps=1), kind="samples", part="test", judged=True)
    assert nothing.arrays["losses"].shape == (0,)
