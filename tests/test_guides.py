"""The guides show real files, specs that plan and code that compiles."""

import re
from pathlib import Path

import pytest

from gradus.plan import plan
from gradus_client.document import read

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/api.md", "docs/sweeps.md")]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`(\S+\.py)`\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(((?!https?:)[^)#]+)\)")


def blocks(language):
    return [
        pytest.param(text, id=f"{guide.name}-{number}")
        for guide in GUIDES
        for number, (kind, text) in enumerate(BLOCK.findall(guide.read_text()))
        if kind == language
    ]


def test_the_layer_shown_whole_is_the_real_one():
    shown = dict(QUOTED.findall((ROOT / "CONTRIBUTING.md").read_text()))
    assert len(shown) == 2
    for path, text in shown.items():
        assert text == (ROOT / path).read_text(), f"CONTRIBUTING.md shows an older {path}"


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_spec_shown_can_be_planned(text):
    assert plan(read("guide", text).document).totals.parameters > 0


@pytest.mark.parametrize("text", blocks("python"))
def test_all_python_shown_compiles(text):
    compile(text, "guide", "exec")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_path_named_is_there(guide):
    text = guide.read_text()
    named = set(re.findall(r"`((?:backend|workers|frontend|tests|docs|examples)/[\w./-]+)`", text))
    linked = {link for link in LINK.findall(text) if not link.endswith(".png")}
    missing = {path for path in named if not (ROOT / path).exists()}
    missing |= {path for path in linked if not (guide.parent / path).exists()}
    assert not missing
