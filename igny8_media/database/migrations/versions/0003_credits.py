"""Credits: accounts, what is set aside, and the entries."""

import sqlalchemy as sa
from alembic import op

from igny8_media.database.tables import Credits, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("balance", Credits, nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "credit_reservation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("credit_account.id"), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("amount", Credits, nullable=False),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("asset", sa.String(64), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("usage", sa.JSON),
        sa.Column("lease_until", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_index(
        "ix_credit_reservation_lease",
        "credit_reservation",
        ["account_id", "status", "lease_until"],
    )
    op.create_table(
        "credit_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("credit_account.id"), nullable=False),
        sa.Column("reservation_id", sa.Integer, sa.ForeignKey("credit_reservation.id")),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount", Credits, nullable=False),
        sa.Column("balance", Credits, nullable=False),
        sa.Column("task", sa.String(32), nullable=False),
        sa.Column("quantity", Credits),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("asset", sa.String(64), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_credit_entry_account_id", "credit_entry", ["account_id"])
    op.create_index("ix_credit_entry_reservation_id", "credit_entry", ["reservation_id"])


def downgrade() -> None:
    for name in ("credit_entry", "credit_reservation", "credit_account"):
        op.drop_table(name)
