"""One catalogue, two languages, and no code without words."""

import re
from pathlib import Path

import gradus
from gradus.words import LANGUAGES, hint, say, slots

# How a code stands in the sources: the first argument of whatever reports a problem.
CODES = re.compile(r'(?:add|problem|Misfit|Unreadable|_refuse|_count)\(\s*"([a-z_]+\.[a-z_.]+)"')


def test_both_languages_have_the_same_codes() -> None:
    assert LANGUAGES["en"].keys() == LANGUAGES["zh"].keys()


def test_both_languages_need_the_same_params() -> None:
    differing = [
        code
        for code, text in LANGUAGES["en"].items()
        if slots(text) != slots(LANGUAGES["zh"][code])
    ]
    assert differing == []


def test_chinese_is_chinese() -> None:
    same = [code for code, text in LANGUAGES["en"].items() if LANGUAGES["zh"][code] == text]
    assert same == []


def test_every_code_that_the_language_uses_has_words() -> None:
    folder = Path(gradus.__file__).parent
    used = {
        code for file in folder.rglob("*.py") for code in CODES.findall(file.read_text("utf-8"))
    }
    assert len(used) > 50
    assert used - LANGUAGES["en"].keys() == set()


def test_a_sentence_is_filled_with_its_params() -> None:
    params = {"type": "linaer", "nearest": "linear"}
    assert say("layer.unknown", params) == 'There is no layer type "linaer".'
    assert say("layer.unknown", params, "zh") == "没有名为“linaer”的层类型。"
    assert hint("layer.unknown", params, "zh") == "是不是想写 linear？"


def test_there_is_no_hint_without_what_it_would_name() -> None:
    assert hint("layer.unknown", {"type": "linaer"}) is None
