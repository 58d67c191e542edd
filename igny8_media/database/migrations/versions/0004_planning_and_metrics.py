"""Sites and their calendars, recurring posts, metrics, and models that people added."""

import sqlalchemy as sa
from alembic import op

from igny8_media.database.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FIGURES = ("impressions", "reach", "likes", "comments", "shares", "clicks", "saves", "views")
_RATES = ("watch_seconds", "average_view_seconds", "click_through_rate", "engagement_rate")


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _site(*, key: bool = False) -> "sa.Column[str]":
    of = sa.ForeignKey("site.name")
    return sa.Column("site", sa.String(64), of, nullable=False, primary_key=key)


def upgrade() -> None:
    with op.batch_alter_table("content") as table:
        site = sa.Column("site", sa.String(64), nullable=False, server_default="main")
        table.add_column(site)
    with op.batch_alter_table("social_post") as table:
        table.add_column(_text("note"))
    with op.batch_alter_table("video_project") as table:
        table.add_column(sa.Column("approved_at", UtcDateTime))
        table.add_column(_text("note"))
    with op.batch_alter_table("publication") as table:
        table.add_column(sa.Column("queued_at", UtcDateTime))
        table.add_column(sa.Column("not_before", UtcDateTime))
        table.add_column(_count("priority"))
    op.create_index("ix_publication_account_due", "publication", ["account_id", "due_at"])
    with op.batch_alter_table("notification") as table:
        table.add_column(_count("attempts"))
        table.add_column(sa.Column("next_at", UtcDateTime))
    op.create_table(
        "ai_model",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("entry", sa.JSON, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("kind", "provider", "name"),
    )
    op.create_table(
        "site",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("automation", sa.JSON, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "social_calendar_slot",
        sa.Column("id", sa.Integer, primary_key=True),
        _site(),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("local_time", sa.String(5), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False, server_default="person"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("site", "platform", "weekday", "local_time"),
    )
    op.create_table(
        "platform_plan",
        _site(key=True),
        sa.Column("platform", sa.String(16), primary_key=True),
        sa.Column("gap_minutes", sa.Integer, nullable=False),
        sa.Column("daily_cap", sa.Integer, nullable=False),
        sa.Column("decided", sa.String(8), nullable=False, server_default=""),
        sa.Column("before", sa.JSON, nullable=False, server_default="{}"),
    )
    op.create_table(
        "blackout",
        sa.Column("id", sa.Integer, primary_key=True),
        _site(),
        sa.Column("platform", sa.String(16), nullable=False, server_default=""),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        _text("note"),
    )
    op.create_index("ix_blackout_site", "blackout", ["site"])
    _recurring()
    _metrics()


def _recurring() -> None:
    op.create_table(
        "recurrence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("social_post.id"), nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("social_account.id"), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("starts", sa.String(19), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        _text("reason"),
        sa.Column("next_at", UtcDateTime),
        sa.Column("claimed_until", UtcDateTime),
        _count("made"),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_recurrence_due", "recurrence", ["status", "next_at"])
    op.create_table(
        "recurrence_turn",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recurrence_id", sa.Integer, sa.ForeignKey("recurrence.id"), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("social_post.id")),
        _text("note"),
        sa.UniqueConstraint("recurrence_id", "due_at"),
    )


def _metrics() -> None:
    publication = sa.ForeignKey("publication.id")
    op.create_table(
        "metrics_watch",
        sa.Column("publication_id", sa.Integer, publication, primary_key=True),
        sa.Column("next_at", UtcDateTime),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("last_at", UtcDateTime),
        _count("failures"),
        sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
        _text("problem"),
    )
    op.create_index("ix_metrics_watch_next_at", "metrics_watch", ["next_at"])
    op.create_table(
        "publication_metrics",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("publication_id", sa.Integer, sa.ForeignKey("publication.id"), nullable=False),
        sa.Column("taken_at", UtcDateTime, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in _FIGURES),
        *(sa.Column(name, sa.Float) for name in _RATES),
        sa.Column("series", sa.String(32), nullable=False, server_default=""),
        sa.Column("missing", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("raw", sa.JSON, nullable=False),
        sa.Column("reported_at", UtcDateTime),
        sa.UniqueConstraint("publication_id", "taken_at"),
    )
    op.create_index("ix_publication_metrics_taken_at", "publication_metrics", ["taken_at"])
    untold = sa.text("reported_at IS NULL")
    op.create_index(
        "ix_publication_metrics_unreported",
        "publication_metrics",
        ["taken_at"],
        sqlite_where=untold,
        postgresql_where=untold,
    )


def downgrade() -> None:
    for name in (
        "publication_metrics",
        "metrics_watch",
        "recurrence_turn",
        "recurrence",
        "blackout",
        "platform_plan",
        "social_calendar_slot",
        "site",
        "ai_model",
    ):
        op.drop_table(name)
    op.drop_index("ix_publication_account_due", "publication")
    for table, columns in (
        ("notification", ("attempts", "next_at")),
        ("publication", ("queued_at", "not_before", "priority")),
        ("video_project", ("approved_at", "note")),
        ("social_post", ("note",)),
        ("content", ("site",)),
    ):
        with op.batch_alter_table(table) as altered:
            for column in columns:
                altered.drop_column(column)
