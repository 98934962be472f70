"""First values out of kept weights: `init: {from: …}` of a layer, or of a whole network.

A plan pins what is meant, the file by its hash and each tensor by its name there, so that a run
begins with the same numbers after the run that they come from is gone.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gradus import limits
from gradus.faults import nearest
from gradus.patch import Patch, add
from gradus.patch import replace as rewrite
from gradus.planned import LayerPlan, NetworkPlan, ParameterPlan, Shape, WeightsPlan
from gradus.pointer import join
from gradus.problems import Report
from gradus.section import Section, Seed

FLOATS = frozenset({"F64", "F32", "F16", "BF16"})  # as safetensors calls them
_Name = Annotated[str, Field(min_length=1, max_length=limits.TEXT)]


class Source(Section):
    """Weights of an earlier run, or of a file that was uploaded."""

    run: Annotated[
        str | None,
        Field(pattern=r"^run_[0-9a-f]{32}$", description="The run that they come from."),
    ] = None
    checkpoint: Annotated[
        Seed | None,
        Field(
            description="A step of it: the newest weights kept there or before; else its newest."
        ),
    ] = None
    weights: Annotated[
        str | None,
        Field(pattern=r"^[0-9a-f]{64}$", description="Hash of an uploaded safetensors file."),
    ] = None
    layer: Annotated[
        _Name | None,
        Field(
            description="The layer, composite or network there; that of the same name unless said."
        ),
    ] = None
    names: Annotated[
        dict[_Name, _Name] | None,
        Field(
            max_length=4096,
            description="For files from elsewhere: names of layers or tensors here, and what they "
            "are called there.",
        ),
    ] = None

    @model_validator(mode="after")
    def _one_source(self) -> "Source":
        if (self.run is None) == (self.weights is None):
            raise PydanticCustomError("weights.source", "one of run and weights")
        if self.checkpoint is not None and self.run is None:
            raise PydanticCustomError("weights.checkpoint", "a file has no checkpoints")
        return self


class NetworkSource(Source):
    """Weights for a whole network, by the names of its layers."""

    without: Annotated[
        tuple[_Name, ...],
        Field(max_length=1024, description="Layers or composites that start anew, such as a head."),
    ] = ()


class Beginning(Section):
    """How a whole network starts."""

    source: Annotated[
        NetworkSource,
        Field(alias="from", description="Kept weights for every layer that has some."),
    ]


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of a file: its kind of numbers as safetensors calls it, and its shape."""

    dtype: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of weights. `prefix` stands before each name in the file, not in `tensors`."""

    artifact: str  # SHA-256 of the file
    tensors: Mapping[str, Tensor]
    prefix: str = ""
    label: str = ""  # what was asked for, as its keeper calls it


class NoWeights(Exception):
    """There are none; `field` of the source is to blame, `code` and `params` are for the words."""

    def __init__(self, code: str, field: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


# Finds what a source means; raises NoWeights. A plan made without one checks no shapes, and what
# it describes cannot be trained before somebody who has the weights plans it.
Weights = Callable[[Source], Kept]


@dataclass(slots=True)
class Start:
    """Gathers the tensors that the networks of one document start from."""

    weights: Weights | None
    report: Report
    _labels: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[Any, ...], Kept | None] = field(default_factory=dict)
    _taken: dict[str, dict[str, str]] = field(default_factory=dict)
    _open: bool = False  # something is taken from weights that nobody here knows

    @property
    def plans(self) -> tuple[WeightsPlan, ...]:
        """The files, and which tensor of each becomes which of the networks'."""
        files = [
            WeightsPlan(each, names, self._labels[each]) for each, names in self._taken.items()
        ]
        return (*files, WeightsPlan(None, {})) if self._open else tuple(files)

    def pin(self, network: NetworkPlan, begun: Beginning | None, path: str) -> NetworkPlan:
        """The network with its sources taken note of; `path` is where it was written.

        A layer's own source goes before the network's.
        """
        own = {layer.name for layer in network.layers if _source(layer) is not None}
        if begun is not None:
            whole = Whole(network, begun.source, join(path, "init", "from"))
            self._take(whole, [each for each in network.layers if each.name not in own])
        pinned = []
        for layer in network.layers:
            if layer.name in own:
                self._take_layer(network, layer)
                layer = replace(
                    layer, fields={**layer.fields, "init": {"type": "from", "from": None}}
                )
            pinned.append(layer)
        return replace(network, layers=tuple(pinned))

    def _take_layer(self, network: NetworkPlan, layer: LayerPlan) -> None:
        written, path = layer.fields["init"]["from"], join(layer.source, "init", "from")
        if written is None:
            self.report.add("weights.source", join(layer.source, "init"), layer=layer.name)
        elif any(each.tied is None for each in layer.parameters):
            self._take(Single(network, Source.model_validate(written), path), [layer])
        elif not layer.parameters:
            self.report.add("weights.nothing", path, layer=layer.name)

    def _take(self, part: "Part", layers: Sequence[LayerPlan]) -> None:
        tensors = list(part.tensors(layers))
        if not self.report:  # else a name may be that of a layer that could not be planned
            part.check_names(self.report)
        if not tensors and not self.report:
            self.report.add("weights.nothing", part.path)
        if not tensors:
            return
        kept = self._kept(part.source, part.path)
        if kept is None:
            return
        taken = self._taken.setdefault(kept.artifact, {})
        self._labels[kept.artifact] = kept.label
        for layer, tensor in tensors:
            own = f"{layer.name}.{tensor.name}"
            there = part.there(layer.name, tensor.name, kept.tensors)
            if there is None:
                self._missing(part, layer, tensor, kept)
            elif self._fits(part, layer, tensor, there, kept.tensors[there]):
                taken[own] = kept.prefix + there

    def _kept(self, source: Source, path: str) -> Kept | None:
        if self.weights is None:
            self._open = True
            return None
        key = (source.run, source.checkpoint, source.weights)
        if key not in self._found:
            self._found[key] = None
            try:
                self._found[key] = self.weights(source)
            except NoWeights as none:
                self.report.add(none.code, join(path, none.field), **none.params)
        return self._found[key]

    def _missing(self, part: "Part", layer: LayerPlan, tensor: ParameterPlan, kept: Kept) -> None:
        wanted = part.candidates(layer.name, tensor.name)[0]
        self.report.add(
            "weights.tensor_missing", part.path, layer=layer.name, expected=wanted, fix=part.anew(layer),
            field=f"{layer.name}.{tensor.name}", name=wanted, of=layer.name,
            nearest=nearest(wanted, kept.tensors),
        )  # fmt: skip

    def _fits(
        self, part: "Part", layer: LayerPlan, tensor: ParameterPlan, there: str, found: Tensor
    ) -> bool:
        own = f"{layer.name}.{tensor.name}"
        given = {"layer": layer.name, "fix": part.anew(layer), "field": own, "name": there}
        if found.shape != tensor.shape:
            expected, got = str(list(tensor.shape)), str(list(found.shape))
            self.report.add(
                "weights.shape", part.path, expected=expected, got=got, wanted=expected, given=got,
                of=layer.name, **given,
            )  # fmt: skip
            return False
        if not tensor.buffer and found.dtype not in FLOATS:
            floats = ", ".join(sorted(FLOATS))
            self.report.add(
                "weights.kind", part.path, expected=floats, got=found.dtype, dtype=found.dtype,
                **given,
            )  # fmt: skip
            return False
        return True


