"""Who may do what: every route and every message of the stream with its rule.

A path that stands in no row is refused (403) whoever asks; a test walks the application
and fails on rows without a route and routes without a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a token can be made for. A right is scope and role together."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Rule:
    """`scope` None is public; `share` opens the route to the holder of a link to that run."""

    scope: Scope | None
    share: bool = False


PUBLIC = Rule(None)
READ = Rule(Scope.READ)
SHARED = Rule(Scope.READ, share=True)
WRITE = Rule(Scope.WRITE)
SOCKET = "WEBSOCKET"

ROUTES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/api/v1/health"): PUBLIC,
    ("GET", "/api/v1/ready"): PUBLIC,
    ("GET", "/api/v1/metrics"): READ,
    ("GET", "/api/v1/openapi.json"): PUBLIC,
    ("POST", "/api/v1/launch"): PUBLIC,
    # What the software itself knows; a guest with a link needs it to draw a run.
    ("GET", "/api/v1/layers"): PUBLIC,
    ("GET", "/api/v1/datasets"): PUBLIC,
    ("GET", "/api/v1/schema"): PUBLIC,
    ("GET", "/api/v1/limits"): PUBLIC,
    ("GET", "/api/v1/words"): PUBLIC,
    ("GET", "/api/v1/presets"): PUBLIC,
    ("GET", "/api/v1/zoo"): PUBLIC,
    ("POST", "/api/v1/plan"): READ,
    ("POST", "/api/v1/inspect"): READ,
    ("POST", "/api/v1/export"): READ,
    ("POST", "/api/v1/artifacts"): WRITE,
    ("POST", "/api/v1/runs"): WRITE,
    ("GET", "/api/v1/runs"): READ,
    ("GET", "/api/v1/runs/{run_id}"): SHARED,
    ("PATCH", "/api/v1/runs/{run_id}"): WRITE,
    ("DELETE", "/api/v1/runs/{run_id}"): WRITE,
    ("GET", "/api/v1/runs/{run_id}/tree"): READ,
    ("POST", "/api/v1/runs/{run_id}/control"): WRITE,
    ("GET", "/api/v1/runs/{run_id}/controls"): READ,
    ("POST", "/api/v1/runs/{run_id}/fork"): WRITE,
    ("GET", "/api/v1/runs/{run_id}/metrics"): SHARED,
    ("GET", "/api/v1/runs/{run_id}/events"): SHARED,
    # A run at rest sends no pictures; a guest asks for them, at a guest's pace.
    ("POST", "/api/v1/runs/{run_id}/inspect"): SHARED,
    ("POST", "/api/v1/runs/{run_id}/verify"): WRITE,
    ("GET", "/api/v1/runs/{run_id}/checkpoints"): SHARED,
    ("GET", "/api/v1/runs/{run_id}/export"): READ,
    ("GET", "/api/v1/runs/{run_id}/artifacts"): READ,
    ("GET", "/api/v1/runs/{run_id}/artifacts/{artifact_id}"): READ,
    ("GET", "/api/v1/runs/{run_id}/shares"): WRITE,
    ("POST", "/api/v1/runs/{run_id}/shares"): WRITE,
    ("DELETE", "/api/v1/runs/{run_id}/shares/{share_id}"): WRITE,
    ("POST", "/api/v1/sweeps"): WRITE,
    ("GET", "/api/v1/sweeps"): READ,
    ("GET", "/api/v1/sweeps/{sweep_id}"): READ,
    ("PATCH", "/api/v1/sweeps/{sweep_id}"): WRITE,
    ("DELETE", "/api/v1/sweeps/{sweep_id}"): WRITE,
    ("GET", "/api/v1/sweeps/{sweep_id}/members"): READ,
    ("GET", "/api/v1/sweeps/{sweep_id}/metrics"): READ,
    ("POST", "/api/v1/sweeps/{sweep_id}/control"): WRITE,
    # Opened without an account; each topic below is asked for by itself.
    (SOCKET, "/api/v1/stream"): PUBLIC,
    ("GET", "/{path:path}"): PUBLIC,
}

TOPICS: Mapping[str, Rule] = {
    "subscribe": SHARED,
    "watch": SHARED,
}

ROLES: Mapping[str, frozenset[Scope]] = {
    "viewer": frozenset({Scope.READ}),
    "editor": frozenset({Scope.READ, Scope.WRITE}),
    "owner": frozenset(Scope),
    "admin": frozenset(Scope),
}


def permits(rule: Rule, role: str, scopes: frozenset[str]) -> bool:
    """Whether somebody signed in, with this role and these scopes, passes the rule."""
    if rule.scope is None:
        return True
    return rule.scope in scopes and rule.scope in ROLES.get(role, frozenset())
