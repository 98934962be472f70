"""The guide to the layers: fresh, whole, and every example in it does what it says."""

import re
from pathlib import Path

import pytest

from gradus.composites import COMPOSITES
from gradus.layers import LAYERS
from gradus.plan import plan
from gradus.planned import shape_json
from gradus_client.document import read
from tests.scripts.test_page import load

ROOT = Path(__file__).parents[2]
guide = load("guide", ROOT / "scripts" / "guide.py")
TEXT = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"^### (\w+)$.*?^```yaml\n(.*?# parameters: \d+\n# (.*?)\n)```$", re.MULTILINE | re.DOTALL
)
EXAMPLES = {type: (text, shape) for type, text, shape in EXAMPLE.findall(TEXT)}


def test_the_guide_is_what_the_layers_say_today():
    assert guide.guide() == TEXT, "docs/layers.md is stale: run python scripts/guide.py"


def test_every_layer_and_composite_has_its_section():
    assert list(EXAMPLES) == [*LAYERS, *COMPOSITES]


def test_every_family_has_one_heading():
    headings = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    assert len(headings) == len(set(headings)) == len(guide.FAMILIES) + 3


@pytest.mark.parametrize("type", EXAMPLES)
def test_an_example_as_it_is_read_has_the_shape_of_its_last_line(type):
    text, shape = EXAMPLES[type]
    network = plan(read("guide", text).document).network
    assert guide.flow(shape_json(network.shapes[network.output])) == shape


def test_bounds_and_defaults_are_told():
    assert "| `rate` | number ≥ 0, < 1 | `0.5` | Share of the units switched off. |" in TEXT
    assert "| `filters` | integer ≥ 1 | required | Output channels. |" in TEXT


def test_every_transform_has_its_section():
    kinds = guide.fields(guide.Data)["fields"]["transforms"]["items"]["anyOf"][1]["oneOf"]
    for kind in kinds:
        assert f"\n### {kind['properties']['type']['const']}\n" in TEXT
