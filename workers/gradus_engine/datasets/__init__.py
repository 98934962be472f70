"""Data as a plan pins it: the same samples in the same parts, wherever it is loaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from weakref import WeakValueDictionary

import numpy as np
import torch
from numpy.random import MT19937, RandomState, SeedSequence
from numpy.typing import NDArray
from torch import Tensor

from gradus import function
from gradus.datasets import FACTS
from gradus.planned import DatasetPlan
from gradus.seeds import derive
from gradus.transforms import own_fitted_name
from gradus_engine.datasets.bundled import BUNDLED
from gradus_engine.datasets.drawn import drawn
from gradus_engine.datasets.part import Part
from gradus_engine.datasets.planar import PLANAR, Labels
from gradus_engine.datasets.split import split
from gradus_engine.datasets.texts import TEXTS
from gradus_engine.datasets.transforms import Preparation

__all__ = ["Dataset", "Part", "load"]

Inputs = NDArray[np.float64]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Dataset:
    """Three disjoint parts, as a network reads them when it does not train; nobody writes to them.

    Targets are class indices [N] or values [N, *target]. `begun` is the training part as each
    step's drawing starts from it; the part itself where `preparation` draws nothing. `fitted` is
    what was taken from the training part to make them, by the names that it is kept under.
    """

    train: Part
    validation: Part
    test: Part
    begun: Part
    preparation: Preparation
    fitted: Mapping[str, Tensor]

    def parts(self) -> dict[str, Part]:
        """Every part by its name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


# The members of a sweep, an ensemble, two runs side by side: the same samples, as long as anyone
# has them.
_LOADED: WeakValueDictionary[tuple[str, str], Dataset] = WeakValueDictionary()


def load(plan: DatasetPlan, device: str | torch.device = "cpu") -> Dataset:
    """The parts of the planned data on `device`, float32; what is fitted is fitted on the training part.

    Data that are planned alike are loaded once. Raises LookupError for data, or a version of them,
    that the engine does not hold.
    """
    key = _pinned(plan), str(device)
    found = _LOADED.get(key)
    if found is None:
        found = _LOADED[key] = _load(plan, device)
    return found


def _pinned(plan: DatasetPlan) -> str:
    """What decides which samples there are, however many were drawn by hand."""
    facts = (plan.name, plan.version, plan.options, plan.split, plan.task, plan.sizes)
    text = json.dumps([facts, plan.transforms, plan.words], sort_keys=True, default=dict)
    return sha256(text.encode()).hexdigest()


def _load(plan: DatasetPlan, device: str | torch.device) -> Dataset:
    inputs, targets = _samples(plan)
    random = _random(plan.split["seed"], "split", plan.name)
    indices = split(plan.sizes, targets if plan.split["stratify"] else None, random, len(inputs))
    own = dict[str, Tensor]()
    if plan.name == "iris":
        inputs, own = _standardized(inputs, inputs[indices["train"]])
    where = torch.device(device)
    parts = {
        name: Part(torch.from_numpy(inputs[chosen]), torch.from_numpy(targets[chosen])).to(
            where, torch.float32
        )
        for name, chosen in indices.items()
    }
    preparation = Preparation(plan.transforms, parts["train"].inputs)
    settled = {
        name: Part(preparation.settled(part.inputs), part.targets) for name, part in parts.items()
    }
    if plan.words:
        settled = {name: Part(part.inputs.long(), part.targets) for name, part in settled.items()}
    begun = settled["train"]
    if preparation.random:
        begun = Part(preparation.begun(parts["train"].inputs), begun.targets)
    fitted = {**own, **preparation.fitted}
    return Dataset(**settled, begun=begun, preparation=preparation, fitted=fitted)


def _samples(plan: DatasetPlan) -> tuple[Inputs, Labels]:
    if plan == function.DATASET:
        # A plain function reads nothing: one empty sample makes each step an epoch.
        return np.zeros((1, 1)), np.zeros(1)
    known = FACTS[plan.name].version if plan.name in FACTS else plan.version
    if plan.version != known:
        raise LookupError(
            f"data {plan.name!r} of version {plan.version!r} are not held here, only {known!r}"
        )
    if plan.name in BUNDLED:
        return BUNDLED[plan.name]()
    if plan.name == "drawn":
        return drawn(plan.options)
    if plan.name in PLANAR:
        return PLANAR[plan.name](plan.options, _random(plan.split["seed"], "data", plan.name))
    if plan.name in TEXTS:
        return TEXTS[plan.name](plan.options, _random(plan.split["seed"], "data", plan.name))
    raise LookupError(
        f"data.name {plan.name!r} is not among {sorted({**BUNDLED, **PLANAR, **TEXTS})}"
    )


def _random(seed: int, purpose: str, path: str) -> RandomState:
    # NumPy keeps the numbers of RandomState for ever, those of its newer generators it may change.
    return RandomState(MT19937(SeedSequence(derive(seed, purpose, path))))


def _standardized(inputs: Inputs, fitted: Inputs) -> tuple[Inputs, dict[str, Tensor]]:
    scale, mean = fitted.std(axis=0), fitted.mean(axis=0)
    scale[scale == 0] = 1
    kept = {"mean": torch.from_numpy(mean), "deviation": torch.from_numpy(scale)}
    standardized: Inputs = (inputs - mean) / scale
    return standardized, {own_fitted_name(name): each for name, each in kept.items()}
