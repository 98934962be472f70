"""From rows to what travels."""

from collections.abc import Sequence
from typing import Any

from gradus_runs.controls import ControlRow
from gradus_runs.jobs import Place
from gradus_runs.log import rfc3339
from gradus_runs.members import Place as Member
from gradus_runs.runs import Run
from gradus_server.wire import ControlPublic, Queue, RunPublic, RunSweep


def moment(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


def run_public(
    run: Run,
    place: Place | None = None,
    plan: dict[str, Any] | None = None,
    parameters: int | None = None,
    beside: Sequence[Run] = (),
    sweep: Member | None = None,
) -> RunPublic:
    """A run for whoever may read it; ids of people, teams and jobs stay here."""
    return RunPublic(
        id=run.id,
        name=run.name,
        status=run.status,
        reason=run.reason,
        document=run.document,
        source=run.source,
        layout=run.layout,
        resolved=run.resolved,
        spec_hash=run.spec_hash,
        seed=run.seed,
        plan=plan,
        parameters=parameters,
        parent=run.parent_id,
        parent_step=run.parent_step,
        goal=run.goal,
        speed=run.speed,
        tags=run.tags,
        scratch=run.scratch,
        pinned=run.pinned,
        step=run.step,
        samples=run.samples,
        elapsed=run.elapsed,
        latest=run.latest,
        results=run.results,
        identity=run.identity,
        inexact=run.inexact,
        last_event=run.last_event,
        created_at=rfc3339(run.created_at),
        started_at=moment(run.started_at),
        finished_at=moment(run.finished_at),
        expires_at=moment(run.expires_at),
        queue=Queue(ahead=place.ahead, holder_lost=place.holder_lost) if place else None,
        sweep=None if sweep is None else _sweep(sweep),
        beside=[other.id for other in beside],
    )


def _sweep(place: Member) -> RunSweep:
    return RunSweep(
        id=place.sweep_id, index=place.number, setting=place.setting, values=place.varied
    )


def control_public(row: ControlRow) -> ControlPublic:
    return ControlPublic(
        id=row.id,
        body=row.body,
        requested_at=rfc3339(row.requested_at),
        applied_step=row.applied_step,
        applied_at=moment(row.applied_at),
    )
