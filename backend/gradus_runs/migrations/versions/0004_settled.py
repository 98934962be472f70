"""Find the sweeps with measures to settle without reading every member."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_members_settled", "members", ["sweep_id", "settled"])


def downgrade() -> None:
    op.drop_index("ix_members_settled", table_name="members")
