"""Content we know of, and the drafts made from it."""

import sqlalchemy as sa
from alembic import op

from igny8_media.database.tables import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("content_id", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("registered_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "social_post",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("post", sa.JSON, nullable=False),
        sa.Column("edited_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("content_id", "platform", "revision"),
    )
    op.create_index("ix_social_post_status", "social_post", ["status"])
    op.create_table(
        "video_project",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("content_id", sa.String(64), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("progress_pct", sa.Integer, nullable=False),
        sa.Column("script", sa.JSON, nullable=False),
        sa.Column("edited_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("content_id", "form", "revision"),
    )
    op.create_index("ix_video_project_status", "video_project", ["status"])
    op.create_table(
        "video_asset",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("project_id", sa.Integer, sa.ForeignKey("video_project.id"), nullable=False),
        sa.Column("asset", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.UniqueConstraint("project_id", "asset", "name"),
    )


def downgrade() -> None:
    op.drop_table("video_asset")
    op.drop_table("video_project")
    op.drop_table("social_post")
    op.drop_table("content")
