"""The weights that a run ended with, as an artifact of their own: equal weights, equal hashes."""

from collections.abc import Sequence

from safetensors.torch import save
from sqlalchemy import Connection

from gradus_runs import artifacts
from gradus_runs.actor import Actor
from gradus_runs.claim import hold
from gradus_runs.log import LogEvent
from gradus_runs.store import Store
from gradus_runs.weights import KIND, NAME
from gradus_worker.held import Held


def keep_weights(held: Held, store: Store) -> None:
    """Store parameters and buffers by full name, and name them for the run. Raises OSError."""
    session = held.session
    tensors = {**session.network.layers.own_state(), **session.dataset.fitted}
    body = save({name: tensor.cpu().contiguous() for name, tensor in sorted(tensors.items())})
    store.keep(body)

    def name_them(conn: Connection) -> Sequence[LogEvent]:
        hold(conn, held.job.claim)
        owner = Actor(held.job.owner_id, held.job.team_id, "editor", frozenset({"write"}))
        artifacts.refer(conn, owner, held.run.id, artifacts.put(conn, store, body), KIND, NAME)
        return []

    held.journal.put(name_them)
