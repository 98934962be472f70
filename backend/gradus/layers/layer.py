"""What every layer type says of itself.

A family is one file beside this one. A layer is a pydantic model of its fields with bounds;
its methods are integer arithmetic on shapes without the batch axis, channels first.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, ClassVar

from gradus import limits
from gradus.planned import ANY, ParameterPlan, ReceptiveField, Shape, shape_json
from gradus.section import Section

# How shapes are written, by their rank: sizes of a vector, a sequence, a picture, a volume.
_AXES = {1: "[N]", 2: "[C, L]", 3: "[C, H, W]", 4: "[C, D, H, W]"}


# As little of a document as shows what a layer does: its `network`, and the `blocks` that it uses.
Example = Mapping[str, Any]


class Misfit(Exception):
    """A layer does not fit what it is given.

    `field` is the field to act on ("" for the layer itself), `value` one that would mend it,
    `insert` a layer that would mend it when put in front.
    """

    def __init__(
        self,
        code: str,
        *,
        field: str = "",
        value: Any = None,
        insert: Any = None,
        expected: str | None = None,
        got: str | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.value = value
        self.insert = insert
        self.expected = expected
        self.got = got
        self.params = params


class Layer(Section):
    """Base of all layer types. `type` is its word in a document."""

    type: ClassVar[str]
    family: ClassVar[str]
    meaning: ClassVar[str]
    formula: ClassVar[str]
    shape_rule: ClassVar[str] = "[…] → […]"
    counts: ClassVar[str] = "0"  # of parameters, the bias where it may have one
    source: ClassVar[str] = ""  # paper or textbook; "" where there is none to name
    example: ClassVar[Example]  # its last layer is of this type
    inputs: ClassVar[tuple[int, int]] = (1, 1)  # fewest and most layers that it may read
    ranks: ClassVar[tuple[int, ...]] = ()  # of the input's shape; () for any
    reads: ClassVar[tuple[int, ...]] = ()  # the same of the first of several unlike inputs
    ports: ClassVar[tuple[str, ...]] = ()  # names of its inputs, where order alone does not tell
    quiet: ClassVar[bool] = False  # whether its first input alone is written without its port
    carries: ClassVar[bool] = False  # whether it gives on numbers of any kind as they are
    integers: ClassVar[bool] = False  # whether it reads whole numbers, such as words of a list
    integer_ports: ClassVar[frozenset[str]] = frozenset()  # those of its ports that do
    any_length: ClassVar[bool] = False  # whether an axis of its input may be "*"

    def bind(self, ports: tuple[str, ...]) -> "Layer":
        """The layer with its inputs named: what it is asked about next are these ports, in order."""
        return self

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        """Shapes of what it gives beside its output, by the name behind the dot."""
        return {}

    def output(self, inputs: Sequence[Shape]) -> Shape:
        """Shape of the output; raises Misfit where the layer cannot take these inputs."""
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        """Parameters and buffers in torch's order and with torch's names."""
        return ()

    def multiply_adds(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Products of one forward pass of one sample, as torch's flop counter has them, halved."""
        return 0

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Numbers that a training step holds for one sample beside the layer's outputs, roughly."""
        return 0

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        """What one output sees of the network's input; None where that is all of it."""
        return fields[0] if fields else None

    def sized(self, size: int) -> "Layer":
        """The layer with its size taken from the data, where it left that out."""
        return self

    def needs_size(self) -> bool:
        """Whether the size is left to the data."""
        return False

    def resolved(self) -> dict[str, Any]:
        """Every field with its default written out."""
        return self.model_dump(mode="json", by_alias=True)


def check_dtype(layer: Layer, dtype: str, port: str, words: int) -> None:
    """Raises Misfit where the layer reads numbers of another kind, at the port if it has any.

    `words` is how many numbers there are, as far as that is known.
    """
    if layer.carries:
        return
    integers = layer.integers or port in layer.integer_ports
    if integers != (dtype == "int64"):
        code = "shape.integers" if integers else "shape.floats"
        insert = None if integers else {"type": "embedding", "words": words, "units": 32}
        raise Misfit(code, insert=insert, got=dtype, type=layer.type)


def check_length(layer: Layer, shape: Shape) -> None:
    """Raises Misfit where the layer needs every length to be known."""
    if not layer.any_length:
        check_known(layer, shape, shape)


def check_known(layer: Layer, sizes: Shape, shape: Shape) -> None:
    """Raises Misfit where one of `sizes`, taken from an input of `shape`, may be any length."""
    if ANY in sizes:
        written = shape_json(shape)
        raise Misfit("shape.any_length", got=str(written), type=layer.type, shape=written)


def check_rank(layer: Layer, shape: Shape, ranks: Sequence[int] | None = None) -> None:
    """Raises Misfit where the layer does not take an input of this rank, one of its own unless said."""
    ranks = layer.ranks if ranks is None else ranks
    if ranks and len(shape) not in ranks:
        expected = " / ".join(_AXES[rank] for rank in sorted(ranks) if rank in _AXES)
        flatten = "flatten" if 1 in ranks and len(shape) > 1 else None
        raise Misfit(
            "shape.rank",
            insert=flatten,
            expected=expected,
            got=str(list(shape)),
            type=layer.type,
            axes=expected,
            shape=list(shape),
        )


def check_repeated(layer: Layer, shape: Shape, times: int) -> None:
    """Raises Misfit where all the slices of a sample together are larger than any plan may be."""
    if prod(shape) * times > limits.ELEMENTS:
        size = prod(shape) * times
        raise Misfit("limit.elements", type=layer.type, size=size, limit=limits.ELEMENTS)


def check_limits(layer: Layer, shape: Shape) -> None:
    """Raises Misfit where an output is larger than any plan may have it."""
    if len(shape) > limits.RANK:
        raise Misfit("limit.rank", type=layer.type, rank=len(shape), limit=limits.RANK)
    for size in shape:
        if size > limits.DIMENSION:
            raise Misfit("limit.dimension", type=layer.type, size=size, limit=limits.DIMENSION)
    if prod(shape) > limits.ELEMENTS:
        raise Misfit("limit.elements", type=layer.type, size=prod(shape), limit=limits.ELEMENTS)
