"""From a plan to a module."""

from collections.abc import Collection, Iterable, Iterator, Mapping

import torch
from torch import Tensor, nn

from gradus.controls import WeightEdit
from gradus.planned import LayerPlan, NetworkPlan, Plan
from gradus_engine.draws import Draws, Moment, Stochastic
from gradus_engine.identity import dtype
from gradus_engine.initial import initialise
from gradus_engine.layers import BUILD


class Layers(nn.ModuleDict):
    """Layers by their full path.

    A person may call a layer `values` or `type`, which `ModuleDict` refuses because it has
    attributes of these names; nothing reads a layer as an attribute, so they cannot collide here.
    """

    def __init__(self, ties: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._ties = dict(ties or {})

    def own_state(self) -> dict[str, Tensor]:
        """Parameters and buffers by full name, each tensor once: under its own name."""
        state = self.state_dict()
        return {name: value for name, value in state.items() if name not in self._ties}

    def own_parameters(self) -> Iterator[tuple[str, nn.Parameter]]:
        """Parameters by full name, without those that belong to another layer or network."""
        for name, parameter in self.named_parameters(remove_duplicate=False):
            if name not in self._ties:
                yield name, parameter

    @torch.no_grad()
    def set_by_hand(self, edits: Iterable[WeightEdit]) -> None:
        """Write single numbers of parameters, which are named in full. Raises KeyError, IndexError."""
        parameters = dict(self.named_parameters(remove_duplicate=False))
        for edit in edits:
            parameters[edit.name][tuple(edit.index)] = edit.value

    def tie(self, others: Mapping[str, nn.Module] | None = None) -> None:
        """Let tied names stand for the tensors that they are tied to, those of `others` among them."""
        known = {**(others or {}), **self._modules}
        for name, owner in self._ties.items():
            (layer, _, tensor), (other, _, own) = name.rpartition("."), owner.rpartition(".")
            # Buffers too: running statistics of a layer that is called again.
            setattr(self[layer], tensor, getattr(known[other], own))

    def __setitem__(self, key: str, module: nn.Module) -> None:
        self._modules[key] = module


class Call:
    """One layer's turn in a forward pass: which values it reads, and which nobody reads after it."""

    __slots__ = ("extras", "module", "name", "reads", "single", "spent")

    def __init__(self, module: nn.Module, plan: LayerPlan, spent: tuple[str, ...]) -> None:
        self.module = module
        self.name = plan.name
        self.reads = plan.inputs
        self.single = plan.inputs[0] if len(plan.inputs) == 1 else None
        self.extras = tuple(f"{plan.name}.{extra}" for extra in plan.extras)
        self.spent = spent


class Network(nn.Module):
    """A planned network. `layers` holds its modules by full path, in topological order."""

    def __init__(
        self, plan: NetworkPlan, layers: Layers, moment: Moment, *, mixed: bool = False
    ) -> None:
        super().__init__()
        self.plan = plan
        self.mixed = mixed  # products in bfloat16, everything else as it is
        self.layers = layers
        self.moment = moment
        self._calls = _calls(plan, layers)

    def forward(self, inputs: Tensor | Mapping[str, Tensor]) -> Tensor:
        """The output [N, *output] for inputs [N, *input], by name where there are several."""
        values = self._named(inputs)
        if self.mixed:
            return self._mixed(values, spending=True)[self.plan.output]
        self._pass(values, spending=True)
        return values[self.plan.output]

    def outputs(
        self, inputs: Tensor | Mapping[str, Tensor], wanted: Collection[str] | None = None
    ) -> dict[str, Tensor]:
        """What each layer gives, after its activation; `input` is the input itself."""
        values = self._named(inputs)
        if self.mixed:
            values = self._mixed(values, spending=False)
        else:
            self._pass(values, spending=False)
        return values if wanted is None else {name: values[name] for name in wanted}

    def _pass(self, values: dict[str, Tensor], *, spending: bool) -> None:
        for call in self._calls:
            self._run(call, values)
            for name in call.spent if spending else ():
                del values[name]

    def _mixed(self, values: dict[str, Tensor], *, spending: bool) -> dict[str, Tensor]:
        """The same in mixed precision; what comes out is float32 again."""
        kind = next(iter(values.values())).device.type
        with torch.autocast(kind, torch.bfloat16):
            self._pass(values, spending=spending)
        halves = {name: value for name, value in values.items() if value.dtype == torch.bfloat16}
        return values | {name: value.float() for name, value in halves.items()}

    def _named(self, inputs: Tensor | Mapping[str, Tensor]) -> dict[str, Tensor]:
        if isinstance(inputs, Tensor):
            return {next(iter(self.plan.inputs)): inputs}
        return dict(inputs)

    @staticmethod
    def _run(call: Call, values: dict[str, Tensor]) -> None:
        if call.single is not None:
            given = call.module(values[call.single])
        else:
            given = call.module(*[values[name] for name in call.reads])
        if call.extras:
            given, *extras = given
            values.update(zip(call.extras, extras, strict=True))
        values[call.name] = given


class Networks(nn.Module):
    """Several planned networks by name. `layers` holds the modules of all by full path."""

    def __init__(self, each: Mapping[str, Network], moment: Moment) -> None:
        super().__init__()
        ties = {name: own for network in each.values() for name, own in network.plan.ties.items()}
        self.layers = Layers(ties)
        for network in each.values():
            for name, layer in network.layers.items():
                self.layers[name] = layer
        self.moment = moment
        # A plain dictionary: the layers are registered once, under `layers`.
        self.each = dict(each)


def _calls(plan: NetworkPlan, layers: Layers) -> list[Call]:
    last_reader = {name: layer.name for layer in plan.layers for name in layer.inputs}
    spent: dict[str, list[str]] = {}
    for name, reader in last_reader.items():
        if name != plan.output:
            spent.setdefault(reader, []).append(name)
    return [Call(layers[p.name], p, tuple(spent.get(p.name, ()))) for p in plan.layers]


def build(plan: Plan, *, seed: int | None = None, device: str | torch.device = "cpu") -> Network:
    """The module that `plan` describes, with first values drawn from `seed` (the plan's own unless given).

    Each parameter depends on `seed` and its own full name alone.
    Raises NotImplementedError for a layer that the engine does not compute.
    """
    seed = plan.train.seed if seed is None else seed
    network = _network(plan.network, seed, Moment(), plan.train.precision)
    network = network.to(device=device, dtype=dtype(plan.train.precision))
    network.layers.tie()  # running statistics that were moved or converted are tensors anew
    return network


def build_networks(plan: Plan, *, device: str | torch.device = "cpu") -> Networks:
    """The modules of a plan with several networks. Raises as `build` does."""
    moment = Moment()
    seed, precision = plan.train.seed, plan.train.precision
    each: dict[str, Network] = {}
    for name, one in plan.networks.items():
        before = {
            path: layer for network in each.values() for path, layer in network.layers.items()
        }
        each[name] = _network(one, seed, moment, precision, before)
    networks = Networks(each, moment).to(device=device, dtype=dtype(plan.train.precision))
    networks.layers.tie()  # running statistics that were moved or converted are tensors anew
    return networks


def _network(
    plan: NetworkPlan,
    seed: int,
    moment: Moment,
    precision: str,
    before: Mapping[str, nn.Module] | None = None,
) -> Network:
    layers = Layers(plan.ties)
    for layer in plan.layers:
        layers[layer.name] = _built(layer, seed, moment)
    layers.tie(before)
    return Network(plan, layers, moment, mixed=precision == "bfloat16")


def _built(layer: LayerPlan, seed: int, moment: Moment) -> nn.Module:
    if layer.type not in BUILD:
        raise NotImplementedError(f"{layer.name}: the engine cannot compute {layer.type}")
    module = BUILD[layer.type](layer)
    for part in module.modules():
        if isinstance(part, Stochastic):
            part.draws = Draws(seed, layer.name, moment)
    if "init" in layer.fields:
        initialise(module, layer.fields["init"], layer.name, seed)
    module.requires_grad_(bool(layer.fields.get("trainable", True)))
    return module
