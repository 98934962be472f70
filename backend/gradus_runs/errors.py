"""The errors of this package, one tree.

Each carries a `code`, under which `gradus.words` keeps its text, and the `params` that the
text needs; `str(error)` is the English sentence.
"""

from typing import Any, ClassVar


class RunsError(Exception):
    """Anything that this package refuses."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.params = params


class SettingsError(RunsError):
    """A setting is missing or wrong; `params["variable"]` names it."""

    code = "settings"

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(f"{variable}: {message}", variable=variable)
        self.variable = variable


class Invalid(RunsError):
    """An argument that came from a request cannot be used."""

    code = "invalid"


class NotFound(RunsError):
    """No such thing, or none that this actor may see: the two look the same on purpose."""

    code = "not_found"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"There is no {kind} {key}.", kind=kind, id=key)


class Conflict(RunsError):
    """The thing is not in a state that allows this."""

    code = "conflict"


class NotAllowedMove(Conflict):
    """The table of moves has no way from the run's status to the wanted one."""

    code = "conflict.move"

    def __init__(self, run_id: str, status: str, to: str) -> None:
        super().__init__(
            f"Run {run_id} is {status} and cannot become {to}.", run=run_id, status=status, to=to
        )


class KeyReused(Conflict):
    """An idempotency key came back with another body."""

    code = "conflict.idempotency"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key!r} was already used for another request; take a new one.",
            key=key,
        )


class QuotaExceeded(RunsError):
    """The team or the user has no more of `params["what"]`."""

    code = "quota"

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"No more {what}: the limit is {limit}.", what=what, limit=limit)


class Unauthorized(RunsError):
    """A secret (token, session, launch code, share) that opens nothing: unknown, spent or expired."""

    code = "unauthorized"


class Fenced(RunsError):
    """A worker wrote under a claim that is no longer its own; it must drop the job at once."""

    code = "fenced"

    def __init__(self, job_id: str, holder: str, epoch: int) -> None:
        super().__init__(
            f"{holder} does not hold job {job_id} in epoch {epoch} any more.",
            job=job_id,
            holder=holder,
            epoch=epoch,
        )


class Damaged(RunsError):
    """Stored bytes do not have the hash that they were stored under."""

    code = "damaged"

    def __init__(self, digest: str, found: str) -> None:
        super().__init__(
            f"Artifact {digest} is damaged: its bytes are {found}.", hash=digest, found=found
        )


class LiveUnavailable(RunsError):
    """Redis did not answer in time. What is committed is safe; only its broadcast is missing."""

    code = "live_unavailable"
