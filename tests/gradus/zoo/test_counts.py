"""The zoo: every plan has exactly the published number of parameters (C1 to C5)."""

import json

import pytest

from gradus.plan import plan
from gradus.planned import Plan
from gradus.zoo import ZOO
from gradus.zoo.resnet import cifar_resnet, resnet


def shapes(found: Plan) -> dict[str, tuple[int, ...]]:
    return {layer.name: layer.output for layer in found.network.layers}


@pytest.mark.parametrize("name", ZOO)
def test_c_the_count_is_the_published_one(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == ZOO[name].parameters


@pytest.mark.parametrize("name", ZOO)
def test_a_document_is_json_that_a_person_can_read(name: str) -> None:
    text = json.dumps(ZOO[name].document)
    assert json.loads(text) == ZOO[name].document
    assert len(text) < 7_000


def test_c2_alexnet_has_the_shapes_of_the_table() -> None:
    sizes = list(shapes(plan(ZOO["alexnet_2012"].document)).values())
    assert (96, 55, 55) in sizes
    assert (256, 27, 27) in sizes
    assert (256, 13, 13) in sizes
    assert (9216,) in sizes


def test_c2_227_without_padding_gives_the_same_maps() -> None:
    document = json.loads(json.dumps(ZOO["alexnet_2012"].document))
    document["network"]["input"] = [3, 227, 227]
    document["network"]["layers"][0]["padding"] = 0
    found = plan(document)
    assert found.network.layers[0].output == (96, 55, 55)
    assert found.totals.parameters == 60_965_224


def test_c5_projected_shortcuts_cost_what_the_paper_says() -> None:
    assert plan(cifar_resnet(20, "project")).totals.parameters == 272_474


def test_c5_a_bottleneck_may_halve_in_its_first_convolution() -> None:
    paper = plan(resnet("ResNet-50", (3, 4, 6, 3), "bottleneck", stride_first=True))
    common = plan(ZOO["resnet50"].document)
    assert paper.totals.parameters == common.totals.parameters
    assert paper.totals.multiply_adds < common.totals.multiply_adds


def test_g7_dense_layers_hold_nine_tenths_of_alexnet_and_vgg() -> None:
    for name, share in (("alexnet", 0.960), ("vgg16", 0.894)):
        found = plan(ZOO[name].document)
        dense = sum(each.parameter_count for each in found.network.layers if each.type == "linear")
        assert dense / found.totals.parameters == pytest.approx(share, abs=0.001)


def test_c4_the_heads_of_googlenet_are_further_losses() -> None:
    found = plan(ZOO["googlenet_heads"].document)
    assert [(loss.input, loss.weight) for loss in found.train.losses] == [
        (found.network.output, 1.0),
        ("head_1", 0.3),
        ("head_2", 0.3),
    ]
