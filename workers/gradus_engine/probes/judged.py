"""Samples of the data in an order, and what the network answers to each. N samples of a part."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.probes import SamplesProbe
from gradus_engine.datasets import Part
from gradus_engine.evaluation import CHUNK, evaluating
from gradus_engine.metrics import answers, truth
from gradus_engine.opening import AnySession
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.probes.samples import classes
from gradus_engine.session import Session

MOST_WORDS = 4096


@dataclass(frozen=True, slots=True)
class Judgement:
    """The network's answers to a part and the loss of each sample: [N]; answers of a regression are −1."""

    answers: Tensor
    losses: Tensor
    wrong: Tensor


def samples(session: AnySession, probe: SamplesProbe) -> Picture:
    """`inputs` [count, *input] and `targets` [count] or [count, *target], from `start` on.

    Judged ones also have `indices`, `answers` and `losses` [count]. `total` in meta counts what the
    cell leaves.
    """
    part = session.dataset.parts()[probe.part]
    judgement = _judged(session, probe) if _judges(probe) else None
    order = _order(session, probe, part, judgement)
    chosen = order[probe.start : probe.start + probe.count]
    inputs, targets = part.inputs[chosen], part.targets[chosen]
    kept = numbers(targets) if targets.is_floating_point() else _whole(targets)
    shown = numbers(inputs) if inputs.is_floating_point() else _whole(inputs)
    arrays: dict[str, NDArray[Any]] = {"inputs": shown, "targets": kept}
    if judgement:
        arrays |= {
            "indices": _whole(chosen),
            "answers": _whole(judgement.answers[chosen]),
            "losses": numbers(judgement.losses[chosen]),
        }
    meta = {
        "part": probe.part,
        "start": probe.start,
        "total": len(order),
        "order": probe.order,
        "judged": judgement is not None,
        "cell": probe.cell.model_dump() if probe.cell else None,
        "classes": classes(session),
        "words": _words(session),
    }
    return Picture("samples", session.step, arrays, meta)


def _words(session: AnySession) -> list[str] | None:
    """What the numbers of a text stand for, from 0 on; null where inputs are no texts or there are
    too many words to send with a picture."""
    planned = session.plan.dataset
    if planned is None or not planned.words or planned.words > MOST_WORDS:
        return None
    known = session.dataset.preparation.vocabulary
    if known:
        return ["", "?", *known]
    return ["", *map(chr, range(1, planned.words))]


def _judges(probe: SamplesProbe) -> bool:
    return probe.judged or probe.cell is not None or probe.order in {"loss", "wrong"}


def _judged(session: AnySession, probe: SamplesProbe) -> Judgement:
    if not isinstance(session, Session):
        raise ValueError("only the samples of one network are judged; this run has several")
    part = session.parts[probe.part]
    outputs, losses = [], []
    with evaluating(session.network):
        for inputs, targets in zip(
            torch.split(part.inputs, CHUNK), torch.split(part.targets, CHUNK), strict=True
        ):
            output, loss = session.objective.each(session.network, inputs, targets)
            outputs.append(output)
            losses.append(loss)
    output, loss = torch.cat(outputs), torch.cat(losses)
    if not session.objective.classes:
        nothing = torch.full((len(part),), -1, device=loss.device)
        return Judgement(nothing, loss, torch.zeros_like(nothing, dtype=torch.bool))
    given = answers(output)
    return Judgement(given, loss, given != truth(part.targets))


def _order(
    session: AnySession, probe: SamplesProbe, part: Part, judgement: Judgement | None
) -> Tensor:
    """Indices of the wanted samples, first to last."""
    indices = torch.arange(len(part), device=part.targets.device)
    if probe.cell is not None:
        if judgement is None or not classes(session):
            raise ValueError("a cell needs a classification; this network predicts numbers")
        inside = (part.targets == probe.cell.truth) & (judgement.answers == probe.cell.answer)
        indices = indices[inside]
    for key in _keys(session, probe, part, judgement):
        # From the least important key to the most: each sorting keeps what is equal in place.
        indices = indices[torch.argsort(key[indices], stable=True)]
    return indices


def _keys(
    session: AnySession, probe: SamplesProbe, part: Part, judgement: Judgement | None
) -> list[Tensor]:
    if probe.order == "class":
        if not classes(session):
            raise ValueError("order 'class' needs a classification; this network predicts numbers")
        return [part.targets]
    if judgement is None or probe.order == "index":
        return []
    by_loss = -torch.nan_to_num(judgement.losses, nan=torch.inf)
    return [by_loss, ~judgement.wrong] if probe.order == "wrong" else [by_loss]


def _whole(tensor: Tensor) -> NDArray[np.int32]:
    return tensor.cpu().numpy().astype(np.int32)