@dataclass(frozen=True, slots=True)
class Part(ABC):
    """What takes weights, from one source that was written at `path`."""

    network: NetworkPlan
    source: Source
    path: str

    def tensors(self, layers: Sequence[LayerPlan]) -> Iterator[tuple[LayerPlan, ParameterPlan]]:
        """Those that are to be taken: each tensor where it is held."""
        for layer in layers:
            for each in layer.parameters:
                if each.tied is None:
                    yield layer, each

    def there(self, layer: str, tensor: str, tensors: Mapping[str, Tensor]) -> str | None:
        """The name in the file, if it has one."""
        return next((each for each in self.candidates(layer, tensor) if each in tensors), None)

    def candidates(self, layer: str, tensor: str) -> list[str]:
        """What a tensor may be called there, best first."""
        said = self.source.names or {}
        for name in (layer, self._bare(layer)):
            if (whole := said.get(f"{name}.{tensor}")) is not None:
                return [whole]
            if name in said:
                return [f"{said[name]}.{tensor}"]
        return self._unsaid(layer, tensor)

    def _unsaid(self, layer: str, tensor: str) -> list[str]:
        names = dict.fromkeys((layer, self._bare(layer)))
        return [f"{name}.{tensor}" for name in names]

    def _bare(self, name: str) -> str:
        """A layer's name within its network."""
        return name.removeprefix(f"{self.network.name}/")

    @abstractmethod
    def anew(self, layer: LayerPlan) -> Patch:
        """What lets a layer start anew."""

    def check_names(self, report: Report) -> None:
        """Report names that the network does not have."""
        known = set(_known(self.network, self._bare))
        for name in self.source.names or {}:
            if name not in known:
                self._unknown(name, join(self.path, "names", name), known, report)

    def _unknown(self, name: str, path: str, known: set[str], report: Report) -> None:
        near = nearest(name, sorted(known))
        report.add(
            "weights.name_unknown",
            path,
            expected=near,
            got=name[:80],
            field=name[:80],
            nearest=near,
        )


