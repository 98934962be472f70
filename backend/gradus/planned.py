"""What `plan` answers: a checked network with shapes, counts and costs.

Shapes are tuples without the batch axis, channels first. Counts are exact integers.
A name is the full path of a layer in the expanded network (`stage2/0/conv2d_1`); the
network's own input has the name `input` (or the names under `inputs`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]
ANY = 0  # stands in a shape for any length, `"*"` in a document


def shape_json(shape: Sequence[int]) -> list[int | str]:
    """A shape as it travels."""
    return ["*" if size == ANY else size for size in shape]


def read_shape(written: Sequence[int | str]) -> Shape:
    """A shape that has travelled.

    >>> read_shape(["*", 16])
    (0, 16)
    """
    return tuple(ANY if size == "*" else int(size) for size in written)


@dataclass(frozen=True, slots=True)
class ParameterPlan:
    """One trainable tensor or one buffer of a layer; its full name is `{layer}.{name}`."""

    name: str
    shape: Shape
    trainable: bool = True
    buffer: bool = False  # running statistics: state, but not counted as parameters
    tied: str | None = None  # full name of the tensor that it is, where another layer holds it


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """Side of the input patch that one output sees, and the distance between two patches."""

    size: Shape
    stride: Shape


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One plain layer: what it is, what it reads, and what it costs."""

    name: str
    type: str
    fields: Mapping[str, Any]  # every default written out; without `type`, `name`, `from`
    inputs: tuple[str, ...]  # names of the layers (or inputs) it reads, in order
    input_shapes: tuple[Shape, ...]
    output: Shape
    parameters: tuple[ParameterPlan, ...]
    parameter_count: int  # trainable or frozen, without buffers
    multiply_adds: int  # for one sample
    activation_bytes: int  # for one sample, float32
    receptive_field: ReceptiveField | None
    source: str  # JSON pointer into the document as written
    ports: tuple[str, ...] = ()  # what each of `inputs` is to it, where that is said by name
    extras: Mapping[str, Shape] = field(default_factory=dict)  # outputs beside the main one
    kept_bytes: int = 0  # what training holds for one sample beside the outputs, roughly


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """A graph of plain layers, each after those that it reads."""

    name: str  # "network" where the document has only one
    inputs: Mapping[str, Shape]
    layers: tuple[LayerPlan, ...]  # in topological order
    output: str  # name of the layer whose output is the network's
    dtypes: Mapping[str, str] = field(default_factory=dict)  # of inputs that are not float32
    ties: Mapping[str, str] = field(default_factory=dict)  # full names, each to its tensor's own

    @property
    def shapes(self) -> dict[str, Shape]:
        """Shape of every input and of every layer's outputs, by name (`layer.extra`)."""
        shapes = dict(self.inputs)
        for layer in self.layers:
            shapes[layer.name] = layer.output
            shapes |= {f"{layer.name}.{extra}": shape for extra, shape in layer.extras.items()}
        return shapes


@dataclass(frozen=True, slots=True)
class DatasetPlan:
    """The data of a run, pinned: name, options with defaults, split, task, sizes of the parts."""

    name: str
    version: str  # of the generator, or the content hash
    options: Mapping[str, Any]
    split: Mapping[str, Any]  # train, validation, test (fractions), seed, stratify
    task: str  # "classification" or "regression"
    input: Shape  # after the transforms
    target: Shape  # () for a class index
    classes: tuple[str, ...]  # labels; empty for regression
    sizes: Mapping[str, int]  # samples in train, validation, test
    transforms: tuple[Mapping[str, Any], ...] = ()  # of the inputs, in order: type, fields
    words: int = 0  # of text: inputs are whole numbers below it, int64

    @property
    def dtype(self) -> str:
        """The kind of numbers that an input of a network has to take."""
        return "int64" if self.words else "float32"


