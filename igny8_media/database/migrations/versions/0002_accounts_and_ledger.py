"""Accounts, the publication ledger, and what people decided about a post."""

import sqlalchemy as sa
from alembic import op

from igny8_media.database.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("social_post") as table:
        table.add_column(sa.Column("form", sa.String(8), nullable=False, server_default="social"))
        table.add_column(sa.Column("approved_at", UtcDateTime))
        table.add_column(sa.Column("approved_by", sa.Text))
        table.drop_constraint("uq_social_post_content_id_platform_revision", type_="unique")
        table.create_unique_constraint(
            "uq_social_post_content_id_form_platform_revision",
            ["content_id", "form", "platform", "revision"],
        )
    op.create_table(
        "social_account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("platform_user_id", sa.String(128), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("status_reason", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("tokens", sa.Text, nullable=False),
        sa.Column("token_version", sa.Integer, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("refresh_expires_at", UtcDateTime),
        sa.Column("refresh_by", sa.String(64)),
        sa.Column("refresh_until", UtcDateTime),
        sa.Column("parked_until", UtcDateTime),
        sa.Column("parked_reason", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("service", "platform_user_id", "sandbox"),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("social_post.id"), nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("social_account.id"), nullable=False),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("outgoing", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("commits", sa.Integer, nullable=False),
        sa.Column("committing_since", UtcDateTime),
        sa.Column("accepted_since", UtcDateTime),
        sa.Column("lease", sa.Integer, nullable=False),
        sa.Column("lease_by", sa.String(80)),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("platform_id", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("started_at", UtcDateTime),
        sa.Column("published_at", UtcDateTime),
        sa.Column("reported_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("post_id", "account_id"),
    )
    op.create_index("ix_publication_status_due", "publication", ["status", "next_at"])
    op.create_index("ix_publication_content_id", "publication", ["content_id"])
    op.create_table(
        "publication_handle",
        sa.Column("publication_id", sa.Integer, sa.ForeignKey("publication.id"), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
    op.create_table(
        "publication_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("publication_id", sa.Integer, sa.ForeignKey("publication.id"), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("ix_publication_event_publication_id", "publication_event", ["publication_id"])
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.UniqueConstraint("key"),
    )


def downgrade() -> None:
    for name in (
        "notification",
        "publication_event",
        "publication_handle",
        "publication",
        "social_account",
    ):
        op.drop_table(name)
    with op.batch_alter_table("social_post") as table:
        table.drop_constraint("uq_social_post_content_id_form_platform_revision", type_="unique")
        table.create_unique_constraint(
            "uq_social_post_content_id_platform_revision", ["content_id", "platform", "revision"]
        )
        for column in ("approved_by", "approved_at", "form"):
            table.drop_column(column)
