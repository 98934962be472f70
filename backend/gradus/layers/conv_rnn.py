"""A recurrent layer whose matrices are convolutions."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Misfit, check_known
from gradus.layers.parametric import TORCH, Bias, Init, Trainable, WeightDecay
from gradus.layers.ports import Ported, check_port
from gradus.planned import Shape
from gradus.section import Pair, Size

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


class ConvRnn(Ported):
    """Pictures one after the other [T, C, H, W] → [T, filters, H, W], or the last [filters, H, W].

    The state is itself a picture; each convolution keeps its size (Shi et al. 2015, without
    connections from the memory to the gates).

    >>> ConvRnn(filters=8).output([(5, 3, 16, 16)])
    (5, 8, 16, 16)
    """

    type: ClassVar[str] = "conv_rnn"
    family: ClassVar[str] = "conv_rnn"
    meaning: ClassVar[str] = "Reads pictures one after the other; what it remembers is a picture."
    formula: ClassVar[str] = (
        "the cells of rnn, gru and lstm with W ∗ x and U ∗ h₋₁ for W x and U h₋₁"
    )
    shape_rule: ClassVar[str] = (
        "[T, C, H, W] → [T, filters, H, W], last: [filters, H, W]; state: [filters, H, W]"
    )
    counts: ClassVar[str] = (
        "g · filters · ((C + filters) · kh · kw + 2), g = 1 for rnn, 3 for gru and 4 for lstm"
    )
    source: ClassVar[str] = "Shi et al. 2015: Convolutional LSTM Network"
    example: ClassVar[Example] = {
        "network": {
            "input": ["*", 3, 16, 16],
            "layers": [{"type": "conv_rnn", "filters": 8, "returns": "last"}],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (1, 2)
    reads: ClassVar[tuple[int, ...]] = (4,)
    ports: ClassVar[tuple[str, ...]] = ("input", "state")
    any_length: ClassVar[bool] = True

    filters: Annotated[Size, Field(description="Channels of the state.")]
    kernel: Annotated[Pair, Field(description="Size of the window: one number or two.")] = (3, 3)
    cell: Annotated[
        Literal["rnn", "gru", "lstm"], Field(description="What is computed at a step.")
    ] = "lstm"
    returns: Annotated[
        Literal["sequence", "last"],
        Field(description="The output of every step, or the state at the end."),
    ] = "sequence"
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        shape = given["input"]
        if len(shape) != 4:
            axes = "[T, C, H, W]"
            raise Misfit(
                "shape.rank", expected=axes, got=str(list(shape)), type=self.type, axes=axes,
                shape=list(shape),
            )  # fmt: skip
        check_known(self, shape[1:], shape)
        state = (self.filters, *shape[2:])
        check_port(self, "state", given, state)
        return (shape[0], *state) if self.returns == "sequence" else state

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        state = (self.filters, *self.read(inputs)["input"][2:])
        return {"state": state, "memory": state} if self.cell == "lstm" else {"state": state}

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        rows = GATES[self.cell] * self.filters
        shapes: dict[str, Shape] = {
            "weight_ih": (rows, given["input"][1], *self.kernel),
            "weight_hh": (rows, self.filters, *self.kernel),
        }
        return shapes | ({"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {})

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        steps, channels, *sides = self.read(inputs)["input"]
        rows = GATES[self.cell] * self.filters
        return int(steps * rows * (channels + self.filters) * prod(self.kernel) * prod(sides))
