"""The text of exported scripts: what it holds, what it refuses, what it cannot be made to say."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gradus.export.layers import WRITE
from gradus.export.pytorch import pytorch
from gradus.layers import LAYERS, MADE
from gradus.plan import plan
from gradus.presets import PRESETS
from gradus.problems import SpecError
from gradus.words import LANGUAGES, say
from gradus.zoo import ZOO

SPIRAL = PRESETS["spiral"].document


def imported(text):
    """Names of the packages that a script imports."""
    found = [
        each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Import | ast.ImportFrom)
    ]
    names = [getattr(each, "module", None) or each.names[0].name for each in found]
    return {name.partition(".")[0] for name in names}


def test_a_script_stands_alone():
    standard = {"json", "math", "collections", "hashlib", "pathlib"}
    assert imported(pytorch(plan(SPIRAL))) == standard | {"numpy", "torch"}
    digits = plan(PRESETS["digits_cnn"].document)
    assert "sklearn" in imported(pytorch(digits))


def test_a_chain_is_written_as_one():
    text = pytorch(plan(PRESETS["digits_cnn"].document))
    assert "class Network(nn.Sequential):" in text
    assert "conv2d_1=nn.Conv2d(1, 16, 3, padding=1),\n" in text
    assert "conv2d_1_relu=nn.ReLU(),  # [16, 8, 8]\n" in text
    assert "def forward" not in text


def test_composites_that_read_alike_share_a_class():
    text = pytorch(plan(ZOO["resnet18"].document))
    # Four widths, each but the first with a block that halves the picture.
    assert len(re.findall(r"class Residual\d?\(", text)) == 7
    assert len(text.splitlines()) < 320


def test_every_layer_of_the_language_is_written():
    assert set(WRITE) == set(LAYERS | MADE)


@pytest.mark.parametrize(
    "title", ['"""\nimport os\n"""', "\\", "a\nb\r\u2028c", "神经网络", "x" * 5000]
)
def test_a_title_says_nothing_but_itself(title):
    text = pytorch(plan(SPIRAL), title=title)
    assert "os" not in imported(text)
    first, *_ = text.splitlines()
    assert first.endswith(": 145 parameters, written by Gradus.")
    assert len(first) < 160


def codes(planned):
    with pytest.raises(SpecError) as refused:
        pytorch(planned)
    return {(each.code, each.path) for each in refused.value.problems}


def changed(planned, **change):
    """The plan with another first layer, as a later version of the language may make it."""
    network = planned.network
    first, *others = network.layers
    layers = (replace(first, **change), *others)
    return replace(planned, networks={"network": replace(network, layers=layers)})


def test_a_layer_without_a_text_is_refused_by_its_name():
    assert codes(changed(plan(SPIRAL), type="quantum")) == {("export.layer", "/network/layers/0")}


def test_a_field_without_a_text_is_refused_by_its_name():
    planned = plan(SPIRAL)
    fields = {**planned.network.layers[0].fields, "colour": "blue"}
    with pytest.raises(SpecError, match=r"colour of features"):
        pytorch(changed(planned, fields=fields))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"optimizer": {"type": "magic", "learning_rate": 1.0}}, "magic"),
        ({"schedule": {"type": "tides"}}, "tides"),
        ({"precision": "float16"}, "float16"),
    ],
)
def test_a_way_of_learning_without_a_text_is_refused_by_its_name(change, word):
    planned = plan(SPIRAL)
    with pytest.raises(SpecError, match=word):
        pytorch(replace(planned, train=replace(planned.train, **change)))


def test_unknown_data_are_refused():
    planned = plan(SPIRAL)
    assert planned.dataset is not None
    uploaded = replace(planned, dataset=replace(planned.dataset, name="mine"))
    assert codes(uploaded) == {("export.data", "/data")}


# Presets, published networks and examples that no script says.
UNSAID: set[str] = set()
EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))


def documents():
    yield from ((name, preset.document) for name, preset in PRESETS.items())
    yield from ((name, entry.document) for name, entry in ZOO.items())
    yield from ((path.stem, YAML(typ="safe").load(path.read_text())) for path in EXAMPLES)


def is_refused(document):
    try:
        compile(pytorch(plan(document)), "model.py", "exec")
    except SpecError:
        return True
    return False


def test_what_no_script_says_is_known():
    assert {name for name, document in documents() if is_refused(document)} == UNSAID


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_has_a_place_and_a_remedy(language):
    planned = plan(SPIRAL)
    assert planned.dataset is not None
    uploaded = replace(planned, dataset=replace(planned.dataset, name="mine"))
    lost = replace(planned, train=replace(planned.train, schedule={"type": "tides"}))
    for refused in (uploaded, lost, changed(planned, type="quantum")):
        with pytest.raises(SpecError) as found:
            pytorch(refused)
        for problem in found.value.problems:
            assert problem.path
            assert say(f"{problem.code}.hint", problem.params, language)
