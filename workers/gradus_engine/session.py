"""All that one run's training holds in memory."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.controls import Changes
from gradus.losses import judged
from gradus.planned import Plan
from gradus.seeds import derive
from gradus_engine import checkpoint, choices
from gradus_engine.build import build
from gradus_engine.datasets import Dataset, load
from gradus_engine.decay import Decayed, own_decays
from gradus_engine.dense.stretch import Stretch, stretch
from gradus_engine.evaluation import evaluate, tables
from gradus_engine.flat import FlatParameters
from gradus_engine.gradients import add_noise, clip
from gradus_engine.identity import activate, identity
from gradus_engine.initial import Weights, begin
from gradus_engine.objective import Objective
from gradus_engine.optimizers import optimizer
from gradus_engine.own_rules import ClusterObjective, KMeans, PerceptronObjective
from gradus_engine.penalty import penalize
from gradus_engine.record import Record
from gradus_engine.rule import Descent
from gradus_engine.sampler import Sampler
from gradus_engine.schedules import share
from gradus_engine.steering import Ending, Steering
from gradus_engine.tiers.quick import Quick
from gradus_engine.verdicts import Verdicts

Result = float | list[list[int]]
State = tuple[Mapping[str, Tensor], Mapping[str, Any]]

# The gap between training and validation is drawn from at most this many training samples.
TRAIN_EVAL_SAMPLES = 1000


class Session:
    """Network, data, optimizer and place in the training of one run.

    `step` counts updates, `samples` those drawn from the training part, `elapsed` seconds of
    training. `learning_rate`, `batch_size`, `l1` and `l2` are what the next step uses.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        device: str | torch.device = "cpu",
        threads: int | None = None,
        state: State | None = None,
        tier: str | None = None,
        bag: int | None = None,
        weights: Weights | None = None,
        dataset: Dataset | None = None,
        memory_format: str | None = None,
    ) -> None:
        """`bag` numbers a draw of as many training samples with replacement, in place of all.
        Without a `state` the plan's `weights` are needed, if it starts from any. `dataset` holds
        the samples of the planned data where the caller has them: they are not loaded then;
        `memory_format` is how pictures lie in memory, where the caller chooses.
        """
        if plan.dataset is None:
            raise ValueError("this plan has no data to train on; add data: {name: …}")
        if plan.several:
            raise ValueError("this plan has several networks; open it with open_session")
        self.plan = plan
        self.device = torch.device(device)
        self.threads = threads or torch.get_num_threads()
        self.network = build(plan, device=self.device)
        if state is None:
            begin(self.network.layers.own_state(), plan, weights or {})
        self.flat = FlatParameters(self.network.layers.own_parameters())
        self.objective = _objective(plan)
        self.dataset = dataset or load(plan.dataset, self.device)
        self.parts = {
            name: self.objective.encode(part, plan.train.precision)
            for name, part in self.dataset.parts().items()
        }
        # Of a plain function there is nothing to measure beside its value at each step.
        self.optimizer = self._rule()
        self.parts["train_eval"] = self.parts["train"].head(
            0 if plan.descends else TRAIN_EVAL_SAMPLES
        )
        self._format = memory_format or choices.memory_format(
            plan, state[1]["identity"] if state else None
        )
        self._sampler = self._sampled(bag)
        self._stretch = self._stretched(tier, state)
        self.steering = Steering(plan.train, self.network.layers)
        self._measured: dict[str, dict[str, float]] = {}
        self._record = Record(accuracy=bool(self.objective.classes))
        self.verdicts = Verdicts(self)
        self.quick: Quick | None = None  # in place of `descend` for whole batches
        self._start(plan)
        if state is not None:
            checkpoint.restore(self, *state)

    def _stretched(self, tier: str | None, state: State | None) -> Stretch | None:
        """The compiled loop, where it may train this run."""
        rule = self.optimizer
        if self.dataset.begun is not self.dataset.train or isinstance(rule, KMeans):
            return None  # samples that change from step to step, or no gradients
        tiers = self.plan.train.tier, tier, state[1]["identity"]["tier"] if state else None
        found = stretch(self.plan, self.network, self.flat, rule, tiers)
        if found is not None:
            found.read(self._sampler.part, accuracy=bool(self.objective.classes))
        return found

    def _start(self, plan: Plan) -> None:
        self.step = 0
        self.samples = 0
        self.elapsed = 0.0
        self.learning_rate: float = plan.train.optimizer["learning_rate"]
        self.batch_size = plan.train.batch_size
        self.l1 = plan.train.l1
        self.l2 = plan.train.l2
        schedule = plan.train.schedule
        self._schedule = schedule if schedule["type"] not in ("constant", "plateau") else None
        self._varies = self._schedule is not None  # whether the rate changes from step to step

    def _sampled(self, bag: int | None) -> Sampler:
        train, labels = self.plan.train, self.dataset.train.targets
        part = self.objective.encode(self.dataset.begun, train.precision)
        if bag is not None:
            generator = torch.Generator().manual_seed(derive(train.seed, "bag", str(bag)))
            chosen = torch.randint(len(part), (len(part),), generator=generator).to(self.device)
            part, labels = part.take(chosen), labels[chosen]
        return Sampler(part, labels, train.order, train.seed, choices.FORMATS[self._format])

    def _rule(self) -> Descent | Decayed | KMeans:
        train = self.plan.train
        if isinstance(self.objective, ClusterObjective):
            rule = KMeans(self.flat, self.plan, self.objective)
            read = self.objective.read(self.network, self.parts["train"])
            rule.begin(read, train.optimizer, train.seed)
            return rule
        own = own_decays(self.plan.network.layers)
        return optimizer(self.flat, train.optimizer, train.weight_decay, own)

    @property
    def compilable(self) -> bool:
        """Whether another tier may take over from these plain steps."""
        own = type(self) is Session and self._stretch is None
        return own and self.plan.train.tier == "auto" and not isinstance(self.optimizer, KMeans)

    @property
    def steps_left(self) -> float:
        """Steps to the end of the planned epochs."""
        return (self._all_samples - self.samples) / self.batch_size

    def example(self) -> tuple[Tensor, Tensor]:
        """A batch in the form of those that are drawn; training goes on as if nobody had asked."""
        inputs, targets = self._sampler.first(self.batch_size)
        return self.dataset.preparation.drawn(inputs, self.plan.train.seed, 1), targets

    @property
    def finished(self) -> bool:
        """Whether the planned epochs are over, or ended early."""
        return self.steering.over or self.samples >= self._all_samples

    @property
    def _all_samples(self) -> int:
        return self.plan.train.epochs * len(self.parts["train"])

    @property
    def epoch_ended(self) -> bool:
        """Whether every sample of the training part has been drawn equally often."""
        return self.samples % len(self.parts["train"]) == 0

    @property
    def rate_share(self) -> float:
        """What the schedule multiplies the learning rate of the next step by."""
        return self._share_at(self.samples)

    def _share_at(self, samples: int) -> float:
        if self._schedule is None:
            return self.steering.share
        epochs = samples / len(self.parts["train"])
        return share(self._schedule, epochs, self.plan.train.epochs)

    def _tame(self) -> None:
        """Bound the gradients and add noise to them, as the plan says."""
        train = self.plan.train
        if train.clip:
            clip(self.flat.gradients, train.clip)
        if train.gradient_noise:
            seed = derive(train.seed, "gradient_noise", step=self.step + 1)
            add_noise(self.flat.gradients, train.gradient_noise, self.step, seed)

    def advance(self, steps: int = 1, samples: int | None = None) -> Sequence[int]:
        """At least one step, at most `steps`, none begun at `samples` drawn or beyond.

        Answers after which of them an epoch was over. Never waits for the device but at the end of
        an epoch whose measures steer the training.
        """
        self._measured.clear()
        over = self._step() if self._stretch is None else self._steps(self._stretch, steps, samples)
        if self.steering.parts and self.epoch_ended:
            self._steer()
        return over

    def _step(self) -> Sequence[int]:
        """Draw a batch, follow its gradient once."""
        inputs, targets = self._sampler.draw(self.samples, self.batch_size)
        inputs = self.dataset.preparation.drawn(inputs, self.plan.train.seed, self.step + 1)
        self.network.moment.step = self.step + 1
        quick = self.quick
        descend = quick if quick is not None and quick.fits(inputs, targets) else self.descend
        output, loss = descend(inputs, targets)
        self._tame()
        if self.l1 or self.l2:
            self._record.add_penalty(penalize(self.flat, self.l1, self.l2))
        self.optimizer.update(self.learning_rate * self.rate_share)
        self.step += 1
        self.samples += inputs.shape[0]
        self._record.add(loss, output, targets)
        return (self.step,) if self.epoch_ended else ()

    def descend(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's output and its loss, a scalar, with its gradient in place, by plain steps."""
        output, loss = self.objective(self.network, inputs, targets)
        self.flat.gradients.zero_()
        if loss.requires_grad:
            torch.autograd.backward(loss)
        return output.detach(), loss.detach()

    def _steps(self, stretch: Stretch, steps: int, samples: int | None) -> Sequence[int]:
        """The same as often as one call of the compiled loop is to take."""
        ahead = max(self.horizon(soon=False) if samples is None else samples, self.samples + 1)
        most = min(steps, stretch.most(self.batch_size))
        rows, ends = self._sampler.ahead(self.samples, self.batch_size, most, ahead)
        drawn = self.samples + ends
        rates = self._rates(drawn)
        self._record.add_stretch(stretch.run(self.step, rows, ends, rates, self.l1, self.l2))
        epochs = np.flatnonzero(drawn % len(self.parts["train"]) == 0)
        over: list[int] = (self.step + 1 + epochs).tolist()
        self.step += len(ends)
        self.samples = int(drawn[-1])
        return over

    def _rates(self, drawn: NDArray[np.int64]) -> NDArray[np.float64]:
        """The learning rate of each step to come; `drawn` are the samples drawn after each."""
        if not self._varies:
            return np.full(len(drawn), self.learning_rate * self.rate_share)
        before = [self.samples, *drawn[:-1].tolist()]
        return np.array([self.learning_rate * self._share_at(samples) for samples in before])

    def horizon(self, *, soon: bool) -> int:
        """Samples drawn at the end of the next epoch that somebody looks at; `soon`, of the next."""
        soon = soon or bool(self.steering.parts)
        epoch = self._epoch + 1 if soon else self.verdicts.next(self._epoch)
        return min(self._all_samples, epoch * len(self.parts["train"]))

    def _steer(self) -> None:
        values = [self.evaluate(part) for part in self.steering.parts]
        measured = {name: value for each in values for name, value in each.items()}
        self.steering.judge(measured, self._epoch)

    @property
    def _epoch(self) -> int:
        return self.samples // len(self.parts["train"])

    def conclude(self) -> Ending:
        """The end of training: the best weights are taken where they are kept."""
        if self.steering.stop:
            self.steering.stop.take_best()
            self._measured.clear()
        return self.steering.ending(self._epoch)

    def take_record(self) -> dict[str, NDArray[np.float64]]:
        """Values a step of each training series since the last call: {"train/loss": [S], …}."""
        return self._record.take()

    def evaluate(self, part: str) -> dict[str, float]:
        """Loss and metrics of a whole part in eval mode: {"validation/loss": …}.

        `part` is train_eval, validation or test.
        """
        if part not in self._measured:
            values = self._evaluated(part)
            self._measured[part] = {f"{part}/{name}": value for name, value in values.items()}
        return self._measured[part]

    def _evaluated(self, part: str) -> dict[str, float]:
        if self._stretch is None or not len(self.parts[part]):
            return evaluate(self.network, self.objective, self.parts[part])
        return self._stretch.measures.of(part, self.parts[part], self.objective.metrics)

    def results(self) -> dict[str, Result]:
        """Everything that is told of the test part, once: its measures, and tables of whole numbers."""
        found = tables(self.network, self.objective, self.parts["test"])
        return {**self.evaluate("test"), **{f"test/{name}": table for name, table in found.items()}}

    def apply(self, changes: Changes) -> None:
        """Change numbers between two steps; what is None stays, `speed` is the caller's affair."""
        self._measured.clear()
        if changes.batch_size is not None:
            self.quick = None  # it was made for batches of another size
        for name in ("learning_rate", "batch_size", "l1", "l2"):
            value = getattr(changes, name)
            if value is not None:
                setattr(self, name, value)
                self.verdicts.changed()
        if changes.weights:
            self.network.layers.set_by_hand(changes.weights)
            self.verdicts.changed()

    def moved(self) -> list[tuple[FlatParameters, Tensor]]:
        """The parameters, and what the last update added to each of them."""
        return [(self.flat, self.optimizer.last_update())]

    def activate(self) -> None:
        """Set what a process has only one of for this session: threads, and the choice of kernels."""
        activate(self.device, self.threads)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything that the steps to come depend on, as copies in host memory, and JSON beside it."""
        return checkpoint.state(self)

    def identity(self) -> dict[str, Any]:
        """What the numbers depend on beside spec, seed and controls."""
        tier = "eager" if self._stretch is None else "dense"
        precision = self.plan.train.precision
        return identity(self.device, self.threads, precision, tier, self._format)


def _objective(plan: Plan) -> Objective | PerceptronObjective | ClusterObjective:
    assert plan.dataset is not None
    match plan.train.optimizer["type"]:
        case "perceptron":
            return PerceptronObjective(plan)
        case "kmeans":
            return ClusterObjective(plan)
    return Objective(plan.network, plan.train.losses, _metrics(plan), plan.dataset)


def _metrics(plan: Plan) -> tuple[str, ...]:
    if plan.dataset is not None and plan.dataset.task == "regression":
        output = plan.network.shapes[plan.network.output]
        return ("r2",) if judged(plan.dataset, output, plan.train.losses) else ()
    return plan.train.metrics
