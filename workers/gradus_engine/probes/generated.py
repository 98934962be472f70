"""What networks make of noise. N samples."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.planned import CallPlan
from gradus.probes import GeneratedProbe
from gradus_engine.alternation import Alternation
from gradus_engine.alternation.forward import Batch, Forward
from gradus_engine.alternation.noise import Noise
from gradus_engine.evaluation import evaluating
from gradus_engine.probes.lanes import PLACE
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.probes.samples import classes


def generated(session: Alternation, probe: GeneratedProbe) -> Picture:
    """`generated` [N, *output], `real` [N, *input] of the validation part, `targets` [N].

    `pull` [N, *output] is where the step would move each of them: against the gradient of its loss,
    as if the loss of every sample counted alone; absent where no gradient comes back. `scores` [N]
    are those of the call that judges them, where there is one.
    """
    forward, call = _wanted(session, probe)
    batch = _batch(session, probe)
    noise = Noise(session.plan.train.seed, PLACE, 0)
    with evaluating(session.network):
        given = forward(batch, noise)
    made = given[call.name]
    arrays: dict[str, NDArray[np.generic]] = {
        "generated": numbers(made),
        "real": numbers(batch.inputs),
        "targets": _plain(batch.targets),
    }
    judge = next((each for each in forward.step.calls if call.name in each.sources.values()), None)
    if judge is not None and given[judge.name].shape[1:] == (1,):
        arrays["scores"] = numbers(forward.told(judge.name, given)[:, 0])
    pull = _pull(session, forward, call, batch, noise)
    if pull is not None:
        arrays["pull"] = numbers(pull)
    meta = {
        "step": forward.step.name,
        "call": call.name,
        "judge": judge.name if judge else None,
        "classes": classes(session),
        "asked": "target" in call.sources.values(),
    }
    return Picture("generated", session.step, arrays, meta)


def _wanted(session: Alternation, probe: GeneratedProbe) -> tuple[Forward, CallPlan]:
    found = [
        (each.forward, call)
        for each in session.steps
        for call in each.step.calls
        if (probe.step in (None, each.step.name) and probe.call in (None, call.name))
        and (probe.call is not None or "noise" in call.sources.values())
    ]
    if not found:
        said = f"is named {probe.call!r}" if probe.call else "reads noise"
        raise ValueError(f"no call of these steps {said}")
    return min(found, key=lambda pair: pair[1].detach)


def _batch(session: Alternation, probe: GeneratedProbe) -> Batch:
    """Real samples, the classes in turn, or the one that is asked for."""
    part = session.parts["validation" if len(session.parts["validation"]) else "train"]
    chosen = torch.arange(probe.count, device=part.inputs.device) % len(part)
    targets = part.targets[chosen]
    names = classes(session)
    if names:
        if probe.label is not None and probe.label >= len(names):
            raise ValueError(f"there are {len(names)} classes, from 0; none has {probe.label}")
        turn = torch.arange(probe.count, device=targets.device) % len(names)
        targets = turn if probe.label is None else torch.full_like(turn, probe.label)
    return Batch(part.inputs[chosen], targets, probe.count)


def _pull(
    session: Alternation, forward: Forward, call: CallPlan, batch: Batch, noise: Noise
) -> Tensor | None:
    if call.detach:
        return None
    with evaluating(session.network), torch.enable_grad():
        given = forward(batch, noise)
        made, loss = given[call.name], forward.loss(given, batch)
        if not (made.requires_grad and loss.requires_grad):
            return None
        (gradient,) = torch.autograd.grad(loss, made, allow_unused=True)
    return None if gradient is None else -gradient * len(made)


def _plain(targets: Tensor) -> NDArray[np.generic]:
    if targets.is_floating_point():
        return numbers(targets)
    return targets.cpu().numpy().astype(np.int32)
