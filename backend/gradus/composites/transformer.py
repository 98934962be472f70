"""Transformer encoder and decoder, expanded to attention, feed-forward layers and shortcuts."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from gradus.composites.composite import Arguments, Composite, Extent
from gradus.layers.dropout import Rate
from gradus.layers.layer import Example
from gradus.section import Flag

if TYPE_CHECKING:
    from gradus.composites.expansion import Call, Expansion
    from gradus.composites.measure import Measure


class Transformer(Composite):
    """What encoder and decoder share (Vaswani et al. 2017)."""

    bodies: ClassVar[tuple[str, ...]] = ()

    layers: Annotated[
        int, Field(strict=True, ge=1, le=256, description="How many layers on top of each other.")
    ] = 6
    heads: Annotated[
        int, Field(strict=True, ge=1, le=256, description="Heads of each attention.")
    ] = 8
    hidden: Annotated[
        int, Field(strict=True, ge=1, le=1_048_576, description="Width of the feed-forward layer.")
    ] = 2048
    activation: Annotated[
        Literal["relu", "gelu"], Field(description="Function of the feed-forward layer.")
    ] = "relu"
    rate: Annotated[Rate, Field(description="Dropout behind each part.")] = 0.1
    attention_bias: Annotated[
        Flag,
        Field(
            description="Whether the matrices of its attention have biases; the paper names none."
        ),
    ] = True
    norm: Annotated[
        Literal["after", "before"],
        Field(description="Normalization after each shortcut, as published, or before each part."),
    ] = "after"

    @abstractmethod
    def parts(self, ports: set[str]) -> list[dict[str, Any]]:
        """The parts of one layer, each of which gets a shortcut. `ports` are those that are given."""

    def feed(self) -> dict[str, Any]:
        return {"type": "feed_forward", "hidden": self.hidden, "activation": self.activation}

    def attend(self, **fields: Any) -> dict[str, Any]:
        bias = {} if self.attention_bias else {"bias": False}
        return {"type": "attention", "heads": self.heads, **bias, **fields}

    def extent(self, measure: "Measure", path: str, arguments: Arguments, depth: int) -> Extent:
        each = Extent(12, 18)
        return each.times(self.layers).plus(Extent(1, 1)).nested()

    def expand(self, expansion: "Expansion", call: "Call") -> str | None:
        given = dict(zip(call.ports or self.ports, call.inputs, strict=False))
        scope = call.scope.inside(f"{call.name}/", given["input"], made=True)
        for port, source in given.items():
            if port != "input":
                expansion.outputs[f"{scope.prefix}{port}"] = source
        output = given["input"]
        for layer in range(self.layers):
            inner = scope.inside(f"{call.name}/{layer}/", output)
            output = expansion.body(self._body(set(given)), inner, call.path)
        if self.norm == "before":
            output = expansion.body(
                [{"type": "layer_norm", "name": "norm"}], scope.after(output), call.path
            )
        return output

    def _body(self, ports: set[str]) -> list[Any]:
        body: list[Any] = []
        for part in self.parts(ports):
            drop = {"type": "dropout", "rate": self.rate}
            inside: list[Any] = [part, drop]
            if self.norm == "before":
                inside = ["layer_norm", _reading(part, "layer_norm_1"), drop]
            body.append({"type": "residual", "shortcut": "identity", "body": inside})
            if self.norm == "after":
                body.append("layer_norm")
        return body


def _reading(part: dict[str, Any], name: str) -> dict[str, Any]:
    """The part with what it reads of its own body taken from `name`."""
    if "from" not in part:
        return part
    ports = {port: name if source == "input" else source for port, source in part["from"].items()}
    return {**part, "from": ports}


class TransformerEncoder(Transformer):
    type: ClassVar[str] = "transformer_encoder"
    meaning: ClassVar[str] = "Layers of self-attention and feed-forward nets, each with a shortcut."
    formula: ClassVar[str] = (
        "z = norm(x + attention(x)), y = norm(z + feed_forward(z)) in each layer"
    )
    shape_rule: ClassVar[str] = "[L, N] → [L, N]"
    counts: ClassVar[str] = (
        "layers · (4·N² + 9·N + 2·N·hidden + hidden); norm = before: + 2 · N; attention_bias = false: "
        "− layers · 4·N"
    )
    source: ClassVar[str] = "Vaswani et al. 2017: Attention Is All You Need"
    example: ClassVar[Example] = {
        "network": {
            "input": [7, 16],
            "layers": [{"type": "transformer_encoder", "layers": 2, "heads": 2, "hidden": 64}],
        }
    }
    ports: ClassVar[tuple[str, ...]] = ("input", "mask")

    def parts(self, ports: set[str]) -> list[dict[str, Any]]:
        mask = {"mask": "mask"} if "mask" in ports else {}
        return [self.attend(**{"from": {"query": "input", **mask}}), self.feed()]


class TransformerDecoder(Transformer):
    type: ClassVar[str] = "transformer_decoder"
    meaning: ClassVar[str] = (
        "Layers that attend to what they gave so far and to a memory, each with a shortcut."
    )
    formula: ClassVar[str] = (
        "z = norm(x + attention(x)), w = norm(z + attention(z, memory)), y = norm(w + feed_forward(w)) in each layer"
    )
    shape_rule: ClassVar[str] = "[L, N], [M, N] → [L, N]"
    counts: ClassVar[str] = (
        "layers · (8·N² + 15·N + 2·N·hidden + hidden); norm = before: + 2 · N; attention_bias = false: − layers · 8·N; without memory as the encoder"
    )
    source: ClassVar[str] = "Vaswani et al. 2017: Attention Is All You Need"
    example: ClassVar[Example] = {
        "network": {
            "inputs": {"words": [5, 16], "read": [7, 16]},
            "layers": [
                {
                    "type": "transformer_decoder",
                    "layers": 1,
                    "heads": 2,
                    "hidden": 64,
                    "from": {"input": "words", "memory": "read"},
                }
            ],
        }
    }
    ports: ClassVar[tuple[str, ...]] = ("input", "memory", "mask", "memory_mask")

    def parts(self, ports: set[str]) -> list[dict[str, Any]]:
        mask = {"mask": "mask"} if "mask" in ports else {}
        parts = [self.attend(causal=True, **{"from": {"query": "input", **mask}})]
        if "memory" in ports:
            hidden = {"mask": "memory_mask"} if "memory_mask" in ports else {}
            memory = {"query": "input", "key": "memory", **hidden}
            parts.append(self.attend(**{"from": memory}))
        return [*parts, self.feed()]
