"""Several steps of a session at once, by the compiled loop."""

import time
from collections.abc import Collection, Mapping
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from gradus.planned import Plan, TrainPlan
from gradus.seeds import derive
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.decay import Decayed
from gradus_engine.dense import cache, codes
from gradus_engine.dense.arrays import Vector
from gradus_engine.dense.chain import Chain, chain, padded, pays
from gradus_engine.dense.measures import Measures
from gradus_engine.dense.reading import reading
from gradus_engine.draws import Drawn
from gradus_engine.flat import FlatParameters
from gradus_engine.gradients import noise_of
from gradus_engine.rule import Descent

# A call takes about this long, so that whoever waits for the loop's end does not notice.
SECONDS = 0.001
MOST_STEPS = 4096
MOST_NUMBERS = 2**18  # drawn ahead, 1 MB


class Loop(Protocol):
    """`kernel.train_steps`."""

    def __call__(self, *arguments: Any) -> None: ...


def stretch(
    plan: Plan,
    network: Network,
    flat: FlatParameters,
    optimizer: Descent | Decayed,
    tiers: Collection[str | None],
) -> "Stretch | None":
    """The loop for a plan, where it is compiled, knows the plan and pays.

    `tiers` are those that the plan, a checkpoint and the caller ask for: one of them may forbid the
    loop, and a run that has had it keeps it.
    """
    if "eager" in tiers or flat.values.device.type != "cpu" or not cache.available():
        return None
    if "dense" not in tiers and not pays(plan):
        return None
    found = chain(plan, flat)
    return Stretch(found, network, flat, optimizer, plan.train) if found else None


