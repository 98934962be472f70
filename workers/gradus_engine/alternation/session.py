"""All that one run's training of several networks holds in memory."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.controls import Changes
from gradus.planned import Plan
from gradus_engine import checkpoint
from gradus_engine.alternation.evaluation import evaluate
from gradus_engine.alternation.passes import Passes, tables
from gradus_engine.alternation.silence import Silence
from gradus_engine.alternation.update import Updates
from gradus_engine.build import build_networks
from gradus_engine.datasets import load
from gradus_engine.flat import FlatParameters
from gradus_engine.identity import activate, dtype, identity
from gradus_engine.initial import Weights, begin
from gradus_engine.schedules import share
from gradus_engine.session import TRAIN_EVAL_SAMPLES, State
from gradus_engine.steering import Ending


class Alternation:
    """Networks, data and steps of one run; it offers what `Session` offers to `train`.

    `step` counts passes through the steps. `samples` are those drawn by the first step that reads
    `batch`: they tell the epoch. `learning_rate` is that of `train.optimizer`; steps with a rate of
    their own keep its proportion to it when it is changed.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        device: str | torch.device = "cpu",
        threads: int | None = None,
        state: State | None = None,
        tier: str | None = None,
        weights: Weights | None = None,
    ) -> None:
        if plan.dataset is None:
            raise ValueError("this plan has no data to train on; add data: {name: …}")
        self.plan = plan
        self.device = torch.device(device)
        self.threads = threads or torch.get_num_threads()
        self.network = build_networks(plan, device=self.device)
        if state is None:
            begin(self.network.layers.own_state(), plan, weights or {})
        self.flats = {
            name: FlatParameters(network.layers.own_parameters())
            for name, network in self.network.each.items()
        }
        self.dataset = load(plan.dataset, self.device)
        numbers = dtype(plan.train.precision)
        self.parts = {
            name: part.to(self.device, numbers) for name, part in self.dataset.parts().items()
        }
        self.parts["train_eval"] = self.parts["train"].head(TRAIN_EVAL_SAMPLES)
        self.verdicts = Silence(self)
        self._start(plan)
        self._compile(tier, state)
        if state is not None:
            self._restore(*state)

    def _start(self, plan: Plan) -> None:
        train = plan.train
        pacing = next(at for at, step in enumerate(train.steps) if step.reads("batch"))
        begun = self.dataset.begun.to(self.device, dtype(train.precision))
        given = (plan, self.network, self.flats, begun, self.dataset.preparation)
        self.steps = [
            Updates(step, *given, first=at == pacing) for at, step in enumerate(train.steps)
        ]
        self._pacing = self.steps[pacing]
        self.step = 0
        self.elapsed = 0.0
        self.epoch_ended = True
        self.learning_rate: float = train.optimizer["learning_rate"]
        self.batch_size = train.batch_size
        self.l1 = train.l1
        self.l2 = train.l2

    def _compile(self, tier: str | None, state: State | None) -> None:
        """Let the compiled loop take every step, where it may: a run keeps the tier it began with."""
        asked = tier, state[1]["identity"]["tier"] if state else None
        found = None if "eager" in asked else tables(self.plan, self.flats)
        self._tier = "eager" if found is None else "dense"
        for each in self.steps if found else ():
            each.passes = Passes(each.forward, found or {}, self.flats)

    @property
    def samples(self) -> int:
        return self._pacing.samples

    @property
    def finished(self) -> bool:
        """Whether the planned epochs are over."""
        return self.samples >= self.horizon(soon=False)

    def horizon(self, *, soon: bool) -> int:
        """Samples drawn at the end of the next epoch that somebody looks at, or of the last."""
        return self.plan.train.epochs * len(self.parts["train"])

    @property
    def rate_share(self) -> float:
        """What the schedule multiplies the learning rates of the next step by."""
        schedule = self.plan.train.schedule
        if schedule["type"] == "constant":
            return 1.0
        epochs = self.samples / len(self.parts["train"])
        return share(schedule, epochs, self.plan.train.epochs)

    def advance(self, steps: int = 1, samples: int | None = None) -> Sequence[int]:
        """One pass through the steps, however many are asked for; whether an epoch was over is
        answered as the step. Never waits for the device."""
        number, size = self.step + 1, len(self.parts["train"])
        before, shared = self.samples // size, self.rate_share
        self.network.moment.step = number
        for each in self.steps:
            if each.due(number):
                rate = self._rate(each.step.optimizer["learning_rate"])
                each.make(number, self.batch_size, rate * shared, self.l1, self.l2)
        self.step = number
        # With repeats an epoch may end within a step.
        self.epoch_ended = self.samples // size > before
        return (number,) if self.epoch_ended else ()

    def _rate(self, own: float) -> float:
        planned: float = self.plan.train.optimizer["learning_rate"]
        return self.learning_rate if own == planned else own * (self.learning_rate / planned)

    def conclude(self) -> Ending:
        """The end of training: all planned epochs are over."""
        return Ending(None, {})

    def take_record(self) -> dict[str, NDArray[np.float64]]:
        """Values of each training series since the last call, one for each time a step was made."""
        return {name: values for each in self.steps for name, values in each.take().items()}

    def evaluate(self, part: str) -> dict[str, float]:
        """Losses and scores of a part in eval mode: {"validation/d/loss": …}.

        `part` is train_eval, validation or test.
        """
        steps = [each.forward for each in self.steps]
        values = evaluate(self.network, steps, self.parts[part], self.plan.train.seed)
        return {f"{part}/{name}": value for name, value in values.items()}

    def results(self) -> dict[str, float]:
        """Everything that is told of the test part, once."""
        return self.evaluate("test")

    def apply(self, changes: Changes) -> None:
        """Change numbers between two steps; what is None stays, `speed` is the caller's affair."""
        for name in ("learning_rate", "batch_size", "l1", "l2"):
            value = getattr(changes, name)
            if value is not None:
                setattr(self, name, value)
        if changes.weights:
            self.network.layers.set_by_hand(changes.weights)

    def moved(self) -> list[tuple[FlatParameters, Tensor]]:
        """The parameters of each network that is updated, and what its last update added to them."""
        last = {
            name: each.optimizers[name].last_update() for each in self.steps for name in each.flats
        }
        return [(self.flats[name], update) for name, update in last.items()]

    def activate(self) -> None:
        """Set what a process has only one of for this session: threads, and the choice of kernels."""
        activate(self.device, self.threads)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything that the steps to come depend on, as copies in host memory, and JSON beside it.

        As a session's, with `optimizer/{step}/{slot}/{full parameter name}`.
        """
        tensors = {
            f"network/{name}": value for name, value in self.network.layers.own_state().items()
        }
        tensors |= self.dataset.fitted
        meta = {name: getattr(self, name) for name in checkpoint.NUMBERS}
        meta |= {"format": checkpoint.FORMAT, "spec_hash": self.plan.hash}
        meta |= {"identity": self.identity(), "steps": {}}
        for each in self.steps:
            slots = each.tensors().items()
            tensors |= {f"optimizer/{each.step.name}/{slot}": tensor for slot, tensor in slots}
            meta["steps"][each.step.name] = each.state()
        return checkpoint.copies(tensors), meta

    def _restore(self, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> None:
        checkpoint.check(self.network.layers.own_state(), tensors, meta)
        self._check_steps(tensors, meta)
        for name in checkpoint.NUMBERS:
            if name != "samples":
                setattr(self, name, meta[name])
        self.threads = meta["identity"]["threads"]
        with torch.no_grad():
            for name, value in self.network.layers.own_state().items():
                value.copy_(tensors[f"network/{name}"])
            for each in self.steps:
                each.restore(meta["steps"][each.step.name])
                for slot, tensor in each.tensors().items():
                    tensor.copy_(tensors[f"optimizer/{each.step.name}/{slot}"])

    def _check_steps(self, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> None:
        for each in self.steps:
            name = each.step.name
            slots = [f"optimizer/{name}/{slot}" for slot in each.tensors()]
            if name not in meta["steps"] or any(slot not in tensors for slot in slots):
                raise ValueError(f"the checkpoint has nothing for the step {name}")

    def identity(self) -> dict[str, Any]:
        """What the numbers depend on beside spec, seed and controls."""
        return identity(self.device, self.threads, self.plan.train.precision, self._tier)
