"""Several members of one network, trained step by step side by side and heard together.

The session itself is the first member: what asks for the network's own numbers sees that one.
Measures are those of all together, and of each as `{part}/member_{n}/…`, counted from 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import cos, pi
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from gradus.controls import Changes
from gradus.planned import Plan
from gradus.seeds import derive
from gradus_engine import metrics
from gradus_engine.build import Network, build
from gradus_engine.evaluation import outputs
from gradus_engine.initial import Weights
from gradus_engine.objective import Objective
from gradus_engine.session import Result, Session, State


class Ensemble(Session):
    """A session of an ensemble by `average`, `vote` or `bagging`: all members train."""

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
        fields: Mapping[str, Any] = plan.train.ensemble or {}
        self._method: str = fields["method"]
        bagged = self._method == "bagging"
        super().__init__(
            plan,
            device=device,
            threads=threads,
            state=state,
            tier=tier,
            bag=0 if bagged else None,
            weights=weights,
        )
        self._others = [
            Session(
                _member(plan, place),
                device=device,
                threads=threads,
                state=None if state is None else _part_of(state, place),
                tier=tier,
                bag=place if bagged else None,
                weights=weights,
            )
            for place in range(1, self._trained(fields["members"]))
        ]
        self._table: dict[str, list[list[int]]] = {}

    def _trained(self, members: int) -> int:
        return members

    @property
    def heard(self) -> Sequence[Network]:
        """The networks that answer together."""
        return [self.network, *(each.network for each in self._others)]

    def advance(self, steps: int = 1, samples: int | None = None) -> Sequence[int]:
        """As many steps of every member as the first of them takes."""
        over = super().advance(steps, samples)
        for each in self._others:
            while each.step < self.step:
                each.advance(self.step - each.step, self.samples)
        return over

    def take_record(self) -> dict[str, NDArray[np.float64]]:
        """Values a step of each training series since the last call, the mean over the members."""
        records = [super().take_record(), *(each.take_record() for each in self._others)]
        return {name: np.mean([each[name] for each in records], axis=0) for name in records[0]}

    def evaluate(self, part: str) -> dict[str, float]:
        """Loss and metrics of all members together, and of each."""
        if part in self._measured:
            return self._measured[part]
        samples = self.parts[part]
        measured: dict[str, float] = {}
        if len(samples):
            given = [outputs(network, samples.inputs) for network in self.heard]
            together = self._measures(self._joined(given), self._answer(given), part)
            measured = {f"{part}/{name}": value for name, value in together.items()}
            for place, output in enumerate(given, start=1):
                own = self._measures(output, output, part)
                measured |= {f"{part}/member_{place}/{n}": value for n, value in own.items()}
            self._count(part, self._answer(given))
        self._measured[part] = measured
        return measured

    def results(self) -> dict[str, Result]:
        """Everything that is told of the test part, once."""
        self._measured.pop("test", None)
        return {**self.evaluate("test"), **self._table}

    def apply(self, changes: Changes) -> None:
        """Change numbers of every member; weights set by hand are those of the first."""
        super().apply(changes)
        shared = changes.model_copy(update={"weights": None})
        for each in self._others:
            each.apply(shared)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """That of every member: those but the first with `member/{n}/` before their tensors."""
        tensors, meta = super().state()
        meta["members"] = []
        for place, each in enumerate(self._others, start=1):
            own, said = each.state()
            tensors |= {f"member/{place}/{name}": value for name, value in own.items()}
            meta["members"].append(said)
        return tensors, meta

    def _measures(self, output: Tensor, answer: Tensor, part: str) -> dict[str, float]:
        samples = self.parts[part]
        assert isinstance(self.objective, Objective)
        loss = self.objective.of(output, samples.inputs, samples.targets)
        counted = [name for name in self.objective.metrics if name in metrics.METRICS]
        measured = {name: metrics.METRICS[name](answer, samples.targets) for name in counted}
        return {"loss": float(loss), **measured}

    def _count(self, part: str, answer: Tensor) -> None:
        if part == "test" and "confusion" in self.objective.metrics:
            classes = len(self.objective.classes)
            counts = metrics.confusion(answer, self.parts[part].targets, classes)
            self._table = {"test/confusion": counts.tolist()}

    def _joined(self, given: Sequence[Tensor]) -> Tensor:
        """The mean of the members' answers, as an output [N, units] that the loss reads."""
        kind = self.plan.train.losses[0].type
        if kind == "binary_cross_entropy":
            mean = torch.stack([torch.sigmoid(each) for each in given]).mean(0)
            return torch.logit(mean, eps=torch.finfo(mean.dtype).eps)
        if kind == "cross_entropy":
            mean = torch.stack([torch.softmax(each, 1) for each in given]).mean(0)
            return mean.clamp(min=torch.finfo(mean.dtype).tiny).log()
        return torch.stack(list(given)).mean(0)

    def _answer(self, given: Sequence[Tensor]) -> Tensor:
        """What metrics count: by votes the share of members for each class, else the mean."""
        if self._method != "vote" or not self.objective.classes:
            return self._joined(given)
        if given[0].shape[1] == 1:
            return torch.stack([each.sign() for each in given]).mean(0)
        votes = [F.one_hot(each.argmax(1), each.shape[1]) for each in given]
        return torch.stack(votes).double().mean(0)


