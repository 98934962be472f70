"""Published networks as scripts, in narrow: the same parameters, the same outputs."""

import pytest
import torch

from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.zoo import ZOO
from gradus_engine.build import build, build_networks
from tests.gradus.zoo.narrow import narrow
from tests.gradus_engine.script import (
    answers,
    assert_equal_first_values,
    load,
    said,
    samples,
)

# One of each family and of each way of joining layers; the others differ in numbers alone.
FEW = (
    "lenet5", "alexnet_2012", "network_in_network", "vgg11_lrn", "googlenet_paper_heads",
    "inception_v2", "resnet18", "resnet50", "resnet20_cifar", "resnet1001_cifar", "seq2seq",
    "seq2seq_attention", "transformer_base", "char_rnn", "char_transformer", "fasttext",
    "textcnn", "textrnn", "rcnn", "text_transformer", "han", "dynamic_memory", "entity_network",
    "autoencoder", "vae",
)  # fmt: skip
ALTERNATING = ("gan", "dcgan", "conditional_gan")


def assert_same(planned, folder):
    script = load(pytorch(planned), folder)
    model = assert_equal_first_values(script, planned)
    inputs = samples(planned)
    assert torch.allclose(said(model, inputs), answers(build(planned), inputs), atol=1e-4)


def test_every_published_network_is_written_or_drawn_by_these():
    assert {*FEW, *ALTERNATING} <= ZOO.keys()
    several = {name for name, entry in ZOO.items() if "networks" in entry.document}
    assert several == set(ALTERNATING)


@pytest.mark.parametrize("name", FEW)
def test_a_narrow_copy_says_the_same_in_a_script(name, tmp_path):
    assert_same(plan(narrow(ZOO[name].document)), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(ZOO.keys() - {*FEW, *ALTERNATING}))
def test_every_other_narrow_copy_says_the_same_in_a_script(name, tmp_path):
    assert_same(plan(narrow(ZOO[name].document)), tmp_path)


@pytest.mark.parametrize("name", ALTERNATING)
def test_each_network_of_several_says_the_same_in_a_script(name, tmp_path):
    planned = plan(narrow(ZOO[name].document))
    script = load(pytorch(planned), tmp_path)
    models = assert_equal_first_values(script, planned)
    networks = build_networks(planned)
    for each, network in planned.networks.items():
        inputs = samples(planned, network)
        expected = answers(networks.each[each], inputs)
        assert torch.allclose(said(getattr(models, each), inputs), expected, atol=1e-5)
