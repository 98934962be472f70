"""Tell runs that were begun to be looked at from all others."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("attended", sa.String(length=8), nullable=True))
    op.create_index("ix_runs_attended", "runs", ["attended", "status"])


def downgrade() -> None:
    op.drop_index("ix_runs_attended", table_name="runs")
    op.drop_column("runs", "attended")