@dataclass(frozen=True, slots=True)
class LossPlan:
    """One term of what is made small: `weight` times a mean over the batch."""

    type: str
    input: str  # name of the layer that it reads
    target: str  # "target", "batch", "ones" or "zeros"
    weight: float
    fields: Mapping[str, Any]
    further: tuple[str, ...] = ()  # names of the values that it reads beside its input

    @property
    def judges(self) -> bool:
        """Whether what it reads is an answer to the data's target."""
        return self.target == "target" and self.type not in ("kl_normal", "contrastive")


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One use of a network within a step."""

    name: str
    network: str
    sources: Mapping[str, str]  # of each of its inputs: batch, target, noise or an earlier call
    detach: bool


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One part of an alternation. Its losses read calls, and are held against more than `target`."""

    name: str
    update: tuple[str, ...]  # networks
    calls: tuple[CallPlan, ...]
    losses: tuple[LossPlan, ...]
    optimizer: Mapping[str, Any]
    every: int
    repeat: int

    @property
    def draws(self) -> bool:
        """Whether each of its updates draws a batch from the data."""
        return self.reads("batch") or self.reads("target")

    def reads(self, word: str) -> bool:
        """Whether a call or a loss reads `batch` or `target`."""
        sources = [source for call in self.calls for source in call.sources.values()]
        return word in [*sources, *(loss.target for loss in self.losses)]


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """How it is trained; every default written out."""

    epochs: int
    batch_size: int  # "all" is resolved to the size of the training part
    optimizer: Mapping[str, Any]  # type, learning_rate, …
    losses: tuple[LossPlan, ...]
    metrics: tuple[str, ...]
    order: str
    schedule: Mapping[str, Any]  # of the learning rate: type, …
    clip: Mapping[str, Any] | None  # of the gradients: norm or value
    gradient_noise: Mapping[str, Any] | None  # eta, gamma
    l1: float
    l2: float
    tier: str
    precision: str
    on_nan: str | None
    seed: int
    steps: tuple[StepPlan, ...] = ()  # of several networks; each has losses of its own
    early_stopping: Mapping[str, Any] | None = None  # patience, measure, …
    ensemble: Mapping[str, Any] | None = None  # members, method
    devices: int = 1  # processes that share each batch
    weight_decay: float = 0.0  # beside the gradient; a layer may have its own


@dataclass(frozen=True, slots=True)
class WeightsPlan:
    """Tensors that parameters start from: full name here → name in the file."""

    artifact: str | None  # SHA-256 of a safetensors file; None where nobody here has looked for it
    tensors: Mapping[str, str]
    label: str = field(
        default="", compare=False
    )  # what was asked for; no part of the resolved form


@dataclass(frozen=True, slots=True)
class Totals:
    """What a network costs in all: counts, products for one sample, bytes."""

    parameters: int
    trainable: int
    multiply_adds: int
    activation_bytes: int
    training_bytes: int  # estimate for one training step at the planned batch size


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked document: `plan_resolved(plan.resolved)` gives it again."""

    resolved: Mapping[str, Any]  # the resolved document
    hash: str  # SHA-256 (hex) of the resolved form in RFC 8785
    networks: Mapping[str, NetworkPlan]
    dataset: DatasetPlan | None  # None: a document without data can be planned, not run
    train: TrainPlan
    totals: Totals
    advice: tuple[Any, ...]  # of gradus.problems.Problem, code starts with "advice."
    weights: tuple[WeightsPlan, ...] = ()  # where parameters start that are not drawn

    @property
    def several(self) -> bool:
        """Whether the document has `networks`."""
        return "networks" in self.resolved

    @property
    def descends(self) -> bool:
        """Whether the document has a plain function in place of a network."""
        return "function" in self.resolved

    @property
    def layers(self) -> tuple[LayerPlan, ...]:
        """The layers of every network, in order."""
        return tuple(layer for network in self.networks.values() for layer in network.layers)

    @property
    def network(self) -> NetworkPlan:
        """The only network of a document with `network`; the first of several."""
        return next(iter(self.networks.values()))
