"""Advice: what is likely to disappoint, said from the plan before any training."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_fields
from typing import Any

from gradus.advice.forms import (
    doubled_softmax,
    large_batch,
    large_memory,
    late_dropout,
    narrow_sight,
    normalized_alone,
    sigmoid_chain,
)
from gradus.advice.starts import starts
from gradus.advice.written import Written
from gradus.composites.expansion import Expanded
from gradus.networks import Draft
from gradus.planned import DatasetPlan, NetworkPlan, TrainPlan
from gradus.pointer import join
from gradus.problems import Problem, problem

__all__ = ["advise", "advise_several", "large_memory"]


def advise(
    network: NetworkPlan,
    dataset: DatasetPlan | None,
    train: TrainPlan,
    layers: Sequence[Expanded],
    document: Mapping[str, Any],
) -> list[Problem]:
    """Every piece of advice, each with the patch that follows it where one change does.

    Args:
        layers: what the plan was made of; those without an entry were not written by hand, and
            get no patch.
        document: as written.
    """
    written = Written(layers, document)
    return [
        *doubled_softmax(network, train, written),
        *sigmoid_chain(network, written),
        *late_dropout(network, train, written),
        *starts(network, written),
        *normalized_alone(network, train, dataset, written, document),
        *narrow_sight(network, written),
        *large_batch(train, dataset, document),
    ]


def advise_several(
    networks: Mapping[str, Draft],
    dataset: DatasetPlan | None,
    train: TrainPlan,
    document: Mapping[str, Any],
) -> list[Problem]:
    """The same for several networks, whose losses read calls, and a word for each left untrained."""
    found = []
    for name, draft in networks.items():
        read = [
            with_fields(loss, input=draft.plan.output)
            for step in train.steps
            for loss in step.losses
            if any(call.name == loss.input and call.network == name for call in step.calls)
        ]
        written, own = Written(draft.layers, document), with_fields(train, losses=tuple(read))
        found += doubled_softmax(draft.plan, own, written)[:1]
        found += sigmoid_chain(draft.plan, written)
        found += starts(draft.plan, written)
        if train.steps and not any(name in step.update for step in train.steps):
            found.append(problem("advice.never_updated", _place(name, document), name=name))
    return [*found, *large_batch(train, dataset, document)]


def _place(name: str, document: Mapping[str, Any]) -> str:
    """Where a network is written: by its name, in a resolved form by its number."""
    networks = document["networks"]
    if isinstance(networks, Mapping):
        return join("/networks", name)
    return join("/networks", [each["name"] for each in networks].index(name))
