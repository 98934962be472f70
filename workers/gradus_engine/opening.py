"""The session that a plan asks for: of one network, or of several in alternation."""

import torch

from gradus.planned import Plan
from gradus_engine.alternation import Alternation
from gradus_engine.ensemble import Ensemble, Snapshots
from gradus_engine.initial import Weights
from gradus_engine.ranks.session import First
from gradus_engine.session import Session, State

AnySession = Session | Alternation


def open_session(
    plan: Plan,
    *,
    device: str | torch.device = "cpu",
    threads: int | None = None,
    state: State | None = None,
    tier: str | None = None,
    weights: Weights | None = None,
) -> AnySession:
    """A session at the beginning, or where `state` was taken. Raises ValueError without data, or
    without the `weights` that the plan begins with.
    """
    if plan.several:
        return Alternation(
            plan, device=device, threads=threads, state=state, tier=tier, weights=weights
        )
    if plan.train.ensemble is not None:
        kind = Snapshots if plan.train.ensemble["method"] == "snapshot" else Ensemble
        return kind(plan, device=device, threads=threads, state=state, tier=tier, weights=weights)
    if plan.train.devices > 1:
        return First(plan, device=device, threads=threads, state=state, weights=weights)
    return Session(plan, device=device, threads=threads, state=state, tier=tier, weights=weights)
