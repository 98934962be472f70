"""The tables, one schema for SQLite and PostgreSQL.

Times are whole milliseconds since 1970 UTC on the database's clock. Ids are text: a type
prefix and a UUIDv7 in hex. Every table that a person can own carries `team_id` and
`owner_id`; `events` and `chunks` are parts of a run and are reached only through it.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from gradus.events import Status

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON().with_variant(JSONB(), "postgresql")


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _owner() -> tuple[Column[str], Column[str]]:
    return (
        Column("team_id", String(64), ForeignKey("teams.id"), nullable=False, index=True),
        Column("owner_id", String(64), ForeignKey("users.id"), nullable=False),
    )


def _run(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    run = ForeignKey("runs.id", ondelete="CASCADE")
    return Column("run_id", String(64), run, nullable=False, primary_key=primary_key, index=index)


def _at(name: str, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


teams = Table(
    "teams",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _at("created_at", nullable=False),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _at("created_at", nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("team_id", String(64), ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", String(64), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), nullable=False),
    CheckConstraint("role IN ('viewer', 'editor', 'owner', 'admin')", name="role"),
)

tokens = Table(
    "tokens",
    metadata,
    _id(),
    *_owner(),
    Column("name", Text, nullable=False),
    Column("key", String(8), nullable=False, unique=True),  # the public part, by which it is found
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", Json, nullable=False),
    _at("created_at", nullable=False),
    _at("expires_at"),
    _at("used_at"),
    _at("revoked_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    *_owner(),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
    _at("revoked_at"),
)

launch_codes = Table(
    "launch_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    *_owner(),
    _at("expires_at", nullable=False),
    _at("used_at"),
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    *_owner(),
    Column("queue", String(64), nullable=False),  # "train", "train.gpu"
    Column("ready", Boolean, nullable=False),  # something in it wants a turn
    Column("holder", String(128)),  # the child that holds the lease
    Column("epoch", BigInteger, nullable=False, default=0),  # counts claims; fences every write
    _at("lease_until"),
    _at("retry_at"),  # waiting: not before this
    Column("priority", Integer, nullable=False, default=0),
    Column(
        "alone", Boolean, nullable=False, default=False
    ),  # a child died on its turn: no neighbours
    Column("deaths", Integer, nullable=False, default=0),  # in a row, without progress between
    Column(
        "death_step", BigInteger, nullable=False, default=0
    ),  # highest committed step at the last one
    # Its runs train side by side; else they are a group of a sweep, each trained by itself.
    Column("lockstep", Boolean, nullable=False, default=True, server_default=true()),
    _at("created_at", nullable=False),
    _at("waiting_since"),
    _at("claimed_at"),
    Index("ix_jobs_claim", "queue", "ready", "lease_until"),
    Index("ix_jobs_holder", "holder"),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    *_owner(),
    Column("job_id", String(64), ForeignKey("jobs.id"), nullable=False, index=True),
    Column("lane", Integer, nullable=False, default=0),
    Column("name", Text, nullable=False),
    Column("tags", Json, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", String(64)),
    Column("document", Json, nullable=False),  # as written
    Column("source", Text),  # the text it was written as, with comments
    Column("layout", Json),  # colours, places and notes: no part of the hash
    Column("resolved", Json, nullable=False),
    Column("spec_hash", String(64), nullable=False, index=True),
    Column("seed", BigInteger, nullable=False),
    Column("parent_id", String(64), ForeignKey("runs.id", ondelete="SET NULL"), index=True),
    Column("parent_step", BigInteger),
    Column("goal", Json),  # null: to the end; {"step": n} or {"samples": n}: pause there
    Column("speed", Float, nullable=False, default=0.0),  # steps a second, 0 for no limit
    Column("scratch", Boolean, nullable=False),  # expires unless named or pinned
    Column("pinned", Boolean, nullable=False, default=False),
    # Of a run begun to be looked at and neither named nor pinned: `begun`, or `left` while it rests
    # because nobody looked for a while.
    Column("attended", String(8)),
    # Not so are members of a sweep that nobody named or pinned: there are many of them.
    Column("listed", Boolean, nullable=False, default=True, server_default=true()),
    Column("last_event", BigInteger, nullable=False, default=0),
    Column("step", BigInteger, nullable=False, default=0),
    Column("samples", BigInteger, nullable=False, default=0),
    Column("elapsed", Float, nullable=False, default=0.0),  # seconds of training
    Column("latest", Json, nullable=False),  # last value of each series, for lists
    Column("results", Json),
    Column("identity", Json),  # fixed at the first step
    Column("inexact", Boolean, nullable=False, default=False),
    _at("created_at", nullable=False),
    _at("started_at"),
    _at("finished_at"),
    _at("expires_at"),
    CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in Status)), name="status"),
    Index("ix_runs_list", "team_id", "created_at"),
    Index("ix_runs_listed", "team_id", "listed", "created_at"),
    Index("ix_runs_expiry", "expires_at"),
    Index("ix_runs_attended", "attended", "status"),
)

sweeps = Table(
    "sweeps",
    metadata,
    _id(),
    *_owner(),
    Column("name", Text, nullable=False),
    Column("tags", Json, nullable=False),
    Column("status", String(16), nullable=False),
    Column("document", Json, nullable=False),
    Column("method", String(16), nullable=False),
    Column("vary", Json, nullable=False),
    Column("settings", Integer, nullable=False),  # to be tried
    Column("asked", Integer, nullable=False),  # of them, those that have members or are refused
    Column("refused", Json, nullable=False, server_default="[]"),  # those that cannot be planned
    Column("seeds", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("goal", Json, nullable=False),
    Column("prune", Json),
    Column("at_once", Integer),
    Column("queue", String(64), nullable=False),  # of its members' jobs
    Column("scratch", Boolean, nullable=False),  # expires unless named
    _at("created_at", nullable=False),
    _at("finished_at"),
    _at("expires_at"),
    CheckConstraint("status IN ('running', 'paused', 'finished', 'stopped')", name="status"),
    Index("ix_sweeps_list", "team_id", "created_at"),
    Index("ix_sweeps_status", "status"),
)

members = Table(
    "members",
    metadata,
    Column("sweep_id", String(64), ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column(
        "run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, unique=True
    ),
    Column("setting", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("varied", Json, nullable=False),  # by their pointers
    Column("parameters", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False),  # it ended, and its measure is known
    Column("measure", Float),  # by the sweep's goal
    # Servers look four times a second for sweeps of which one is not settled.
    Index("ix_members_settled", "sweep_id", "settled"),
)

reports = Table(  # how far members were at ends of epochs, by which losers are told
    "reports",
    metadata,
    _run(primary_key=True),
    Column("epochs", BigInteger, primary_key=True, autoincrement=False),
    Column("sweep_id", String(64), ForeignKey("sweeps.id", ondelete="CASCADE"), nullable=False),
    Column("value", Float),  # None where it was not finite
    Column("bar", Float),  # what it was held against
    Column("pruned", Boolean, nullable=False),
    Index("ix_reports_sweep", "sweep_id", "epochs"),
)

events = Table(
    "events",
    metadata,
    _run(primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("type", String(32), nullable=False),
    _at("at", nullable=False),
    Column(
        "body", Json, nullable=False
    ),  # of a metrics event without its series: those are its chunks
    Index("ix_events_type", "run_id", "type"),
)

chunks = Table(
    "chunks",
    metadata,
    _run(primary_key=True),
    Column("series", String(128), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("first_step", BigInteger, primary_key=True, autoincrement=False),
    Column("last_step", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),  # of the metrics event that it belongs to
    Column("count", Integer, nullable=False),  # points
    Column("format", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_chunks_number", "run_id", "number"),
)

controls = Table(
    "controls",
    metadata,
    _id(),  # UUIDv7: the order of ids is the order of requests
    *_owner(),
    _run(index=True),
    Column("body", Json, nullable=False),
    _at("requested_at", nullable=False),
    Column("applied_step", BigInteger),  # took effect before step applied_step + 1
    _at("applied_at"),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of the bytes
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary),  # under 64 kB; larger ones lie in the artifact folder
    _at("created_at", nullable=False),
    _at("collect_at"),  # may be removed then, unless something refers to it again
)

references = Table(
    "artifact_references",
    metadata,
    _id(),
    *_owner(),
    Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), index=True),
    Column("hash", String(64), ForeignKey("artifacts.hash"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),  # checkpoint, weights, export, …
    Column("name", Text, nullable=False),
    _at("created_at", nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    _id(),
    *_owner(),
    _run(index=True),
    Column("epoch", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("kept", Boolean, nullable=False),  # a kept checkpoint is a snapshot
    Column("tensors_hash", String(64), ForeignKey("artifacts.hash"), nullable=False),  # safetensors
    Column(
        "state", Json, nullable=False
    ),  # the rest: generators, positions, identity, controls applied
    Column("size", BigInteger, nullable=False),
    _at("created_at", nullable=False),
    Index("ix_checkpoints_step", "run_id", "step"),
)

shares = Table(
    "shares",
    metadata,
    _id(),
    *_owner(),
    _run(index=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    _at("created_at", nullable=False),
    _at("expires_at"),
    _at("revoked_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("team_id", String(64), ForeignKey("teams.id"), nullable=False),
    Column("owner_id", String(64), ForeignKey("users.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("response", Json, nullable=False),
    _at("created_at", nullable=False),
)

workers = Table(
    "workers",
    metadata,
    _id(),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("queues", Json, nullable=False),
    Column("children", Integer, nullable=False),
    Column("warm", Integer, nullable=False, default=0),  # children that are ready to train
    Column("identity", Json, nullable=False),  # torch version, device, threads
    _at("lease_until", nullable=False),
    _at("started_at", nullable=False),
)
