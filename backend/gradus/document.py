"""The top of a document: its parts, each read on its own so that every fault is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gradus import later, limits
from gradus.composites.block import BlockDefinition
from gradus.entries import NAME, RESERVED, read_entries
from gradus.function import Function
from gradus.names import check_type
from gradus.own_rules import names_own_rule
from gradus.patch import add, remove, replace
from gradus.planned import Shape, read_shape
from gradus.pointer import join
from gradus.problems import Report, show
from gradus.section import Section, Size
from gradus.train import Train
from gradus.validation import rescue, validate
from gradus.weights import Beginning

VERSION = "nn/1"


def _star_or_number(value: Any) -> str:
    return "star" if value == "*" else "number"


Length = Annotated[
    Annotated[Size, Tag("number")] | Annotated[Literal["*"], Tag("star")],
    Discriminator(_star_or_number),
]
Lengths = Annotated[
    tuple[Length, ...],
    Field(min_length=1, max_length=limits.RANK, description='Sizes; "*" is any length.'),
]


class InputForm(Section):
    """Shape of one sample, without the batch axis, channels first."""

    shape: Lengths
    dtype: Annotated[
        Literal["float32", "int64"],
        Field(description="int64 for whole numbers, such as places in a list of words."),
    ] = "float32"

    @property
    def sizes(self) -> Shape:
        """The shape with ANY for any length."""
        return read_shape(self.shape)


def _shape(value: Any) -> Any:
    return value if isinstance(value, dict) else {"shape": value}


Input = Annotated[
    InputForm,
    BeforeValidator(
        _shape,
        json_schema_input_type=Lengths | InputForm,
    ),
]


InputName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Network(Section):
    """A chain of layers, branching where layers say what they read."""

    input: Annotated[Input | None, Field(description="Taken from the data unless said.")] = None
    inputs: Annotated[
        dict[InputName, Input] | None,
        Field(min_length=1, max_length=64, description="Several inputs by name."),
    ] = None
    init: Annotated[
        Beginning | None,
        Field(description="Kept weights that the whole network starts from."),
    ] = None
    layers: Annotated[list[Any], Field(min_length=1, description="Layers in order.")]

    @model_validator(mode="after")
    def _one_kind(self) -> "Network":
        if self.input is not None and self.inputs is not None:
            raise PydanticCustomError("network.both_inputs", "input or inputs, not both")
        return self

    @property
    def forms(self) -> dict[str, InputForm]:
        """Every input by its name; {} where the data say it."""
        if self.inputs is not None:
            return dict(self.inputs)
        return {"input": self.input} if self.input else {}


class Document(Section):
    """What to build, on what to train it and how."""

    later: ClassVar[frozenset[str]] = later.DOCUMENT
    homes: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(Network.model_fields, "network"),
        **dict.fromkeys(Train.model_fields, "train"),
    }

    spec: Literal["nn/1"]
    name: Annotated[str, Field(min_length=1, max_length=limits.TEXT)] | None = None
    data: Any = None
    network: dict[str, Any]
    networks: Annotated[
        dict[str, Any] | None,
        Field(max_length=limits.NETWORKS, description="Several networks by name, for steps."),
    ] = None
    function: Annotated[
        dict[str, Any] | None,
        Field(description="A function that is descended, in place of a network."),
    ] = None
    blocks: dict[str, Any] | None = None
    tie: dict[str, str] | None = None
    train: dict[str, Any] | None = None


class Several(Document):
    """A document of several networks."""

    homes: ClassVar[Mapping[str, str]] = dict.fromkeys(Train.model_fields, "train")

    network: Any = None
    networks: Annotated[dict[str, Any], Field(min_length=1, max_length=limits.NETWORKS)]


class Descent(Section):
    """A document of a plain function."""

    homes: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(Function.model_fields, "function"),
        **dict.fromkeys(Train.model_fields, "train"),
    }

    spec: Literal["nn/1"]
    name: Annotated[str, Field(min_length=1, max_length=limits.TEXT)] | None = None
    function: dict[str, Any]
    train: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a document that could be read; None where one could not."""

    network: Network | None
    networks: Mapping[str, Network | None]  # {} where the document has one
    blocks: Mapping[str, BlockDefinition | None]
    train: Train | None
    data: Any
    tie: Mapping[str, str]
    function: Function | None = None


def read_document(written: Mapping[str, Any], report: Report) -> Parts:
    """Splits a document into its parts; reports every fault of their form."""
    _top(written, report)
    network, train = written.get("network"), written.get("train", {})
    function = written.get("function")
    return Parts(
        network=validate(Network, network, "/network", report)
        if isinstance(network, dict)
        else None,
        networks=_networks(written, report),
        blocks=_blocks(written.get("blocks"), report),
        train=_train(train, report) if isinstance(train, dict) else None,
        data=written.get("data"),
        tie=_ties(written.get("tie")),
        function=validate(Function, function, "/function", report)
        if isinstance(function, dict)
        else None,
    )


def _train(written: dict[str, Any], report: Report) -> Train | None:
    # Of a rule of its own it would be said that it needs losses, or that its losses fit nothing.
    own = {"optimizer"} if names_own_rule(written.get("optimizer")) else set()
    bearing = {"losses", "steps", "metrics", *own}
    return rescue(Train, written, "/train", report, bearing=bearing)


def _ties(written: Any) -> dict[str, str]:
    """The ties that are names; the others are told with the top of the document."""
    if not isinstance(written, dict):
        return {}
    return {name: other for name, other in written.items() if isinstance(other, str)}


def _top(written: Mapping[str, Any], report: Report) -> None:
    version = written.get("spec")
    if version is not None and version != VERSION:
        report.add(
            "spec.version",
            "/spec",
            expected=VERSION,
            got=show(version),
            fix=replace("/spec", VERSION),
            version=show(version),
            known=VERSION,
        )
    if version is None:
        fix = add("/spec", VERSION)
        report.add("spec.missing", "", expected=VERSION, fix=fix, known=VERSION)
    several = "networks" in written
    if several and "network" in written:
        report.add("document.both_networks", "/networks")
    top: type[Section] = Several if several else Document
    if "function" in written:
        top = Descent
        for part in ("network", "networks", "data", "blocks", "tie"):
            if part in written:
                report.add("function.alone", f"/{part}", fix=remove(f"/{part}"), part=part)
                written = {name: each for name, each in written.items() if name != part}
    validate(top, {**written, "spec": VERSION}, "", report)


def _networks(written: Mapping[str, Any], report: Report) -> dict[str, Network | None]:
    networks = written.get("networks")
    if not isinstance(networks, dict) or len(networks) > limits.NETWORKS:
        return {}  # told with the top of the document
    found = {}
    for name, network in networks.items():
        path = join("/networks", name)
        if not NAME.fullmatch(name):
            report.add("name.form", path, got=show(name), name=show(name))
        elif name in RESERVED:
            report.add("name.reserved", path, name=name)
        found[name] = validate(Network, network, path, report)
    return found


def _blocks(written: Any, report: Report) -> dict[str, BlockDefinition | None]:
    if not isinstance(written, dict):
        return {}  # told with the top of the document
    found = {}
    for name, definition in written.items():
        path = join("/blocks", name)
        if not NAME.fullmatch(name):
            report.add("name.form", path, got=show(name), name=show(name))
        found[name] = block = validate(BlockDefinition, definition, path, report)
        # Of a block that nothing uses this is all that is read.
        for index, entry in enumerate(read_entries(block.layers) if block else ()):
            check_type(entry, join(path, "layers", index), report)
    return found
