"""The zoo: every plan has exactly the published number of parameters."""

import json
import math

import pytest

from gradus.plan import plan
from gradus.planned import Plan
from gradus.zoo import ZOO
from gradus.zoo.resnet import cifar_resnet, resnet


def shapes(found: Plan) -> dict[str, tuple[int, ...]]:
    return {layer.name: layer.output for layer in found.network.layers}


@pytest.mark.proves("C1.lenet")
def test_lenet_has_61_706_parameters() -> None:
    assert plan(ZOO["lenet5"].document).totals.parameters == 61_706


@pytest.mark.proves("C2.count")
@pytest.mark.parametrize(("name", "count"), [("alexnet_2012", 60_965_224), ("alexnet", 61_100_840)])
def test_alexnet_has_the_published_count(name: str, count: int) -> None:
    assert plan(ZOO[name].document).totals.parameters == count


@pytest.mark.proves("B9.nin")
def test_network_in_network_mixes_by_1x1_after_each_convolution() -> None:
    found = plan(ZOO["network_in_network"].document)
    kernels = [each.fields["kernel"] for each in found.network.layers if each.type == "conv2d"]
    assert (
        kernels == [[11, 11], [1, 1], [1, 1], [5, 5], [1, 1], [1, 1]] + [[3, 3], [1, 1], [1, 1]] * 2
    )
    assert found.totals.parameters == 7_595_176


VGG = {
    "vgg11": 132_863_336,
    "vgg11_lrn": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16_c": 133_638_952,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "vgg11_bn": 132_868_840,
    "vgg13_bn": 133_053_736,
    "vgg16_bn": 138_365_992,
    "vgg19_bn": 143_678_248,
}
INCEPTION = {
    "googlenet": 6_624_904,
    "googlenet_heads": 13_004_888,
    "googlenet_paper": 6_998_552,
    "googlenet_paper_heads": 13_378_280,
    "inception_v2": 11_295_240,
    "inception_v3": 23_834_568,
    "inception_v3_heads": 27_161_264,
    "inception_v4": 42_679_816,
}
RESNET = {
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "resnet20_cifar": 269_722,
    "resnet32_cifar": 464_154,
    "resnet44_cifar": 658_586,
    "resnet56_cifar": 853_018,
    "resnet110_cifar": 1_727_962,
    "resnet1202_cifar": 19_421_274,
    "resnet1001_cifar": 10_327_706,
}


@pytest.mark.proves("C3.plan")
@pytest.mark.parametrize("name", VGG)
def test_vgg_has_the_published_count(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == VGG[name]


@pytest.mark.proves("C4.plan")
@pytest.mark.parametrize("name", INCEPTION)
def test_googlenet_and_its_successors_have_the_published_count(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == INCEPTION[name]


@pytest.mark.proves("C5.plan")
@pytest.mark.parametrize("name", RESNET)
def test_resnet_has_the_published_count(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == RESNET[name]


@pytest.mark.parametrize("name", ZOO)
def test_an_entry_tells_the_count_that_is_planned(name: str) -> None:
    assert plan(ZOO[name].document).totals.parameters == ZOO[name].parameters


@pytest.mark.parametrize("name", ZOO)
def test_a_document_is_json_that_a_person_can_read(name: str) -> None:
    text = json.dumps(ZOO[name].document)
    assert json.loads(text) == ZOO[name].document
    assert len(text) < 7_000


@pytest.mark.proves("C2.shapes")
def test_alexnet_has_the_shapes_of_the_table() -> None:
    sizes = list(shapes(plan(ZOO["alexnet_2012"].document)).values())
    assert (96, 55, 55) in sizes
    assert (256, 27, 27) in sizes
    assert (256, 13, 13) in sizes
    assert (9216,) in sizes


DENSE = [(9216,), (4096,), (4096,), (1000,)]
TABLE = {
    "alexnet_2012": [
        *[(96, 55, 55), (96, 27, 27), (256, 27, 27), (256, 13, 13)],
        *[(384, 13, 13), (384, 13, 13), (256, 13, 13), (256, 6, 6)],
        *DENSE,
    ],
    "alexnet": [
        *[(64, 55, 55), (64, 27, 27), (192, 27, 27), (192, 13, 13)],
        *[(384, 13, 13), (256, 13, 13), (256, 13, 13), (256, 6, 6)],
        *DENSE,
    ],
}


@pytest.mark.proves("C2.shapes")
@pytest.mark.parametrize("name", TABLE)
def test_every_row_of_the_table_of_shapes_is_planned(name: str) -> None:
    rows = {"conv2d", "max_pool2d", "flatten", "linear"}
    found = plan(ZOO[name].document).network.layers
    assert [layer.output for layer in found if layer.type in rows] == TABLE[name]


@pytest.mark.proves("C2.units")
def test_alexnet_has_659_272_units_of_the_650_000_that_are_told() -> None:
    found = plan(ZOO["alexnet_2012"].document).network.layers
    units = sum(math.prod(layer.output) for layer in found if layer.type in ("conv2d", "linear"))
    assert units == 659_272
    assert units / 650_000 == pytest.approx(1, abs=0.015)


@pytest.mark.proves("C2.shapes")
def test_227_without_padding_gives_the_same_maps() -> None:
    document = json.loads(json.dumps(ZOO["alexnet_2012"].document))
    document["network"]["input"] = [3, 227, 227]
    document["network"]["layers"][0]["padding"] = 0
    found = plan(document)
    assert found.network.layers[0].output == (96, 55, 55)
    assert found.totals.parameters == 60_965_224


@pytest.mark.proves("C5.plan")
def test_projected_shortcuts_cost_what_the_paper_says() -> None:
    counts = {
        shortcut: plan(cifar_resnet(20, shortcut)).totals.parameters
        for shortcut in ("pad", "project", "project_always")
    }
    # Of the 7 shortcuts between equal shapes, 3 have 16 channels, 2 have 32, 2 have 64.
    further = 3 * (16 * 16 + 32) + 2 * (32 * 32 + 64) + 2 * (64 * 64 + 128)
    assert counts == {"pad": 269_722, "project": 272_474, "project_always": 272_474 + further}


@pytest.mark.proves("C5.plan")
def test_a_bottleneck_may_halve_in_its_first_convolution() -> None:
    paper = plan(resnet("ResNet-50", (3, 4, 6, 3), "bottleneck", stride_first=True))
    common = plan(ZOO["resnet50"].document)
    assert paper.totals.parameters == common.totals.parameters
    assert paper.totals.multiply_adds < common.totals.multiply_adds
    written = json.loads(json.dumps(ZOO["resnet50"].document))
    for layer in written["network"]["layers"]:
        if isinstance(layer, dict) and layer.get("with", {}).get("middle") == 2:
            layer["with"] |= {"first": 2, "middle": 1}
    assert plan(written).hash == paper.hash


@pytest.mark.proves("G7")
def test_dense_layers_hold_nine_tenths_of_alexnet_and_vgg() -> None:
    for name, share in (("alexnet", 0.960), ("vgg16", 0.894)):
        found = plan(ZOO[name].document)
        dense = sum(each.parameter_count for each in found.network.layers if each.type == "linear")
        assert dense / found.totals.parameters == pytest.approx(share, abs=0.001)


@pytest.mark.proves("C4.plan", "B9.heads")
def test_the_heads_of_googlenet_are_further_losses() -> None:
    found = plan(ZOO["googlenet_heads"].document)
    assert [(loss.input, loss.weight) for loss in found.train.losses] == [
        (found.network.output, 1.0),
        ("head_1", 0.3),
        ("head_2", 0.3),
    ]
