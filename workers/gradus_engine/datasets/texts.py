"""Made-up texts. N samples, L characters at most; a text is the codes of its characters and zeros."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from gradus.datasets.text import LONGEST

Options = Mapping[str, Any]
Generator = Callable[[Options, RandomState], tuple[NDArray[np.float64], NDArray[np.int64]]]

THINGS = (
    "the soup", "the film", "the room", "the waiter", "the view", "the music", "the book",
    "the seat", "the bread", "the story", "the voice", "the train",
)  # fmt: skip
GOOD = ("good", "lovely", "fresh", "great", "warm", "kind", "bright", "fine")
BAD = ("bad", "dull", "stale", "awful", "cold", "rude", "dark", "poor")
HOW = ("", "", "very ", "really ", "quite ")


def phrases(options: Options, random: RandomState) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Opinions [N, L] with 1 where the last clause is content. Every third clause says not, every
    other text has a clause of the other mind before the one that counts.
    """
    liked = np.arange(options["samples"], dtype=np.int64) % 2
    texts = [_text(bool(each), random) for each in liked]
    return np.array([encoded(text) for text in texts], dtype=np.float64), liked


def _text(liked: bool, random: RandomState) -> str:
    before = f"{_clause(not liked, random)} but " if random.randint(2) else ""
    return before + _clause(liked, random)


def _clause(liked: bool, random: RandomState) -> str:
    thing = THINGS[random.randint(len(THINGS))]
    turned = random.randint(3) == 0
    words = GOOD if liked != turned else BAD
    how, word = HOW[random.randint(len(HOW))], words[random.randint(len(words))]
    return f"{thing} was {'not ' if turned else ''}{how}{word}"


def encoded(text: str) -> list[int]:
    """
    >>> encoded("ab")[:3]
    [97, 98, 0]
    """
    codes = [ord(character) for character in text]
    return codes + [0] * (LONGEST - len(codes))


TEXTS: dict[str, Generator] = {"phrases": phrases}
