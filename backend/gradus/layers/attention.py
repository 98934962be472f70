"""Attention: what is read of a sequence depends on what is asked."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr

from gradus.layers.layer import Example, Layer, Misfit, check_known
from gradus.layers.parametric import TORCH, Bias, Init, Trainable, WeightDecay
from gradus.planned import ANY, ParameterPlan, ReceptiveField, Shape
from gradus.section import Flag, Size

Score = Literal["scaled_dot", "dot", "additive", "bilinear"]


class Attention(Layer):
    """Attention of queries [L, D] to keys and values [M, E]; of a sequence to itself with one input.

    The weights [heads, L, M] are a further output. A `mask` [M] of 1 and 0 hides steps of the keys.

    >>> Attention(heads=2).output([(7, 16)])
    (7, 16)
    """

    type: ClassVar[str] = "attention"
    family: ClassVar[str] = "attention"
    meaning: ClassVar[str] = (
        "Reads a sequence by how well each of its keys answers a query, once a head."
    )
    formula: ClassVar[str] = (
        "y = softmax(Q Kᵀ / sqrt(d)) V, each head on its own part; dot: Q Kᵀ; bilinear: Q W Kᵀ; additive: vᵀ tanh(W q + U k)"
    )
    shape_rule: ClassVar[str] = (
        "[L, D], [M, E], [M, F] → [L, D]; weights: [heads, L, M]; projected = false: [L, F]"
    )
    counts: ClassVar[str] = (
        "units · (2·D + E + F) + 3 · units + D; additive and bilinear scores have their own"
    )
    source: ClassVar[str] = (
        "Bahdanau et al. 2015: Neural Machine Translation by Jointly Learning to Align and Translate; Vaswani et al. 2017: Attention Is All You Need"
    )
    example: ClassVar[Example] = {
        "network": {"input": [7, 16], "layers": [{"type": "attention", "heads": 2}]}
    }
    inputs: ClassVar[tuple[int, int]] = (1, 4)
    reads: ClassVar[tuple[int, ...]] = (2,)
    ports: ClassVar[tuple[str, ...]] = ("query", "key", "value", "mask")
    any_length: ClassVar[bool] = True

    heads: Annotated[
        int, Field(strict=True, ge=1, le=256, description="How many attend side by side.")
    ] = 1
    units: Annotated[
        Size | None, Field(description="Length of what is compared; that of the query unless said.")
    ] = None
    score: Annotated[
        Score, Field(description="How a query and a key are compared; all but dot products learn.")
    ] = "scaled_dot"
    causal: Annotated[
        Flag, Field(description="Whether a step sees itself and those before it only.")
    ] = False
    mode: Annotated[
        Literal["soft", "hard", "sampled"],
        Field(
            description="soft: a mean by the weights; hard: the best key alone, with the gradient "
            "of soft; sampled: one key drawn by the weights while training, the best after."
        ),
    ] = "soft"
    projected: Annotated[
        Flag,
        Field(description="Whether queries, keys, values and the result pass learned matrices."),
    ] = True
    bias: Bias = True
    init: Init = TORCH
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    _given: tuple[str, ...] = PrivateAttr(("query",))

    def bind(self, ports: tuple[str, ...]) -> "Attention":
        bound = self.model_copy()
        bound._given = ports
        return bound

    def read(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Shapes at the ports: a key that is not given is the query, a value the key."""
        given = dict(zip(self._given, inputs, strict=True))
        given.setdefault("key", given["query"])
        given.setdefault("value", given["key"])
        return given

    def width(self, inputs: Sequence[Shape]) -> int:
        """Length of what is compared, over all heads."""
        return self.units or self.read(inputs)["query"][1]

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        self._check(given)
        query, value = given["query"], given["value"]
        return (query[0], query[1] if self.projected else value[1])

    def _check(self, given: Mapping[str, Shape]) -> None:
        for port in ("query", "key", "value"):
            if len(given[port]) != 2:
                raise self._misfit(port, given[port], "[L, features]")
            check_known(self, given[port][1:], given[port])
        query, key, value = given["query"], given["key"], given["value"]
        if ANY not in (key[0], value[0]) and key[0] != value[0]:
            raise self._misfit("value", value, f"[{key[0]}, …]")
        if "mask" in given and given["mask"] != key[:1] and ANY not in (*given["mask"], key[0]):
            raise self._misfit("mask", given["mask"], str(list(key[:1])))
        if not self.projected and self.score in ("scaled_dot", "dot") and query[1] != key[1]:
            raise self._misfit("key", key, f"[…, {query[1]}]")
        width = self.units or query[1]
        if width % self.heads:
            raise Misfit(
                "attention.heads",
                field="heads",
                value=1,
                got=str(self.heads),
                heads=self.heads,
                units=width,
            )
        if not self.projected and self.heads > 1:
            raise Misfit("attention.unprojected", field="projected", value=True, heads=self.heads)

    def _misfit(self, port: str, shape: Shape, wanted: str) -> Misfit:
        return Misfit(
            "port.shape",
            field="from",
            expected=wanted,
            got=str(list(shape)),
            type=self.type,
            port=port,
            wanted=wanted,
            shape=list(shape),
        )

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        given = self.read(inputs)
        return {"weights": (self.heads, given["query"][0], given["key"][0])}

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        given, width = self.read(inputs), self.width(inputs)
        shapes: dict[str, Shape] = {}
        if self.projected:
            for port in ("query", "key", "value"):
                shapes[f"{port}_weight"] = (width, given[port][1])
            shapes["output_weight"] = (given["query"][1], width)
        compared = (width, width) if self.projected else (given["query"][1], given["key"][1])
        each = (compared[0] // self.heads, compared[1] // self.heads)
        if self.score == "bilinear":
            shapes["score_weight"] = (self.heads, *each)
        elif self.score == "additive":
            shapes["score_query"] = (self.heads, each[0], each[0])
            shapes["score_key"] = (self.heads, each[0], each[1])
            shapes["score_weight"] = (self.heads, each[0])
        found = [ParameterPlan(name, shape, self.trainable) for name, shape in shapes.items()]
        if self.bias and self.projected:
            names = ("query", "key", "value", "output")
            found += [
                ParameterPlan(f"{name}_bias", shapes[f"{name}_weight"][:1], self.trainable)
                for name in names
            ]
        return tuple(found)

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        given, width = self.read(inputs), self.width(inputs)
        queries, keys = given["query"][0], given["key"][0]
        products = 0
        if self.projected:
            products += queries * given["query"][1] * width * 2
            products += keys * (given["key"][1] + given["value"][1]) * width
        compared = width if self.projected else given["query"][1]
        read = width if self.projected else given["value"][1]
        products += self._scores(queries, keys, compared, given)
        return products + queries * keys * read

    def _scores(self, queries: int, keys: int, width: int, given: Mapping[str, Shape]) -> int:
        each = width // self.heads
        other = each if self.projected else given["key"][1]
        if self.score == "additive":
            learned = self.heads * each * (queries * each + keys * other)
            return learned + queries * keys * width
        bent = queries * width * other if self.score == "bilinear" else 0
        return bent + queries * keys * (other * self.heads)

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        # The matrix of every head: scores, what softmax makes of them, and the way back.
        given = self.read(inputs)
        queries, keys = given["query"][0], given["key"][0]
        return 3 * self.heads * queries * keys + (queries + 2 * keys) * self.width(inputs)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None
