"""Changing over from one tier to another, between two steps."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gradus_engine.tiers import cache
from gradus_engine.tiers.compiled import CompiledGradient
from gradus_engine.tiers.gradient import NotStatic, StaticGradient
from gradus_engine.tiers.graph import GraphGradient
from gradus_engine.tiers.quick import Quick, Tier

if TYPE_CHECKING:
    from gradus_engine.session import Session

log = logging.getLogger(__name__)


def tier_of(session: Session) -> Tier:
    """The tier that a session may come to: a GPU gains by graphs, a processor by compiled code."""
    return "graph" if session.device.type == "cuda" else "compiled"


def switch(session: Session, tier: str, key: str) -> bool:
    """Have a session go on by a tier from its next step on.

    False, and plain steps, where it cannot: the code for `key` is not here, or not for this session.
    """
    session.quick = None
    if not session.compilable:
        return False
    try:
        session.quick = _quick(session, tier, key)
    except (
        NotStatic,
        RuntimeError,
        ImportError,
    ) as error:  # torch's own refusals are RuntimeErrors
        log.warning("training goes on by plain steps, not by the tier %s: %s", tier, error)
    return session.quick is not None


def _quick(session: Session, tier: str, key: str) -> Quick | None:
    if tier != tier_of(session):
        return None
    gradient = StaticGradient(session)
    if cache.key_of(session, gradient) != key:
        return None
    if tier == "graph":
        return GraphGradient(gradient, session, key)
    path = cache.ready(key)
    return None if path is None else CompiledGradient(gradient, session.flat, path, key)
