"""Batches: every sample once an epoch, in an order of the epoch's own."""

from itertools import chain

import pytest
import torch

from gradus_engine.datasets import Part
from gradus_engine.sampler import Sampler


def sampler(seed=0, count=25, order="shuffled", targets=None):
    numbers = torch.arange(count)
    part = Part(numbers.float()[:, None], numbers)
    return Sampler(part, numbers if targets is None else targets, order, seed)


def drawn(source, sizes, samples=0):
    """The targets of batches of the given sizes, one list a batch."""
    batches = []
    for size in sizes:
        inputs, targets = source.draw(samples, size)
        assert torch.equal(inputs[:, 0], targets.float())
        samples += len(targets)
        batches.append(targets.tolist())
    return batches


@pytest.mark.proves("D2.batches")
def test_an_epoch_draws_every_sample_once_and_its_last_batch_may_be_short():
    batches = drawn(sampler(), [10, 10, 10])
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert sorted(chain(*batches)) == list(range(25))


@pytest.mark.proves("D2.order")
def test_each_epoch_has_another_order():
    first, second = drawn(sampler(), [25, 25])
    assert sorted(second) == sorted(first)
    assert second != first


@pytest.mark.proves("D2.batches")
def test_the_batch_size_may_change_within_an_epoch():
    mixed = drawn(sampler(), [3, 12, 1, 9])
    assert list(chain(*mixed)) == drawn(sampler(), [25])[0]


@pytest.mark.proves("D2.batches")
def test_the_place_in_the_data_is_the_number_of_samples_alone():
    straight = drawn(sampler(), [10] * 6)
    fresh = sampler()
    assert drawn(fresh, [10, 10], samples=35) == straight[4:6]
    assert drawn(fresh, [10], samples=0) == straight[:1]


@pytest.mark.proves("D2.order")
def test_runs_with_another_seed_see_another_order():
    assert drawn(sampler(seed=1), [25]) != drawn(sampler(seed=2), [25])


CLASSES = torch.tensor([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1])


@pytest.mark.proves("D2.order")
def test_sorted_gives_class_by_class_in_every_epoch():
    first, second = drawn(sampler(count=12, order="sorted", targets=CLASSES), [12, 12])
    assert first == second == [0, 1, 3, 4, 6, 7, 9, 10, 2, 5, 8, 11]


@pytest.mark.proves("D2.order")
def test_sorted_goes_by_the_value_of_a_regression():
    values = torch.tensor([[0.3], [-1.0], [0.1]])
    assert drawn(sampler(count=3, order="sorted", targets=values), [3]) == [[1, 2, 0]]


@pytest.mark.proves("D2.order")
def test_stratified_mixes_the_classes_evenly_and_anew_for_every_epoch():
    source = sampler(count=12, order="stratified", targets=CLASSES)
    batches = drawn(source, [6, 6, 6, 6])
    assert [int(CLASSES[batch].sum()) for batch in batches] == [2, 2, 2, 2]
    assert sorted(batches[0] + batches[1]) == list(range(12))
    assert batches[:2] != batches[2:]


@pytest.mark.proves("D2.order")
def test_stratified_spreads_the_tenths_of_a_regression():
    values = torch.linspace(-1, 1, 40)[:, None]
    batches = drawn(sampler(count=40, order="stratified", targets=values), [20, 20])
    assert all(sorted({index // 4 for index in batch}) == list(range(10)) for batch in batches)
