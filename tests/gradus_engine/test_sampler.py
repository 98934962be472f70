"""Batches: every sample once an epoch, in an order of the epoch's own (D2)."""

from itertools import chain

import torch

from gradus_engine.datasets import Part
from gradus_engine.sampler import Sampler


def sampler(seed=0, count=25):
    numbers = torch.arange(count)
    return Sampler(Part(numbers.float()[:, None], numbers), "shuffled", seed)


def drawn(source, sizes, samples=0):
    """The targets of batches of the given sizes, one list a batch."""
    batches = []
    for size in sizes:
        inputs, targets = source.draw(samples, size)
        assert torch.equal(inputs[:, 0], targets.float())
        samples += len(targets)
        batches.append(targets.tolist())
    return batches


def test_d2_an_epoch_draws_every_sample_once_and_its_last_batch_may_be_short():
    batches = drawn(sampler(), [10, 10, 10])
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert sorted(chain(*batches)) == list(range(25))


def test_d2_each_epoch_has_another_order():
    first, second = drawn(sampler(), [25, 25])
    assert sorted(second) == sorted(first)
    assert second != first


def test_d2_the_batch_size_may_change_within_an_epoch():
    mixed = drawn(sampler(), [3, 12, 1, 9])
    assert list(chain(*mixed)) == drawn(sampler(), [25])[0]


def test_d2_the_place_in_the_data_is_the_number_of_samples_alone():
    straight = drawn(sampler(), [10] * 6)
    fresh = sampler()
    assert drawn(fresh, [10, 10], samples=35) == straight[4:6]
    assert drawn(fresh, [10], samples=0) == straight[:1]


def test_d2_runs_with_another_seed_see_another_order():
    assert drawn(sampler(seed=1), [25]) != drawn(sampler(seed=2), [25])
