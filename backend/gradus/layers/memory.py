"""Networks with a memory that is read or written several times: for questions about facts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example
from gradus.layers.parametric import TORCH, Init, Trainable, WeightDecay
from gradus.layers.ports import Ported, check_axes, check_port
from gradus.planned import Shape
from gradus.section import Size


class EpisodicMemory(Ported):
    """Facts [F, D] and a question [D] → what is remembered [D] (Kumar et al. 2016).

    Each pass weighs every fact by a gate that sees question and memory, reads the facts by a GRU
    under these gates, and renews the memory by another. Facts under 0 in a `mask` [F] are passed
    over.

    >>> EpisodicMemory(passes=3).extras([(10, 40), (40,)])
    {'gates': (3, 10)}
    """

    type: ClassVar[str] = "episodic_memory"
    family: ClassVar[str] = "memory"
    meaning: ClassVar[str] = (
        "Reads facts several times over, each time led by what it found before."
    )
    formula: ClassVar[str] = (
        "g = σ(W₂ tanh(W₁ z + b₁) + b₂), "
        "z = [c, m, q, c ∘ q, c ∘ m, |c − q|, |c − m|, cᵀ W q, cᵀ W m]; "
        "h = g GRU(c, h₋₁) + (1 − g) h₋₁; m = GRU(h at the end, m₋₁), at first q"
    )
    shape_rule: ClassVar[str] = "[F, D], [D] → [D]; gates: [passes, F]"
    counts: ClassVar[str] = "D² + hidden · (7·D + 2) + 2 · hidden + 1 + 6 · D · (2·D + 2)"
    source: ClassVar[str] = (
        "Kumar et al. 2016: Ask Me Anything: Dynamic Memory Networks for Natural Language Processing"
    )
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"facts": ["*", 40], "question": [40]},
            "layers": [{"type": "episodic_memory", "passes": 3, "from": ["facts", "question"]}],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (2, 3)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "question", "mask")
    any_length: ClassVar[bool] = True

    passes: Annotated[
        int, Field(strict=True, ge=1, le=64, description="How often the facts are read.")
    ] = 3
    hidden: Annotated[
        Size | None, Field(description="Width of the gate's hidden layer; D unless said.")
    ] = None
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_axes(self, "input", given["input"], "[facts, features]")
        facts, units = given["input"]
        check_port(self, "question", given, (units,))
        check_port(self, "mask", given, (facts,))
        return (units,)

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"gates": (self.passes, self.read(inputs)["input"][0])}

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        units = given["input"][1]
        hidden = self.hidden or units
        shapes: dict[str, Shape] = {
            "compare_weight": (units, units),
            "hidden_weight": (hidden, 7 * units + 2),
            "hidden_bias": (hidden,),
            "gate_weight": (1, hidden),
            "gate_bias": (1,),
        }
        for cell in ("fact", "memory"):
            shapes |= {
                f"{cell}_weight_ih": (3 * units, units),
                f"{cell}_weight_hh": (3 * units, units),
                f"{cell}_bias_ih": (3 * units,),
                f"{cell}_bias_hh": (3 * units,),
            }
        return shapes

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        facts, units = self.read(inputs)["input"]
        hidden = self.hidden or units
        gate = hidden * (7 * units + 2) + hidden
        compared = 2 * units  # cᵀ W with q and with m
        each = self.passes * (facts * (gate + compared + 3 * units**2) + 6 * units**2)
        # What a fact gives to its cell, and cᵀ W, are the same in every pass.
        return each + facts * 4 * units**2

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        facts, units = self.read(inputs)["input"]
        # Each pass compares every fact with question and memory, and goes over them with a cell.
        return self.passes * facts * (20 * units + 3 * (self.hidden or units))


class EntityMemory(Ported):
    """Sentences [T, D] and a question [D] → what the memory answers [D] (Henaff et al. 2017).

    Each of `slots` cells has a key and a content; a sentence is written where key or content
    answers to it. The answer is φ(q + H Σ p h), for a linear layer to turn into words. Sentences
    under 0 in a `mask` [T] leave the memory as it is.

    >>> EntityMemory(slots=20).output([(10, 100), (100,)])
    (100,)
    """

    type: ClassVar[str] = "entity_memory"
    family: ClassVar[str] = "memory"
    meaning: ClassVar[str] = "Keeps a note of each thing in a story, and writes where it is named."
    formula: ClassVar[str] = (
        "g = σ(sᵀ h + sᵀ w); h ← h + g φ(U h + V w + W s), then h / ‖h‖; "
        "p = softmax(qᵀ h); y = φ(q + H Σ p h)"
    )
    shape_rule: ClassVar[str] = (
        "[T, D], [D] → [D]; memory: [slots, D], gates: [T, slots], weights: [slots]"
    )
    counts: ClassVar[str] = "slots · D + 4 · D² + D, the last for prelu alone"
    source: ClassVar[str] = (
        "Henaff et al. 2017: Tracking the World State with Recurrent Entity Networks"
    )
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"sentences": ["*", 100], "question": [100]},
            "layers": [{"type": "entity_memory", "slots": 20, "from": ["sentences", "question"]}],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (2, 3)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("input", "question", "mask")
    any_length: ClassVar[bool] = True

    slots: Annotated[
        int, Field(strict=True, ge=1, le=4096, description="How many things it can keep apart.")
    ] = 20
    activation: Annotated[
        Literal["prelu", "identity"],
        Field(description="φ: with a learned slope below 0 for each unit, at first 1; or none."),
    ] = "prelu"
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_axes(self, "input", given["input"], "[sentences, features]")
        sentences, units = given["input"]
        check_port(self, "question", given, (units,))
        check_port(self, "mask", given, (sentences,))
        return (units,)

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        sentences, units = self.read(inputs)["input"]
        return {
            "memory": (self.slots, units),
            "gates": (sentences, self.slots),
            "weights": (self.slots,),
        }

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        units = given["input"][1]
        names = ("content_weight", "key_weight", "sentence_weight", "answer_weight")
        shapes: dict[str, Shape] = {"keys": (self.slots, units)}
        shapes |= dict.fromkeys(names, (units, units))
        return shapes | ({"slope": (units,)} if self.activation == "prelu" else {})

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        sentences, units = self.read(inputs)["input"]
        slots = self.slots
        written = sentences * (slots * units**2 + 2 * slots * units + units**2)
        return written + slots * units**2 + 2 * slots * units + units**2

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        sentences, units = self.read(inputs)["input"]
        return 10 * sentences * self.slots * units
