"""From texts to whole numbers. N texts, L characters at most, T tokens at most."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from gradus.transforms import SPECIAL, tokens_of

Fields = Mapping[str, Any]
Step = Callable[[Tensor, torch.Generator | None], Tensor]


def tokenize(fields: Fields, fitted: Tensor) -> Step:
    """[N, L] codes of characters → [N, T] tokens by their rank in the training part, the most
    frequent first (of equally frequent ones the first in the alphabet); 0 behind the end, 1 for
    tokens without a number of their own."""
    by, known = fields["by"], vocabulary(fields, fitted)
    numbers = {token: rank for rank, token in enumerate(known, start=SPECIAL)}
    longest = tokens_of(by, fitted.shape[1])

    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        rows = [[numbers.get(token, 1) for token in _split(text, by)] for text in _texts(x)]
        full = [row + [0] * (longest - len(row)) for row in rows]
        return torch.tensor(full, dtype=x.dtype, device=x.device).reshape(len(x), longest)

    return step


def vocabulary(fields: Fields, fitted: Tensor) -> list[str]:
    """The tokens that have numbers of their own, by their rank in the training part."""
    by = fields["by"]
    counts = Counter(token for text in _texts(fitted) for token in _split(text, by))
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return ranked[: fields["words"] - SPECIAL]


def pad(fields: Fields, fitted: Tensor) -> Step:
    """[N, T] → [N, length]: what is too long loses its end; zeros fill up behind or in front."""
    length = fields["length"]

    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        kept = (x != 0).sum(1).clamp(max=length)
        places = torch.arange(length, device=x.device).expand(len(x), length)
        if fields["side"] == "start":
            places = places - (length - kept)[:, None]
        inside = (places >= 0) & (places < kept[:, None])
        return torch.where(inside, x.gather(1, places.clamp(0, x.shape[1] - 1)), 0.0)

    return step


def _texts(codes: Tensor) -> Iterable[str]:
    for row in codes.to(torch.uint8).tolist():
        yield bytes(row).rstrip(b"\0").decode("ascii")


def _split(text: str, by: str) -> list[str]:
    if by == "word":
        return text.split()
    if by == "character":
        return list(text)
    return [text[at : at + 2] for at in range(len(text) - 1)]