class Snapshots(Ensemble):
    """A session of an ensemble by `snapshot`: one network whose rate falls by a cosine to 0 and
    starts anew, once a member; the weights at each cycle's end are a member.
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
        self._members: int = (plan.train.ensemble or {})["members"]
        self._taken: list[Network] = []
        super().__init__(
            plan, device=device, threads=threads, state=state, tier=tier, weights=weights
        )
        self._varies = True
        if state is not None:
            tensors, meta = state
            for place in range(meta.get("snapshots", 0)):
                prefix = f"snapshot/{place}/"
                own = {
                    n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)
                }
                self._take(own)

    def _trained(self, members: int) -> int:
        return 1

    @property
    def heard(self) -> Sequence[Network]:
        """The networks of the cycles that are over; before the first is, the one under way."""
        return self._taken or [self.network]

    def _share_at(self, samples: int) -> float:
        """(1 + cos π c) / 2 at the share c of a cycle (Loshchilov and Hutter 2017)."""
        return (1 + cos(pi * (samples * self._members / self._all_samples % 1))) / 2

    def advance(self, steps: int = 1, samples: int | None = None) -> Sequence[int]:
        """Not beyond the end of a cycle, where the weights are kept."""
        end = -(-(len(self._taken) + 1) * self._all_samples // self._members)
        ahead = self.horizon(soon=False) if samples is None else samples
        over = super().advance(steps, min(ahead, end))
        if self.samples >= end:
            self._take(self.network.layers.own_state())
            self._measured.clear()
        return over

    @torch.no_grad()
    def _take(self, weights: Mapping[str, Tensor]) -> None:
        kept = build(self.plan, device=self.device)
        for name, value in kept.layers.own_state().items():
            value.copy_(weights[name])
        self._taken.append(kept)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """That of the network, and the weights of each member as `snapshot/{n}/{full name}`."""
        tensors, meta = super().state()
        for place, network in enumerate(self._taken):
            own = network.layers.own_state()
            tensors |= {f"snapshot/{place}/{n}": t.detach().cpu().clone() for n, t in own.items()}
        meta["snapshots"] = len(self._taken)
        return tensors, meta


def _member(plan: Plan, place: int) -> Plan:
    seed = derive(plan.train.seed, "member", str(place))
    return replace(plan, train=replace(plan.train, seed=seed))


def _part_of(state: State, place: int) -> State:
    tensors, meta = state
    if len(meta.get("members", ())) < place:
        raise ValueError(f"the checkpoint has no member {place + 1} of an ensemble")
    prefix = f"member/{place}/"
    own = {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
    return own, meta["members"][place - 1]