class Single(Part):
    """One layer."""

    def _unsaid(self, layer: str, tensor: str) -> list[str]:
        if self.source.layer is not None:
            return [f"{self.source.layer}.{tensor}"]
        return super()._unsaid(layer, tensor)

    def anew(self, layer: LayerPlan) -> Patch:
        return rewrite(join(layer.source, "init"), "torch")


class Whole(Part):
    """A network, without what starts anew."""

    source: NetworkSource

    def tensors(self, layers: Sequence[LayerPlan]) -> Iterator[tuple[LayerPlan, ParameterPlan]]:
        for layer, each in super().tensors(layers):
            if not any(
                _within(layer.name, self._bare(layer.name), out) for out in self.source.without
            ):
                yield layer, each

    def _unsaid(self, layer: str, tensor: str) -> list[str]:
        if self.source.layer is not None:
            return [f"{self.source.layer}/{self._bare(layer)}.{tensor}"]
        return super()._unsaid(layer, tensor)

    def anew(self, layer: LayerPlan) -> Patch:
        return add(join(self.path, "without"), [*self.source.without, self._bare(layer.name)])

    def check_names(self, report: Report) -> None:
        super().check_names(report)
        known = set(_known(self.network, self._bare))
        for at, name in enumerate(self.source.without):
            if name not in known:
                self._unknown(name, join(self.path, "without", at), known, report)


def _within(name: str, bare: str, out: str) -> bool:
    return any(each == out or each.startswith(f"{out}/") for each in (name, bare))


def _known(network: NetworkPlan, bare: Callable[[str], str]) -> Iterator[str]:
    """Names of a network's layers, composites and tensors, with and without its own name."""
    for layer in network.layers:
        parts = layer.name.split("/")
        whole = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        whole += [f"{layer.name}.{each.name}" for each in layer.parameters]
        for name in whole:
            yield name
            yield bare(name)


def _source(layer: LayerPlan) -> str | None:
    """How a layer that starts from weights says so; None where it does not."""
    init = layer.fields.get("init")
    return "from" if init is not None and init["type"] == "from" else None
