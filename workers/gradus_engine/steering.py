"""What the end of an epoch decides: whether to stop, how large the rate is, which weights are best.

Everything here follows from measures at epochs' ends, so a run that is resumed, watched or trained
again decides alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradus.planned import TrainPlan
from gradus.steering import GROWING, measures
from gradus_engine.build import Layers

Fields = Mapping[str, Any]
Values = Mapping[str, float]


class Watch:
    """One measure: its best value, the epoch of that, and how many epochs it has not improved."""

    def __init__(self, fields: Fields) -> None:
        self.measure: str = fields["measure"]
        self.patience: int = fields["patience"]
        self._min_delta: float = fields["min_delta"]
        self._sign = -1.0 if self.measure.rpartition("/")[2] in GROWING else 1.0
        self.best: float | None = None
        self.epoch = 0
        self.waited = 0

    def judge(self, values: Values, epoch: int) -> bool:
        """Whether the measure improved. NaN never does."""
        value = values[self.measure]
        held = float("inf") if self.best is None else self.best * self._sign
        better = value * self._sign < held - (self._min_delta if self.best is not None else 0)
        if better:
            self.best, self.epoch, self.waited = value, epoch, 0
        else:
            self.waited += 1
        return better

    @property
    def over(self) -> bool:
        """Whether its patience is at its end."""
        return self.waited >= self.patience

    def state(self) -> dict[str, Any]:
        return {"best": self.best, "epoch": self.epoch, "waited": self.waited}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.best, self.epoch, self.waited = state["best"], state["epoch"], state["waited"]


class Plateau:
    """The share of the learning rate: falls by `factor` each time the patience is at its end.

    As PyTorch's ReduceLROnPlateau with `threshold_mode="abs"` and a patience one less.
    """

    def __init__(self, fields: Fields) -> None:
        self._watch = Watch(fields)
        self._fields = fields
        self.share = 1.0
        self._cooling = 0

    def judge(self, values: Values, epoch: int) -> None:
        self._watch.judge(values, epoch)
        if self._cooling:
            self._cooling -= 1
            self._watch.waited = 0
        if self._watch.over:
            self.share = max(self.share * self._fields["factor"], self._fields["floor"])
            self._cooling, self._watch.waited = self._fields["cooldown"], 0

    def state(self) -> dict[str, Any]:
        return {"watch": self._watch.state(), "share": self.share, "cooling": self._cooling}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._watch.restore(state["watch"])
        self.share, self._cooling = state["share"], state["cooling"]


class EarlyStop:
    """The end before all epochs are over, and the weights of the best epoch."""

    def __init__(self, fields: Fields, layers: Layers) -> None:
        self.watch = Watch(fields)
        self._layers = layers
        self._keeps: bool = fields["restore_best"]
        self.weights: dict[str, Tensor] = {}
        self.restored = False

    def judge(self, values: Values, epoch: int) -> None:
        if self.watch.judge(values, epoch) and self._keeps:
            state = self._layers.own_state()
            self.weights = {name: value.detach().clone() for name, value in state.items()}

    @torch.no_grad()
    def take_best(self) -> None:
        """Put the weights and buffers of the best epoch, where they are kept, into the network."""
        if self.weights:
            for name, value in self._layers.own_state().items():
                value.copy_(self.weights[name])
            self.restored = True

    def state(self) -> dict[str, Any]:
        return {**self.watch.state(), "restored": self.restored}

    def restore(self, state: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
        self.watch.restore(state)
        self.restored = state["restored"]
        if self._keeps and state["best"] is not None:
            own = self._layers.own_state()
            self.weights = {name: tensors[name].to(value, copy=True) for name, value in own.items()}


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a training is over: a code of the catalogue of words, and what its sentence needs."""

    reason: str | None
    params: Mapping[str, Any]


class Steering:
    """All that steers one training. `parts` are those to be measured at every epoch's end."""

    def __init__(self, train: TrainPlan, layers: Layers) -> None:
        early, schedule = train.early_stopping, train.schedule
        self.stop = EarlyStop(early, layers) if early else None
        self._plateau = Plateau(schedule) if schedule["type"] == "plateau" else None
        self.parts = _parts(measures(early, schedule))

    @property
    def over(self) -> bool:
        """Whether training is to end before all epochs are over."""
        return self.stop is not None and self.stop.watch.over

    @property
    def share(self) -> float:
        """What a plateau leaves of the learning rate; 1 without one."""
        return self._plateau.share if self._plateau else 1.0

    def judge(self, values: Values, epoch: int) -> None:
        """`values` are the measures of `parts` after `epoch` epochs."""
        if self._plateau:
            self._plateau.judge(values, epoch)
        if self.stop:
            self.stop.judge(values, epoch)

    def ending(self, epoch: int) -> Ending:
        """What there is to say of an end after `epoch` epochs."""
        if self.stop is None or self.stop.watch.best is None:
            return Ending(None, {})
        watch = self.stop.watch
        best = float(f"{watch.best:.4g}")
        params = {"measure": watch.measure, "epoch": watch.epoch, "best": best}
        if watch.over:
            return Ending("early_stopped", {**params, "patience": watch.patience})
        kept = self.stop.restored and watch.epoch < epoch
        return Ending("best_kept", params) if kept else Ending(None, {})

    def tensors(self) -> dict[str, Tensor]:
        """The best weights so far, by full name."""
        return self.stop.weights if self.stop else {}

    def state(self) -> dict[str, Any]:
        """Everything but the tensors, as JSON; {} where nothing steers."""
        state: dict[str, Any] = {}
        if self._plateau:
            state["plateau"] = self._plateau.state()
        if self.stop:
            state["stop"] = self.stop.state()
        return state

    def restore(self, state: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
        """Go on from `state`; what it does not hold begins anew."""
        if self._plateau and "plateau" in state:
            self._plateau.restore(state["plateau"])
        if self.stop and "stop" in state:
            self.stop.restore(state["stop"], tensors)


def _parts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.partition("/")[0] for name in names}))
