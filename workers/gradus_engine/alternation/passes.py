"""The gradients of one step by the compiled loop, where its networks are chains of dense layers.

Inputs, noise, targets and updates are those of plain steps; only what lies between them, many small
operations of PyTorch, is one call a network's pass. N samples.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from gradus.planned import CallPlan, LossPlan, Plan, StepPlan
from gradus_engine.alternation.forward import Batch, Forward
from gradus_engine.alternation.noise import Noise
from gradus_engine.dense import cache
from gradus_engine.dense.arrays import Indices, Rows, Vector
from gradus_engine.dense.chain import (
    MOST_PRODUCTS,
    Columns,
    columns,
    known_loss,
    loss_code,
    padded,
)
from gradus_engine.dense.codes import INPUTS, WIDTH
from gradus_engine.flat import FlatParameters

NO_ROWS, NO_CLASSES = np.zeros((0, 0), np.float32), np.zeros(0, np.int64)


class Kernel(Protocol):
    """A function of `single_pass`."""

    def __call__(self, *arguments: Any) -> Any: ...


def tables(plan: Plan, flats: Mapping[str, FlatParameters]) -> dict[str, Columns] | None:
    """What the loop has to know of each network; None where it does not know a step, or does not pay."""
    if plan.train.tier == "eager" or plan.train.precision != "float32" or not cache.available():
        return None
    found = {name: columns(network, flats[name]) for name, network in plan.networks.items()}
    known = {name: each for name, each in found.items() if each is not None}
    on_cpu = all(flat.values.device.type == "cpu" for flat in flats.values())
    fit = all(_fits(step, plan) for step in plan.train.steps)
    return known if on_cpu and fit and len(known) == len(found) else None


def _fits(step: StepPlan, plan: Plan) -> bool:
    """Whether each loss is known, alone on what it judges, and held against what stays as it is."""
    judged = [loss.input for loss in step.losses]
    moving = _moving(step)
    products = sum(
        layer.multiply_adds for call in step.calls for layer in plan.networks[call.network].layers
    )
    return (
        products * plan.train.batch_size <= MOST_PRODUCTS
        and len(set(judged)) == len(judged)
        and all(len(call.sources) == 1 for call in step.calls)
        and all(known_loss(loss) and not loss.further for loss in step.losses)
        and not any(loss.target in moving for loss in step.losses)
    )


def _moving(step: StepPlan) -> set[str]:
    """The calls on whose way to a loss something is updated."""
    moving: set[str] = set()
    for call in step.calls:
        behind = any(source in moving for source in call.sources.values())
        if not call.detach and (call.network in step.update or behind):
            moving.add(call.name)
    return moving


class Passes:
    """Binds the loop to one step: `flats` are those of all networks."""

    def __init__(
        self,
        forward: Forward,
        found: Mapping[str, Columns],
        flats: Mapping[str, FlatParameters],
    ) -> None:
        step = forward.step
        self._forward = forward
        self._updated = {name: flats[name].gradients.numpy() for name in step.update}
        scratch = max(len(flats[call.network]) for call in step.calls)
        self._scratch = np.zeros(scratch, np.float32)
        moving = _moving(step)
        self._passes = {
            call.name: Pass(call, found[call.network], flats[call.network], call.name in moving)
            for call in step.calls
        }
        self._losses = [
            (loss, *loss_code(loss, self._passes[loss.input].units)) for loss in step.losses
        ]

    def __call__(self, batch: Batch, noise: Noise) -> Tensor:
        """The loss, a scalar, with its gradient in place in every network that the step updates."""
        given: dict[str, Tensor] = {}
        for name, each in self._passes.items():
            (x,) = self._forward.reads(each.call, given, batch, noise).values()
            given[name] = torch.from_numpy(each.send(x))
        total = 0.0
        for loss, code, number in self._losses:
            target = self._forward.target(loss, given, batch)
            total += self._passes[loss.input].judge(code, number, loss, target)
        self._pull()
        return torch.tensor(total)

    def _pull(self) -> None:
        above: dict[str, Rows] = {}
        reached = set()
        for name, each in reversed(self._passes.items()):
            source = self._passes.get(each.source)
            gradient = above.get(name)
            if not each.moving or (gradient is None and not each.judged):
                continue
            network = each.call.network
            own = self._updated.get(network)
            first = own is not None and network not in reached
            vector = own if own is not None and first else self._scratch[: each.size]
            wanted = source is not None and source.moving
            below = each.pull(vector, gradient, wanted=wanted)
            if wanted:
                above[each.source] = above[each.source] + below if each.source in above else below
            if own is not None:
                reached.add(network)
                if not first:
                    own += vector
        for network in self._updated.keys() - reached:
            self._updated[network].fill(0.0)


class Pass:
    """One call of a network: what went through stays here until it is pulled back."""

    def __init__(self, call: CallPlan, table: Columns, flat: FlatParameters, moving: bool) -> None:
        from gradus_engine.dense import single_pass

        self._send: Kernel = single_pass.send
        self._judge: Kernel = single_pass.judge
        self._pull: Kernel = single_pass.pull
        self.call, self.moving = call, moving
        (self.source,) = call.sources.values()
        self.units, self.size = table.units, len(flat)
        self.judged = False
        self._table = table
        self._values: Vector = flat.values.numpy()
        self._rows: Indices = np.zeros(0, np.int64)
        self._room: tuple[Vector, ...] = ()

    def send(self, x: Tensor) -> Rows:
        """Outputs [N, units] for inputs [N, inputs]."""
        inputs = np.ascontiguousarray(x.numpy())
        if len(inputs) != len(self._rows):
            self._widen(len(inputs))
        table, (buffer, _, batch, _) = self._table, self._room
        outputs = np.empty((len(inputs), self.units), np.float32)
        self._send(
            inputs, self._rows, table.layers, table.numbers, self._values, buffer, batch, outputs
        )
        self.judged = False
        return outputs

    def judge(self, code: int, number: float, loss: LossPlan, target: Tensor) -> float:
        """The loss of what was sent, times its weight."""
        by_class = target.dim() == 1 and not target.is_floating_point()
        values = NO_ROWS if by_class else np.ascontiguousarray(target.numpy(), np.float32)
        classes = np.ascontiguousarray(target.numpy()) if by_class else NO_CLASSES
        buffer, deltas, *_ = self._room
        self.judged = True
        told: float = self._judge(
            code,
            number,
            loss.weight,
            self._table.layers,
            buffer,
            deltas,
            values,
            classes,
            self._rows,
        )
        return told

    def pull(self, gradients: Vector, above: Rows | None, *, wanted: bool) -> Rows:
        """Write the gradients of the network; those of its inputs [N, inputs] if `wanted`."""
        samples = len(self._rows)
        below = np.empty((samples if wanted else 0, self._table.inputs), np.float32)
        buffer, deltas, batch, turned = self._room
        self._pull(
            self._table.layers,
            self._table.numbers,
            self._values,
            gradients,
            buffer,
            deltas,
            batch,
            turned,
            NO_ROWS if above is None else above,
            self.judged,
            below,
            samples,
        )
        return below

    def _widen(self, samples: int) -> None:
        """Room as `Stretch` has it, for this many samples."""
        widest = max(padded(units) for units in self._table.layers[:, INPUTS].tolist())
        width = padded(samples)
        rows = (self._table.rows + WIDTH) * width
        sizes = rows, rows, padded(self._table.inputs) * width, widest * width
        self._room = tuple(np.zeros(size, np.float32) for size in sizes)
        self._rows = np.arange(samples)
