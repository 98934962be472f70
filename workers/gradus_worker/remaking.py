"""Making again what was changed of a run, at the step at which it was changed first."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from gradus.controls import Set, Stored, Switch
from gradus_engine.opening import AnySession
from gradus_engine.session import Session
from gradus_engine.tiers.switching import switch
from gradus_worker.journal import Journal

STORED: TypeAdapter[Stored] = TypeAdapter(Stored)


def remake(session: AnySession, body: Mapping[str, Any]) -> bool:
    """What a control's stored body changes of a session; False where that cannot be made here."""
    made = STORED.validate_python(body)
    match made:
        case Switch():
            return isinstance(session, Session) and switch(session, made.tier, made.key)
        case Set():
            session.apply(made.changes)
    return True


def tier_lost(journal: Journal, switched: Mapping[str, Any], step: int) -> None:
    """Say that a run goes on by plain steps where it went on by another tier before."""
    journal.note(inexact=True)
    params = {"what": "tier", "before": str(switched["tier"]), "now": "eager"}
    journal.verdict("verdict.identity_changed", params, step)
