"""Transforms of inputs as a plan lists them: fitted on the training part, drawn while training.

N samples, C channels, H rows, W columns, F features.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from gradus.seeds import derive
from gradus.transforms import RANDOM, fitted_name
from gradus_engine.datasets.tokens import known_tokens, pad, tokenize, vocabulary

Fields = Mapping[str, Any]
Fitted = Mapping[str, Tensor]
# From inputs [N, …] to inputs; with a generator as in training, without one as everywhere else.
Step = Callable[[Tensor, torch.Generator | None], Tensor]


def moments(fields: Fields, inputs: Tensor) -> Fitted:
    """Mean and deviation of each channel or feature: [C, …]; a deviation of 0 counts as 1."""
    axes = (0, *range(2, inputs.dim()))
    deviation = inputs.std(axes, correction=0, keepdim=True)
    deviation = torch.where(deviation == 0, 1.0, deviation)
    return {"mean": inputs.mean(axes, keepdim=True)[0], "deviation": deviation[0]}


def mean_cells(fields: Fields, inputs: Tensor) -> Fitted:
    return {"mean": inputs.mean(0)}


def standardize(fields: Fields, fitted: Fitted) -> Step:
    mean, deviation = fitted["mean"], fitted["deviation"]
    return lambda x, _: (x - mean.to(x)) / deviation.to(x)


def mean_image(fields: Fields, fitted: Fitted) -> Step:
    mean = fitted["mean"]
    return lambda x, _: x - mean.to(x)


def one_hot(fields: Fields, fitted: Fitted) -> Step:
    """[N, F] → [N, F − 1 + values], the new features where the column was. A number that counts no
    kind gives zeros."""
    column = fields["column"]

    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        kinds = torch.arange(fields["values"], device=x.device)
        hot = (x[:, column, None] == kinds).to(x.dtype)
        return torch.cat([x[:, :column], hot, x[:, column + 1 :]], 1)

    return step


def resize(fields: Fields, fitted: Fitted) -> Step:
    size, mode = tuple(fields["size"]), fields["mode"]
    middle = {"align_corners": False, "antialias": True} if mode == "bilinear" else {}
    return lambda x, _: functional.interpolate(x, size, mode=mode, **middle)


def center_crop(fields: Fields, fitted: Fitted) -> Step:
    return lambda x, _: _middle(x, fields["size"])


def random_crop(fields: Fields, fitted: Fitted) -> Step:
    (height, width), (rows, columns) = fields["size"], fields["padding"]

    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        x = functional.pad(x, (columns, columns, rows, rows))
        if generator is None:
            return _middle(x, (height, width))
        top = _whole(x, x.shape[2] - height + 1, generator)
        left = _whole(x, x.shape[3] - width + 1, generator)
        i = (top[:, None] + torch.arange(height, device=x.device))[:, None, :, None]
        j = (left[:, None] + torch.arange(width, device=x.device))[:, None, None, :]
        n = torch.arange(len(x), device=x.device)[:, None, None, None]
        c = torch.arange(x.shape[1], device=x.device)[:, None, None]
        return x[n, c, i, j]

    return step


def flip(fields: Fields, fitted: Fitted) -> Step:
    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        if generator is None:
            return x
        for axis, chance in ((3, fields["horizontal"]), (2, fields["vertical"])):
            turned = _uniform(x, 0, 1, generator) < chance
            x = torch.where(turned, x.flip(axis), x)
        return x

    return step


def scale(fields: Fields, fitted: Fitted) -> Step:
    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        if generator is None:
            return x
        factor = _uniform(x, fields["low"], fields["high"], generator).float()
        # Where each cell of the new picture lies in the old one; zeros are around it.
        turn = torch.zeros(len(x), 2, 3, device=x.device)
        turn[:, 0, 0] = turn[:, 1, 1] = 1 / factor[:, 0, 0, 0]
        grid = functional.affine_grid(turn, list(x.shape), align_corners=False)
        return functional.grid_sample(x.float(), grid, align_corners=False).to(x.dtype)

    return step


def color(fields: Fields, fitted: Fitted) -> Step:
    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        if generator is None:
            return x
        mean = x.mean((1, 2, 3), keepdim=True)
        share = fields["contrast"]
        contrast: Tensor = _uniform(x, 1 - share, 1 + share, generator)
        light = _normal(mean, fields["brightness"], generator)
        return mean + (x - mean) * contrast + light

    return step


def noise(fields: Fields, fitted: Fitted) -> Step:
    def step(x: Tensor, generator: torch.Generator | None) -> Tensor:
        if generator is None:
            return x
        return x + _normal(x, fields["std"], generator)

    return step


# What a transform takes from the training inputs [N, …] as it finds them.
FIT: dict[str, Callable[[Fields, Tensor], Fitted]] = {
    "standardize": moments,
    "mean_image": mean_cells,
    "tokenize": known_tokens,
}
TRANSFORMS: dict[str, Callable[[Fields, Fitted], Step]] = {
    "standardize": standardize,
    "mean_image": mean_image,
    "one_hot": one_hot,
    "resize": resize,
    "center_crop": center_crop,
    "random_crop": random_crop,
    "flip": flip,
    "scale": scale,
    "color": color,
    "noise": noise,
    "tokenize": tokenize,
    "pad": pad,
}


class Preparation:
    """The transforms of a plan, fitted on the inputs [N, …] of a training part.

    Those before the first random one are done once for all; those from there on at every step.
    `fitted` holds what they took from these inputs, by the names that it is kept under.
    """

    def __init__(self, planned: Sequence[Fields], inputs: Tensor) -> None:
        self._steps: list[Step] = []
        self.fitted: dict[str, Tensor] = {}
        # Of texts: the tokens from number 2 on; none where numbers are codes of characters.
        self.vocabulary: tuple[str, ...] = ()
        for place, fields in enumerate(planned):
            kind = fields["type"]
            fitted = FIT[kind](fields, inputs) if kind in FIT else {}
            self.fitted |= {fitted_name(place, name): each for name, each in fitted.items()}
            if kind == "tokenize":
                self.vocabulary = tuple(vocabulary(fitted))
            step = TRANSFORMS[kind](fields, fitted)
            inputs = step(inputs, None)
            self._steps.append(step)
        random = [index for index, fields in enumerate(planned) if fields["type"] in RANDOM]
        self._first = random[0] if random else len(planned)

    @property
    def random(self) -> bool:
        """Whether training reads other inputs at every step."""
        return self._first < len(self._steps)

    def settled(self, inputs: Tensor) -> Tensor:
        """Inputs as a network reads them when it does not train."""
        for step in self._steps:
            inputs = step(inputs, None)
        return inputs

    def begun(self, inputs: Tensor) -> Tensor:
        """Inputs with all that is the same at every step done to them."""
        for step in self._steps[: self._first]:
            inputs = step(inputs, None)
        return inputs

    def drawn(self, inputs: Tensor, seed: int, step: int) -> Tensor:
        """What has `begun`, as the training step numbered `step` reads it; a function of seed and
        step alone."""
        for index, each in enumerate(self._steps[self._first :]):
            generator = torch.Generator(inputs.device)
            generator.manual_seed(derive(seed, "transform", str(index), step))
            inputs = each(inputs, generator)
        return inputs


def _middle(x: Tensor, size: Sequence[int]) -> Tensor:
    top, left = (x.shape[2] - size[0]) // 2, (x.shape[3] - size[1]) // 2
    return x[:, :, top : top + size[0], left : left + size[1]]


def _whole(x: Tensor, below: int, generator: torch.Generator) -> Tensor:
    return torch.randint(below, (len(x),), device=x.device, generator=generator)


def _normal(like: Tensor, deviation: float, generator: torch.Generator) -> Tensor:
    drawn = torch.empty_like(like).normal_(generator=generator)
    return drawn.mul_(deviation)


def _uniform(x: Tensor, low: float, high: float, generator: torch.Generator) -> Tensor:
    """One number a sample, [N, 1, 1, 1]."""
    drawn = torch.empty(len(x), 1, 1, 1, device=x.device, dtype=x.dtype)
    return drawn.uniform_(low, high, generator=generator)