class Stretch:
    """Binds the loop to a session's network, vectors and data.

    Its steps write into the same tensors that PyTorch reads.
    """

    def __init__(
        self,
        chain: Chain,
        network: Network,
        flat: FlatParameters,
        optimizer: Descent | Decayed,
        train: TrainPlan,
    ) -> None:
        from gradus_engine.dense.kernel import train_steps

        self._loop: Loop = train_steps
        self._chain, self._network, self._train = chain, network, train
        self._flat, self._optimizer = flat, optimizer
        self._seconds = 0.0  # of one step
        self._room: tuple[Vector, ...] = ()
        self._holds = 0  # samples for which there is room
        self._terms = chain.terms()
        self._terms[codes.WEIGHTS] = flat.weights.numel()
        clip = train.clip or {}
        self._terms[codes.CLIP_NORM] = clip.get("norm") or 0
        self._terms[codes.CLIP_VALUE] = clip.get("value") or 0
        self._settings = np.array(_settings(train.optimizer), np.float64)
        self._decays = np.zeros(0, np.float32)
        if isinstance(optimizer, Decayed):
            self._decays = optimizer.shares().numpy()
        self._vectors = _vectors(flat, optimizer, train.optimizer["type"])
        self._rule = codes.RULES[train.optimizer["type"]]
        self.measures = Measures(chain, network, flat)

    def read(self, part: Part, accuracy: bool) -> None:
        """Take `part`, with encoded targets, as what is trained on."""
        self._read = reading(self._network, self._chain.before, part, accuracy=accuracy)

    def most(self, samples: int) -> int:
        """Steps of `samples` each that are worth one call."""
        drawn = sum(draw.units for draw in self._chain.draws) * samples
        drawn += len(self._flat) if self._train.gradient_noise else 0
        by_memory = MOST_NUMBERS // drawn if drawn else MOST_STEPS
        by_time = int(SECONDS / self._seconds) if self._seconds else 16
        return max(1, min(by_time, by_memory, MOST_STEPS))

    def run(
        self,
        step: int,
        rows: NDArray[np.int64],
        ends: NDArray[np.int64],
        rates: NDArray[np.float64],
        l1: float,
        l2: float,
    ) -> dict[str, NDArray[np.float32]]:
        """The steps after `step`: step s takes samples rows[ends[s − 1] : ends[s]] at rates[s].

        Answers each training series with one value a step.
        """
        started = time.perf_counter()
        steps = len(ends)
        sizes = ends.copy()
        sizes[1:] -= ends[:-1]
        losses, penalties, accuracies = np.zeros((3, steps), np.float32)
        self._widen(int(sizes.max()))
        self._loop(
            self._read.inputs,
            self._read.values,
            self._read.classes,
            self._read.labels,
            rows,
            ends,
            self._chain.layers,
            self._chain.numbers,
            self._at(l1, l2),
            self._rule,
            self._settings,
            rates,
            self._optimizer.count,
            self._decays,
            *self._vectors,
            self._draws(step, sizes),
            self._noise(step, steps),
            *self._room,
            losses,
            penalties,
            accuracies,
        )
        self._network.moment.step = step + steps
        self._optimizer.follow(steps, float(rates[-1]))
        self._measure((time.perf_counter() - started) / steps)
        series = {"train/loss": losses}
        if len(self._read.labels):
            series["train/accuracy"] = accuracies
        if l1 or l2:
            series["train/penalty"] = penalties
        return series

    def _measure(self, seconds: float) -> None:
        self._seconds = 0.5 * (self._seconds + seconds) if self._seconds else seconds

    def _widen(self, samples: int) -> None:
        """Room for the rows of all units, twice, and for a batch and what one layer reads.

        Rows are turned to columns in squares, which reach beyond the last of them.
        """
        if samples <= self._holds:
            return
        self._holds = samples
        widest = max(padded(units) for units in self._chain.layers[:, codes.INPUTS].tolist())
        width = padded(samples)
        rows = (self._chain.rows + codes.WIDTH) * width
        sizes = rows, rows, padded(self._read.inputs.shape[1]) * width, widest * width
        self._room = tuple(np.zeros(size, np.float32) for size in sizes)

    def _at(self, l1: float, l2: float) -> NDArray[np.float64]:
        self._terms[codes.L1], self._terms[codes.L2] = l1, l2
        return self._terms

    def _draws(self, step: int, sizes: NDArray[np.int64]) -> NDArray[np.float32]:
        """Random numbers of layers for each step: [S, units, samples], as the layers draw them."""
        draws = self._chain.draws
        if not draws:
            return np.zeros((0, 0, 0), np.float32)
        units = draws[-1].start + draws[-1].units
        drawn = np.zeros((len(sizes), units, int(sizes.max())), np.float32)
        for at, samples in enumerate(sizes.tolist()):
            self._network.moment.step = step + at + 1
            for draw in draws:
                layer = self._network.layers[draw.layer]
                assert isinstance(layer, Drawn)
                numbers = layer.drawn(torch.empty(samples, draw.units))
                drawn[at, draw.start : draw.start + draw.units, :samples] = numbers.numpy().T
        return drawn

    def _noise(self, step: int, steps: int) -> NDArray[np.float32]:
        """Noise on the gradients of each step: [S, P]."""
        fields = self._train.gradient_noise
        if not fields:
            return np.zeros((0, 0), np.float32)
        noise = np.empty((steps, len(self._flat)), np.float32)
        for at in range(steps):
            seed = derive(self._train.seed, "gradient_noise", step=step + at + 1)
            noise[at] = noise_of(self._flat.gradients, fields, step + at, seed).numpy()
        return noise


def _vectors(flat: FlatParameters, optimizer: Descent | Decayed, kind: str) -> list[Vector]:
    """Views of the values, the gradients and three vectors of the optimizer, empty where it has none.

    All stay where they are for as long as the session lives: states are copied into them.
    """
    kept, nothing = optimizer.vectors, np.zeros(0, np.float32)
    found = [kept[name].numpy() if name in kept else nothing for name in codes.VECTORS[kind]]
    return [flat.values.numpy(), flat.gradients.numpy(), *found, *[nothing] * (3 - len(found))]


def _settings(fields: Mapping[str, Any]) -> list[float]:
    if fields["type"] in ("adam", "adamw"):
        return [*fields["betas"], fields["eps"]]
    return [float(fields[name]) for name in codes.OPTIMIZERS[fields["type"]]]
