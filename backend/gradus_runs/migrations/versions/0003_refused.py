"""Keep with a sweep the settings that could not be planned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
    op.add_column("sweeps", sa.Column("refused", json, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("sweeps", "refused")
