"""One step of an alternation at work: its batches, its optimizers, its record."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.planned import Plan, StepPlan
from gradus.seeds import derive
from gradus_engine.alternation.forward import Batch, Forward
from gradus_engine.alternation.noise import Noise
from gradus_engine.alternation.passes import Passes
from gradus_engine.build import Networks
from gradus_engine.datasets.part import Part
from gradus_engine.datasets.transforms import Preparation
from gradus_engine.decay import own_decays
from gradus_engine.flat import FlatParameters
from gradus_engine.gradients import add_noise, clip
from gradus_engine.optimizers import optimizer
from gradus_engine.penalty import penalize
from gradus_engine.record import numbers
from gradus_engine.rule import Optimizer
from gradus_engine.sampler import Sampler

Flats = Mapping[str, FlatParameters]


class Updates:
    """The updates that one step makes. `samples` are those that it has drawn.

    Gradients of networks that it does not update are neither computed nor touched.
    """

    def __init__(
        self,
        step: StepPlan,
        plan: Plan,
        networks: Networks,
        flats: Flats,
        part: Part,
        preparation: Preparation,
        *,
        first: bool,
    ) -> None:
        if plan.dataset is None:
            raise ValueError("a step needs data")
        self.step = step
        self.forward = Forward(step, networks, plan.dataset)
        self.flats = {name: flats[name] for name in step.update}
        # One for each network: their rules go number by number, and another step may have its own.
        self.optimizers: dict[str, Optimizer] = {
            name: optimizer(
                flat,
                step.optimizer,
                plan.train.weight_decay,
                own_decays(networks.each[name].plan.layers),
            )
            for name, flat in self.flats.items()
        }
        self.samples = 0
        self._train = plan.train
        self._networks = networks
        self._part = part
        self._preparation = preparation
        # The first step that draws takes the order that a single network would.
        seed = plan.train.seed if first else derive(plan.train.seed, "step", step.name)
        self._seed = seed
        self._sampler = Sampler(part, part.targets, plan.train.order, seed)
        self._moved = [
            parameter
            for name in step.update
            for _, parameter in networks.each[name].layers.own_parameters()
            if parameter.requires_grad
        ]
        self.passes: Passes | None = None  # by the compiled loop, where the session may
        self._losses: list[Tensor] = []
        self._penalties: list[Tensor] = []

    def due(self, step: int) -> bool:
        """Whether it is made at the step of this number, from 1."""
        return step % self.step.every == 0

    def make(self, step: int, size: int, rate: float, l1: float, l2: float) -> None:
        """Every update of the step of this number. Never waits for the device."""
        losses, penalties = [], []
        for repeat in range(self.step.repeat):
            batch = self._draw(size, step, repeat)
            noise = Noise(self._train.seed, f"{self.step.name}/{repeat}", step)
            loss = self._follow(batch, noise)
            self._tame(step, repeat)
            if l1 or l2:
                penalties.append(self._penalize(l1, l2))
            for each in self.optimizers.values():
                each.update(rate)
            losses.append(loss.detach())
        self._losses.append(_mean(losses))
        if penalties:
            self._penalties.append(_mean(penalties))

    def take(self) -> dict[str, NDArray[np.float64]]:
        """Each series of the step with one value for each time that it was made."""
        kinds = {"loss": self._losses, "penalty": self._penalties}
        series = {
            f"train/{self.step.name}/{kind}": numbers(torch.stack(values))
            for kind, values in kinds.items()
            if values
        }
        self._losses, self._penalties = [], []
        return series

    def tensors(self) -> dict[str, Tensor]:
        """Views of what its optimizers remember, by slot and full name of the parameter."""
        return {
            f"{slot}/{parameter}": flat.slice(vector, parameter)
            for name, flat in self.flats.items()
            for slot, vector in self.optimizers[name].vectors.items()
            for parameter in flat.places
        }

    def state(self) -> dict[str, Any]:
        counts = {name: each.count for name, each in self.optimizers.items()}
        return {"samples": self.samples, "counts": counts}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.samples = state["samples"]
        for name, each in self.optimizers.items():
            each.count = state["counts"][name]

    def _draw(self, size: int, step: int, repeat: int) -> Batch:
        if not self.step.draws:
            return Batch(self._part.inputs, self._part.targets, size)
        inputs, targets = self._sampler.draw(self.samples, size)
        self.samples += len(inputs)
        seed = derive(self._seed, "repeat", step=repeat) if repeat else self._seed
        inputs = self._preparation.drawn(inputs, seed, step)
        return Batch(inputs, targets, len(inputs))

    def _follow(self, batch: Batch, noise: Noise) -> Tensor:
        """The loss of a batch, with its gradient in place."""
        if self.passes is not None:
            return self.passes(batch, noise)
        loss = self.forward.loss(self.forward(batch, noise), batch)
        for flat in self.flats.values():
            flat.gradients.zero_()
        if loss.requires_grad and self._moved:
            torch.autograd.backward(loss, inputs=self._moved)
        return loss

    def _tame(self, step: int, repeat: int) -> None:
        """Bound the gradients of the step as one vector and add noise to them, as the plan says."""
        if self._train.clip:
            vectors = [flat.gradients for flat in self.flats.values()]
            joined = vectors[0] if len(vectors) == 1 else torch.cat(vectors)
            clip(joined, self._train.clip)
            if len(vectors) > 1:
                for vector, part in zip(
                    vectors, torch.split(joined, [len(each) for each in vectors]), strict=True
                ):
                    vector.copy_(part)
        if self._train.gradient_noise:
            for name, flat in self.flats.items():
                path = f"{self.step.name}/{repeat}/{name}"
                seed = derive(self._train.seed, "gradient_noise", path, step)
                add_noise(flat.gradients, self._train.gradient_noise, step - 1, seed)

    def _penalize(self, l1: float, l2: float) -> Tensor:
        return torch.stack([penalize(flat, l1, l2) for flat in self.flats.values()]).sum()


def _mean(values: list[Tensor]) -> Tensor:
    return values[0] if len(values) == 1 else torch.stack(values).mean()
