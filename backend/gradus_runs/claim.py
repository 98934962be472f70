"""A claim: the right of one child to write about one job, until somebody claims after it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select

from gradus_runs.errors import Fenced
from gradus_runs.tables import jobs

HELD = "gradus.held"  # of a connection: the transaction, and the claims that it holds


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """Worker's writes take it instead of an actor. Sort claims to lock jobs in one order."""

    job_id: str
    holder: str
    epoch: int

    @property
    def fenced(self) -> Fenced:
        """The error for a write that came too late."""
        return Fenced(self.job_id, self.holder, self.epoch)


def matches(claim: Claim) -> ColumnElement[bool]:
    """The job still belongs to the claim."""
    return and_(
        jobs.c.id == claim.job_id, jobs.c.holder == claim.holder, jobs.c.epoch == claim.epoch
    )


def hold(conn: Connection, claim: Claim) -> None:
    """Keep the job from being claimed by another until this transaction ends; raises Fenced.

    Without the lock a zombie's statement, begun before the new claim and finished after it,
    would still see the old epoch on PostgreSQL. Once a transaction is enough: the lock stays.
    """
    now = conn.get_transaction()
    transaction, known = conn.info.get(HELD, (None, set[Claim]()))
    if transaction is not now:
        known = set()
        conn.info[HELD] = now, known
    if claim in known:
        return
    locked = select(jobs.c.id).where(matches(claim)).with_for_update(key_share=True)
    if conn.execute(locked).first() is None:
        raise claim.fenced
    known.add(claim)


def let_go(conn: Connection, claim: Claim) -> None:
    """The job was given back in this transaction: whoever writes after it is fenced."""
    _, known = conn.info.get(HELD, (None, set()))
    known.discard(claim)
