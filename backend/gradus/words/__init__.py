"""One catalogue of sentences for the API, the command line and the page: code and params in, text out."""

import string
from collections.abc import Mapping
from typing import Any

from gradus.words.en import WORDS as EN
from gradus.words.zh import WORDS as ZH
from gradus.words.zh_data import SENTENCES as ZH_DATA
from gradus.words.zh_document import SENTENCES as ZH_DOCUMENT
from gradus.words.zh_layers import SENTENCES as ZH_LAYERS
from gradus.words.zh_training import SENTENCES as ZH_TRAINING

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": EN, "zh": ZH}
# What layers and fields say of themselves, by the English that stands beside them.
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "zh": {**ZH_DATA, **ZH_DOCUMENT, **ZH_LAYERS, **ZH_TRAINING}
}


def say(code: str, params: Mapping[str, Any] | None = None, language: str = "en") -> str:
    """The sentence for `code` with its `{params}` filled in.

    Raises KeyError for a code without words or a param that is missing.

    >>> say("layer.unknown", {"type": "linaer"})
    'There is no layer type "linaer".'
    """
    return LANGUAGES[language][code].format_map(params or {})


def hint(code: str, params: Mapping[str, Any] | None = None, language: str = "en") -> str | None:
    """The remedy for `code`, None where it has none or where what it would name is not known."""
    template = LANGUAGES[language].get(f"{code}.hint")
    if template is None or not slots(template) <= set(params or {}):
        return None
    return template.format_map(params or {})


def slots(template: str) -> set[str]:
    """Names of the `{params}` of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def translate(sentence: str, language: str) -> str:
    """What a layer or a field says of itself, in another language; as it is where that is not known.

    >>> translate("Output channels.", "zh")
    '输出通道数，即卷积核的个数。'
    """
    return SENTENCES.get(language, {}).get(sentence, sentence)
