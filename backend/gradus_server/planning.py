"""Plans of what somebody sent: with the weights that this somebody may begin with."""

from collections.abc import Mapping
from typing import Any

from gradus.plan import plan
from gradus.planned import Plan
from gradus_runs.actor import Actor
from gradus_runs.beginnings import Finder
from gradus_runs.store import Store
from gradus_server.server import Server


def planned(server: Server, actor: Actor, document: Mapping[str, Any]) -> Plan:
    """The plan of a document. Raises SpecError."""
    return plan(document, weights=Finder(server.engine, Store(server.settings.artifacts), actor))
