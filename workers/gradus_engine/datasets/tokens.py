"""From texts to whole numbers. N texts, L characters at most, T tokens at most."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from gradus.transforms import SPECIAL, tokens_of

Fields = Mapping[str, Any]
Fitted = Mapping[str, Tensor]
Step = Callable[[Tensor, torch.Generator | None], Tensor]


def known_tokens(fields: Fields, codes: Tensor) -> Fitted:
    """The tokens of the training part that have numbers, the most frequent first (of equally
    frequent ones the first in the alphabet), as the bytes of a JSON list: tensors hold no texts."""
    counts = Counter(token for text in _texts(codes) for token in _split(text, fields["by"]))
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    listed = json.dumps(ranked[: fields["words"] - SPECIAL])
    return {"tokens": torch.tensor(list(listed.encode()), dtype=torch.uint8)}


def vocabulary(fitted: Fitted) -> list[str]:
    """The tokens that have numbers of their own, by their rank in the training part."""
    known: list[str] = json.loads(bytes(fitted["tokens"].tolist()))
    return known


def tokenize(fields: Fields, fitted: Fitted) -> Step:
    """[N, L] codes of characters → [N, T] tokens by their rank; 0 behind the end, 1 for tokens
    without a number of their own."""
    by = fields["by"]
    numbers = {token: rank for rank, token in enumerate(vocabulary(fitted), start=SPECIAL)}

    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        longest = tokens_of(by, x.shape[1])
        rows = [[numbers.get(token, 1) for token in _split(text, by)] for text in _texts(x)]
        full = [row + [0] * (longest - len(row)) for row in rows]
        return torch.tensor(full, dtype=x.dtype, device=x.device).reshape(len(x), longest)

    return step


def pad(fields: Fields, fitted: Fitted) -> Step:
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
