"""Recurrent layers: one cell, used again at every step of a sequence."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr

from gradus.layers.layer import Example, Layer, Misfit, check_known
from gradus.layers.parametric import TORCH, Bias, Init, Trainable, WeightDecay
from gradus.planned import ANY, ParameterPlan, ReceptiveField, Shape
from gradus.section import Finite, Flag, Size


class Recurrent(Layer):
    """What all recurrent layers share: [L, inputs] → [L, units], or [units] of the last step.

    With a `mask` [L] of 1 and 0 a step under 0 leaves the state as it is and gives 0. `state` is
    what the last layer's cells end with, both directions one behind the other.
    """

    family: ClassVar[str] = "recurrent"
    inputs: ClassVar[tuple[int, int]] = (1, 3)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "mask", "state")
    any_length: ClassVar[bool] = True
    gates: ClassVar[int] = 1
    held: ClassVar[int] = 4  # numbers that a unit leaves behind at each step, until the way back
    shape_rule: ClassVar[str] = (
        "[L, N] → [L, b·units], last: [b·units]; state: [b·units]; b = 2 if bidirectional else 1"
    )

    units: Annotated[Size, Field(description="Length of the state.")]
    layers: Annotated[
        int, Field(strict=True, ge=1, le=16, description="Cells on top of each other.")
    ] = 1
    bidirectional: Annotated[
        Flag, Field(description="Whether a second cell reads the sequence backwards.")
    ] = False
    returns: Annotated[
        Literal["sequence", "last"],
        Field(description="The output of every step, or the state at the end."),
    ] = "sequence"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    _given: tuple[str, ...] = PrivateAttr(("input",))

    def bind(self, ports: tuple[str, ...]) -> "Recurrent":
        bound = self.model_copy()
        bound._given = ports
        return bound

    @property
    def width(self) -> int:
        """Length of what one step gives."""
        return self.units * (1 + self.bidirectional)

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = dict(zip(self._given, inputs, strict=True))
        self._check(given)
        return (given["input"][0], self.width) if self.returns == "sequence" else (self.width,)

    def _check(self, given: Mapping[str, Shape]) -> None:
        steps, features = _sequence(self, given["input"])
        check_known(self, (features,), given["input"])
        wanted = {"mask": (steps,), "state": (self.width,)}
        for port, shape in wanted.items():
            if port in given and given[port] != shape and ANY not in given[port]:
                raise Misfit(
                    "port.shape",
                    field="from",
                    expected=str(list(shape)),
                    got=str(list(given[port])),
                    type=self.type,
                    port=port,
                    wanted=list(shape),
                    shape=list(given[port]),
                )

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"state": (self.width,)}

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        rows, found = self.gates * self.units, []
        for layer in range(self.layers):
            columns = inputs[0][1] if layer == 0 else self.width
            for suffix in ("", "_reverse")[: 1 + self.bidirectional]:
                shapes: dict[str, Shape] = {
                    "weight_ih": (rows, columns),
                    "weight_hh": (rows, self.units),
                }
                if self.bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                for name, shape in shapes.items():
                    found.append(ParameterPlan(f"{name}_l{layer}{suffix}", shape, self.trainable))
        return tuple(found)

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        steps, features = inputs[0]
        rows = self.gates * self.units * (1 + self.bidirectional)
        first = rows * (features + self.units)
        further = rows * (self.width + self.units)
        return steps * (first + (self.layers - 1) * further)

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        return inputs[0][0] * self.held * self.units * self.layers * (1 + self.bidirectional)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


def _sequence(layer: Layer, shape: Shape) -> tuple[int, int]:
    """Steps and features of a sequence; raises Misfit where the shape is none."""
    if len(shape) != 2:
        raise Misfit(
            "shape.rank",
            expected="[L, features]",
            got=str(list(shape)),
            type=layer.type,
            axes="[L, features]",
            shape=list(shape),
        )
    return shape[0], shape[1]


class Rnn(Recurrent):
    """The simple recurrent layer (Elman 1990).

    >>> sum(p.shape[0] for p in Rnn(units=3).parameters([(5, 2)]))
    12
    """

    type: ClassVar[str] = "rnn"
    meaning: ClassVar[str] = "Mixes each step with what it remembers of the steps before."
    formula: ClassVar[str] = "h = tanh(W x + b + U h₋₁ + c)"
    counts: ClassVar[str] = (
        "b · units · (N + units + 2) in the first of layers, N = b · units in the others"
    )
    source: ClassVar[str] = "Elman 1990: Finding Structure in Time"
    example: ClassVar[Example] = {
        "network": {"input": [7, 3], "layers": [{"type": "rnn", "units": 5}]}
    }

    activation: Annotated[Literal["tanh", "relu"], Field(description="Function of the cell.")] = (
        "tanh"
    )


class Lstm(Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber 1997, with a forget gate)."""

    type: ClassVar[str] = "lstm"
    meaning: ClassVar[str] = (
        "Keeps a memory that gates write to, erase and read, so that it lasts many steps."
    )
    formula: ClassVar[str] = (
        "i, f, o = σ(…), g = tanh(…) of x and h₋₁; c = f ∘ c₋₁ + i ∘ g; h = o ∘ tanh(c)"
    )
    counts: ClassVar[str] = (
        "b · 4 · units · (N + units + 2) in the first of layers, N = b · units in the others"
    )
    source: ClassVar[str] = (
        "Hochreiter and Schmidhuber 1997: Long Short-Term Memory; Gers et al. 2000: Learning to Forget"
    )
    example: ClassVar[Example] = {
        "network": {
            "input": ["*", 3],
            "layers": [{"type": "lstm", "units": 5, "bidirectional": True, "returns": "last"}],
        }
    }
    gates: ClassVar[int] = 4
    held: ClassVar[int] = 26

    forget_bias: Annotated[
        Finite | None,
        Field(
            description="What the forget gate's biases start with in sum; as init says unless set."
        ),
    ] = None

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"state": (self.width,), "memory": (self.width,)}


class Gru(Recurrent):
    """Gated recurrent unit (Cho et al. 2014)."""

    type: ClassVar[str] = "gru"
    meaning: ClassVar[str] = "Blends each step with what it remembers, by gates that it learns."
    formula: ClassVar[str] = (
        "z, r = σ(…); n = tanh(W x + r ∘ (U h₋₁)); h = (1 − z) ∘ n + z ∘ h₋₁ as torch has it"
    )
    counts: ClassVar[str] = (
        "b · 3 · units · (N + units + 2) in the first of layers, N = b · units in the others"
    )
    source: ClassVar[str] = (
        "Cho et al. 2014: Learning Phrase Representations Using RNN Encoder-Decoder"
    )
    example: ClassVar[Example] = {
        "network": {"input": [7, 3], "layers": [{"type": "gru", "units": 5, "layers": 2}]}
    }
    gates: ClassVar[int] = 3
    held: ClassVar[int] = 12

    update: Annotated[
        Literal["torch", "notes"],
        Field(description="Whether z keeps what was (torch) or lets in what is new (notes)."),
    ] = "torch"
    reset: Annotated[
        Literal["after", "before"],
        Field(description="Whether r is applied after the matrix U, as torch does, or before it."),
    ] = "after"
