"""Networks trained against each other: their published counts, and data that they can be given."""

import copy

import pytest

from gradus.plan import plan, plan_json
from gradus.zoo import ZOO

COUNTS = {
    "gan": {"g": 2_503_984, "d": 1_231_441},
    "dcgan": {"g": 3_576_704, "d": 2_765_568},
    "conditional_gan": {"g": 2_413_984, "d": 1_224_351},
}


@pytest.mark.proves("C11.plan")
@pytest.mark.parametrize("name", COUNTS)
def test_generator_and_discriminator_have_the_published_counts(name: str) -> None:
    networks = plan_json(plan(ZOO[name].document))["networks"]
    assert {each: told["totals"]["parameters"] for each, told in networks.items()} == COUNTS[name]


@pytest.mark.proves("C11.plan")
def test_dcgan_comes_from_one_cell_to_64_by_64_and_back_to_a_number() -> None:
    networks = plan(ZOO["dcgan"].document).networks
    sides = [layer.output[1] for layer in networks["g"].layers if layer.type == "conv_transpose2d"]
    assert sides == [4, 8, 16, 32, 64]
    assert networks["g"].shapes[networks["g"].output] == (3, 64, 64)
    assert networks["d"].shapes[networks["d"].output] == (1,)


@pytest.mark.proves("C11.plan")
def test_the_conditional_one_takes_the_classes_of_data_of_its_size() -> None:
    document = copy.deepcopy(dict(ZOO["conditional_gan"].document))
    document["data"] = "digits"
    for network in document["networks"].values():
        for each in network["inputs"]:
            if network["inputs"][each] == [1, 28, 28]:
                network["inputs"][each] = [1, 8, 8]
    document["networks"]["g"]["layers"][-2]["units"] = 64
    document["networks"]["g"]["layers"][-1]["shape"] = [1, 8, 8]
    assert plan(document).train.steps[0].calls[0].sources["label"] == "target"
