"""A recurrent decoder: reads its target step by step, and a memory by attention."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Misfit
from gradus.layers.parametric import TORCH, Bias, Init, Trainable, WeightDecay
from gradus.layers.ports import Ported, check_axes, check_given, check_port
from gradus.planned import Shape
from gradus.section import Fraction, Size

GATES = {"gru": 3, "lstm": 4}
Cell = Annotated[Literal["gru", "lstm"], Field(description="What is computed at a step.")]
TeacherForcing = Annotated[
    Fraction,
    Field(
        description="Share of the steps after the first at which training reads the input, drawn "
        "for each sample; the others read what the step before gave. Below 1, evaluation reads "
        "the first step of the input alone.",
        # Left out of the resolved form, so that a decoder has one hash whether this is said or not.
        exclude_if=lambda share: share == 1,
    ),
]


class DecoderRnn(Ported):
    """Target steps [L, E] and a memory [M, D] → [L, units] (Cho et al. 2014).

    `input` is the target shifted by one step, `state` [units] what the first step starts from,
    `mask` [M] hides steps of the memory under 0. `additive` is Bahdanau et al. 2015: the state
    before a step asks, and what is read enters the cell beside the input. `dot` is Luong et al.
    2015: the state after a step asks, and gives tanh(W [context, state]).

    `teacher_forcing` is the probability with which training reads the given step (Williams and
    Zipser 1989) after the first. Otherwise, and in evaluation where it is below 1, a step reads
    what the step before gave [units], through a matrix F [E, units] (Bengio et al. 2015, who feed
    back the embedding of the token that a softmax chooses: here no tokens stand inside the loop).

    >>> DecoderRnn(units=6).output([(5, 3)])
    (5, 6)
    """

    type: ClassVar[str] = "decoder_rnn"
    family: ClassVar[str] = "decoder"
    meaning: ClassVar[str] = (
        "Writes a sequence step by step, each step knowing those before and what it reads "
        "of a memory. Trained in part on its own output, it runs freely in evaluation."
    )
    formula: ClassVar[str] = (
        "additive: α = softmax(vᵀ tanh(W s₋₁ + U m)), s = cell([x, Σ α m], s₋₁); "
        "dot: α = softmax(sᵀ m), y = tanh(W [Σ α m, s]); "
        "teacher_forcing < 1: x = F y₋₁ where the given step is not read"
    )
    shape_rule: ClassVar[str] = (
        "[L, E] → [L, units]; memory: [M, D]; state: [units], weights: [L, M]"
    )
    counts: ClassVar[str] = (
        "g · units · (E + units + 2), g = 3 for gru and 4 for lstm; additive: + g · units · D + units · (units + D + 1); dot: + units · (D + units); teacher_forcing < 1: + E · units"
    )
    source: ClassVar[str] = (
        "Cho et al. 2014: Learning Phrase Representations using RNN Encoder-Decoder; Bahdanau et al. 2015: Neural Machine Translation by Jointly Learning to Align and Translate; Luong et al. 2015: Effective Approaches to Attention-based Neural Machine Translation; Williams and Zipser 1989: A Learning Algorithm for Continually Running Fully Recurrent Neural Networks; Bengio et al. 2015: Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks"
    )
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"words": ["*", 3], "target": ["*", 3]},
            "layers": [
                {"type": "gru", "name": "enc", "units": 5, "from": "words"},
                {
                    "type": "decoder_rnn",
                    "name": "dec",
                    "units": 5,
                    "attention": "additive",
                    "from": {"input": "target", "state": "enc.state", "memory": "enc"},
                },
            ],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (1, 4)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "state", "memory", "mask")
    any_length: ClassVar[bool] = True

    units: Annotated[Size, Field(description="Length of the state.")]
    cell: Cell = "gru"
    attention: Annotated[
        Literal["none", "additive", "dot"],
        Field(description="How a step is compared with the steps of the memory."),
    ] = "none"
    teacher_forcing: TeacherForcing = 1.0
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_axes(self, "input", given["input"], "[L, features]")
        check_port(self, "state", given, (self.units,))
        if self.attention == "none":
            self._refuse_memory(given)
        else:
            self._check_memory(given)
        return (given["input"][0], self.units)

    def _refuse_memory(self, given: Mapping[str, Shape]) -> None:
        if given.keys() & {"memory", "mask"}:
            raise Misfit("decoder.unread", field="attention", value="additive", type=self.type)

    def _check_memory(self, given: Mapping[str, Shape]) -> None:
        check_given(self, "memory", given)
        check_axes(self, "memory", given["memory"], "[M, features]")
        steps = given["memory"][0]
        if self.attention == "dot":
            check_port(self, "memory", given, (steps, self.units))
        check_port(self, "mask", given, (steps,))

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        given = self.read(inputs)
        found: dict[str, Shape] = {"state": (self.units,)}
        if self.attention != "none":
            found["weights"] = (given["input"][0], given["memory"][0])
        return found

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        rows, columns = GATES[self.cell] * self.units, given["input"][1]
        read = given["memory"][1] if self.attention != "none" else 0
        if self.attention == "additive":
            columns += read
        shapes: dict[str, Shape] = {"weight_ih": (rows, columns), "weight_hh": (rows, self.units)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        if self.attention == "additive":
            shapes |= {
                "score_query": (self.units, self.units),
                "score_key": (self.units, read),
                "score_weight": (1, self.units),
            }
        if self.attention == "dot":
            shapes["combine_weight"] = (self.units, read + self.units)
        if self.teacher_forcing < 1:
            shapes["feedback_weight"] = (given["input"][1], self.units)
        return shapes

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        given = self.read(inputs)
        shapes = self.tensors(given)
        steps = output[0]
        products = steps * _cells(shapes, "weight_ih", "weight_hh", "score_query", "combine_weight")
        # Every step but the first is fed, whether or not training then reads the given one.
        products += max(0, steps - 1) * _cells(shapes, "feedback_weight")
        if self.attention != "none":
            length, read = given["memory"]
            compared = steps * length * self.units
            products += compared + steps * length * read + length * _cells(shapes, "score_key")
        return products

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        given, steps = self.read(inputs), output[0]
        held = steps * (20 if self.cell == "lstm" else 12) * self.units
        if self.attention != "none":
            length, read = given["memory"]
            # An additive score has a vector for every pair.
            held += steps * length * (3 * self.units if self.attention == "additive" else 4)
            held += length * self.units + steps * (read + self.units)
        if self.teacher_forcing < 1:
            held += 2 * steps * given["input"][1]
        return held


def _cells(shapes: Mapping[str, Shape], *names: str) -> int:
    """Numbers in the matrices of these names that there are."""
    return sum(shapes[name][0] * shapes[name][1] for name in names if name in shapes)
