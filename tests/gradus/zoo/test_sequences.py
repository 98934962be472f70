"""Networks for sequences and texts: counts by the formulas of their parts."""

import itertools

import pytest

from gradus.plan import plan
from gradus.zoo import ZOO


def linear(inputs: int, units: int, bias: bool = True) -> int:
    return inputs * units + bias * units


def gated(gates: int, inputs: int, units: int) -> int:
    """A recurrent cell with its two biases."""
    return gates * units * (inputs + units + 2)


def norm(units: int) -> int:
    return 2 * units


def attention(units: int) -> int:
    return 4 * linear(units, units)


def feed(units: int, hidden: int) -> int:
    return linear(units, hidden) + linear(hidden, units)


def encoder(units: int, hidden: int, layers: int = 6) -> int:
    return layers * (attention(units) + feed(units, hidden) + 2 * norm(units))


def decoder(units: int, hidden: int, layers: int = 6) -> int:
    return layers * (2 * attention(units) + feed(units, hidden) + 3 * norm(units))


def transformer(units: int, hidden: int) -> int:
    return 37_000 * units + encoder(units, hidden) + decoder(units, hidden)


def chain(*sizes: int) -> int:
    return sum(linear(a, b) for a, b in itertools.pairwise(sizes))


COUNTS = {
    "seq2seq": 2 * 15_000 * 100 + 2 * gated(3, 100, 1000) + linear(1000, 15_000),
    "seq2seq_attention": 2 * 30_000 * 620
    + 2 * gated(3, 620, 1000)
    + linear(2000, 1000)
    + gated(3, 620 + 2000, 1000)
    + (1000 * 1000 + 1000 * 2000 + 1000)
    + linear(1000, 30_000),
    "transformer_base": transformer(512, 2048),
    "transformer_big": transformer(1024, 4096),
    "char_rnn": 65 * 128 + gated(4, 128, 512) + gated(4, 512, 512) + linear(512, 65),
    "char_transformer": (65 + 256) * 384 + encoder(384, 1536) + norm(384),
    "fasttext": 1_100_000 * 10 + linear(10, 4),
    "textcnn": 20_000 * 300 + 100 * (300 * (3 + 4 + 5) + 3) + linear(300, 2),
    "textrnn": 20_000 * 300 + 2 * gated(4, 300, 128) + linear(256, 2),
    "rcnn": 20_000 * 50 + 2 * gated(1, 50, 50) + linear(150, 100) + linear(100, 20),
    "text_transformer": 20_000 * 128 + encoder(128, 512, layers=2) + linear(128, 2),
    "han": 20_000 * 200
    + sum(
        2 * gated(3, inputs, 50) + linear(100, 100) + linear(100, 1, bias=False)
        for inputs in (200, 100)
    )
    + linear(100, 5),
    "dynamic_memory": 2 * 200 * 80
    + 2 * gated(3, 80, 80)
    + 80 * 80
    + chain(7 * 80 + 2, 80, 1)
    + 2 * gated(3, 80, 80)
    + linear(80, 200),
    "entity_network": 20 * 100 + 4 * 100 * 100 + 100 + 100 * 200,
    "autoencoder": chain(784, 1000, 500, 250, 30, 250, 500, 1000, 784),
    "vae": chain(784, 500, 20) + linear(500, 20) + chain(20, 500, 784),
}


def assert_costs_what_its_parts_cost(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == COUNTS[name]


@pytest.mark.proves("C6.plan")
@pytest.mark.parametrize(
    "name", ["seq2seq", "seq2seq_attention", "transformer_base", "transformer_big"]
)
def test_encoders_and_decoders_cost_what_their_parts_cost(name: str) -> None:
    assert_costs_what_its_parts_cost(name)


@pytest.mark.proves("C7.plan")
@pytest.mark.parametrize("name", ["char_rnn", "char_transformer"])
def test_models_of_characters_cost_what_their_parts_cost(name: str) -> None:
    assert_costs_what_its_parts_cost(name)


@pytest.mark.proves("C8.flat", "C1.textcnn")
@pytest.mark.parametrize("name", ["fasttext", "textcnn", "textrnn", "rcnn", "text_transformer"])
def test_classifiers_of_texts_cost_what_their_parts_cost(name: str) -> None:
    assert_costs_what_its_parts_cost(name)


@pytest.mark.proves("C8.han")
def test_the_hierarchical_network_costs_what_its_parts_cost() -> None:
    assert_costs_what_its_parts_cost("han")


@pytest.mark.proves("C9.plan")
@pytest.mark.parametrize("name", ["dynamic_memory", "entity_network"])
def test_memories_cost_what_their_parts_cost(name: str) -> None:
    assert_costs_what_its_parts_cost(name)


@pytest.mark.proves("C10.plan")
@pytest.mark.parametrize("name", ["autoencoder", "vae"])
def test_autoencoders_cost_what_their_parts_cost(name: str) -> None:
    assert_costs_what_its_parts_cost(name)


@pytest.mark.proves("C6.plan")
def test_the_transformers_have_the_sizes_of_the_paper() -> None:
    # 65 and 213 million in its table 3.
    assert ZOO["transformer_base"].parameters / 65e6 == pytest.approx(1, abs=0.03)
    assert ZOO["transformer_big"].parameters / 213e6 == pytest.approx(1, abs=0.03)


@pytest.mark.proves("C10")
def test_c10_the_variational_autoencoder_is_held_against_its_input_and_the_standard_normal() -> (
    None
):
    losses = plan(ZOO["vae"].document).train.losses
    assert [(each.type, each.target, each.weight) for each in losses] == [
        ("binary_cross_entropy", "batch", 784),
        ("kl_normal", "target", 1.0),
    ]
