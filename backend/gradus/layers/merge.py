"""Layers that join several inputs into one."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit
from gradus.planned import ANY, ReceptiveField, Shape

MOST = 4096


class Merge(Layer):
    """What all joins share: they read two layers or more."""

    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "merge"
    inputs: ClassVar[tuple[int, int]] = (2, MOST)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        known = [field for field in fields if field is not None]
        if len(known) < len(fields) or len({len(field.size) for field in known}) != 1:
            return None
        size = tuple(max(sizes) for sizes in zip(*(field.size for field in known), strict=True))
        return ReceptiveField(size, known[0].stride)


class Elementwise(Merge):
    """Joins inputs of one shape, number by number."""

    def output(self, inputs: Sequence[Shape]) -> Shape:
        for shape in inputs[1:]:
            if shape != inputs[0]:
                raise _unequal("shape.merge", self.type, inputs[0], shape)
        return inputs[0]


class Add(Elementwise):
    type: ClassVar[str] = "add"
    meaning: ClassVar[str] = "Adds its inputs number by number."
    formula: ClassVar[str] = "y = x₁ + x₂ + …"
    shape_rule: ClassVar[str] = "[…], […], … → […]"
    source: ClassVar[str] = "He et al. 2016: Deep Residual Learning for Image Recognition"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [
                {"type": "linear", "units": 8, "name": "a"},
                {"type": "add", "from": ["input", "a"]},
            ],
        }
    }


class Multiply(Elementwise):
    type: ClassVar[str] = "multiply"
    meaning: ClassVar[str] = "Multiplies its inputs number by number."
    formula: ClassVar[str] = "y = x₁ · x₂ · …"
    shape_rule: ClassVar[str] = "[…], […], … → […]"
    source: ClassVar[str] = "Srivastava et al. 2015: Highway Networks"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [
                {"type": "linear", "units": 8, "activation": "sigmoid", "name": "gate"},
                {"type": "multiply", "from": ["input", "gate"]},
            ],
        }
    }


class Mean(Elementwise):
    type: ClassVar[str] = "mean"
    meaning: ClassVar[str] = "Takes the mean of its inputs number by number."
    formula: ClassVar[str] = "y = (x₁ + … + xₙ) / n"
    shape_rule: ClassVar[str] = "[…], […], … → […]"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [
                {"type": "linear", "units": 8, "name": "a"},
                {"type": "mean", "from": ["input", "a"]},
            ],
        }
    }


class Concat(Merge):
    """
    >>> Concat().output([(16, 8, 8), (32, 8, 8)])
    (48, 8, 8)
    """

    type: ClassVar[str] = "concat"
    meaning: ClassVar[str] = "Puts its inputs one behind the other along one axis."
    formula: ClassVar[str] = "y = [x₁, x₂, …]"
    shape_rule: ClassVar[str] = "[a, …], [b, …], … → [a + b + …, …]"
    source: ClassVar[str] = "Szegedy et al. 2015: Going Deeper with Convolutions"
    example: ClassVar[Example] = {
        "network": {
            "input": [3, 8, 8],
            "layers": [
                {"type": "conv2d", "filters": 4, "name": "a"},
                {"type": "concat", "from": ["input", "a"]},
            ],
        }
    }

    axis: Annotated[
        int,
        Field(strict=True, ge=0, le=7, description="Axis without the batch; 0 is the channels."),
    ] = 0

    def output(self, inputs: Sequence[Shape]) -> Shape:
        first = inputs[0]
        if self.axis >= len(first):
            raise Misfit(
                "shape.axis",
                field="axis",
                value=0,
                axis=self.axis,
                rank=len(first),
                shape=list(first),
            )
        for shape in inputs[1:]:
            if _without(shape, self.axis) != _without(first, self.axis):
                raise _unequal("shape.concat", self.type, first, shape)
        joined = [shape[self.axis] for shape in inputs]
        total = ANY if ANY in joined else sum(joined)
        return (*first[: self.axis], total, *first[self.axis + 1 :])


def _without(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], *shape[axis + 1 :]) if axis < len(shape) else (*shape, -1)


def _unequal(code: str, type: str, first: Shape, second: Shape) -> Misfit:
    return Misfit(
        code,
        expected=str(list(first)),
        got=str(list(second)),
        type=type,
        first=list(first),
        second=list(second),
    )
