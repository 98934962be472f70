"""Make sweeps, their members and what was reported of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
    op.add_column(
        "jobs", sa.Column("lockstep", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column(
        "runs", sa.Column("listed", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.create_index("ix_runs_listed", "runs", ["team_id", "listed", "created_at"])
    op.create_table(
        "sweeps",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", json, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("document", json, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("vary", json, nullable=False),
        sa.Column("settings", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("goal", json, nullable=False),
        sa.Column("prune", json, nullable=True),
        sa.Column("at_once", sa.Integer(), nullable=True),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("scratch", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'paused', 'finished', 'stopped')",
            name=op.f("ck_sweeps_status"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_sweeps_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sweeps_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
    )
    op.create_index(op.f("ix_sweeps_team_id"), "sweeps", ["team_id"])
    op.create_index("ix_sweeps_list", "sweeps", ["team_id", "created_at"])
    op.create_index("ix_sweeps_status", "sweeps", ["status"])
    op.create_table(
        "members",
        sa.Column("sweep_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("setting", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("varied", json, nullable=False),
        sa.Column("parameters", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("measure", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_members_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweeps.id"], name=op.f("fk_members_sweep_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sweep_id", "number", name=op.f("pk_members")),
        sa.UniqueConstraint("run_id", name=op.f("uq_members_run_id")),
    )
    op.create_table(
        "reports",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("epochs", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sweep_id", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("bar", sa.Float(), nullable=True),
        sa.Column("pruned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_reports_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweeps.id"], name=op.f("fk_reports_sweep_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "epochs", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_sweep", "reports", ["sweep_id", "epochs"])


def downgrade() -> None:
    for table in ("reports", "members", "sweeps"):
        op.drop_table(table)
    op.drop_index("ix_runs_listed", table_name="runs")
    op.drop_column("runs", "listed")
    op.drop_column("jobs", "lockstep")
