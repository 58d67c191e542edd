"""The tables. A change here needs a migration in `migrations/versions`; a test compares the two."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware moment; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Credits(TypeDecorator[Decimal]):
    """An exact amount of credits, kept as a whole number of ten-thousandths.

    SQLite has no decimals, and a sum of floats would not be the balance.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        parts = value.scaleb(4)
        if parts != parts.to_integral_value():
            raise ValueError(f"{value} has more than four decimals")
        return int(parts)

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-4)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy from the class
        datetime: UtcDateTime,
        Decimal: Credits,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: Text,
    }


class Content(Base):
    """An article we know of, and where to fetch it again."""

    __tablename__ = "content"

    content_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str]
    version: Mapped[str] = mapped_column(String(80))
    site: Mapped[str] = mapped_column(String(64), default="main", server_default="main")
    registered_at: Mapped[datetime]


class SocialPost(Base):
    """One revision of a post for one platform; `edited_at` is set once a person changed it.

    `form` says what `post` holds: "social" a SocialPost of a platform, "video" a VideoPost of a
    video target (`platform` is the target), "own" an Outgoing that a person wrote. `status` is
    what people decided: draft, approved, rejected or cancelled; how far sending is, each
    publication knows. `note` is what the person who rejected it wants changed.
    """

    __tablename__ = "social_post"
    __table_args__ = (
        UniqueConstraint("content_id", "form", "platform", "revision"),
        Index(None, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(8), default="social", server_default="social")
    platform: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    post: Mapped[dict[str, Any]]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="", server_default="")


class VideoProject(Base):
    """One revision of a video's script, and how far its production is (`progress_pct`, 0-100).

    `status` is draft where the script waits for a person, rejected with the `note` on what should
    be different, else script_ready and what production makes of it. `approved_at` is when a person
    wanted this very script filmed.
    """

    __tablename__ = "video_project"
    __table_args__ = (UniqueConstraint("content_id", "form", "revision"), Index(None, "status"))

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(8))
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(24))
    progress_pct: Mapped[int] = mapped_column(default=0)
    script: Mapped[dict[str, Any]]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="", server_default="")


class VideoAsset(Base):
    """A file of a video project; `key` is its place in the media store."""

    __tablename__ = "video_asset"
    __table_args__ = (UniqueConstraint("project_id", "asset", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("video_project.id"))
    asset: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str]


class SocialAccount(Base):
    """An account that posts go out through.

    `tokens` is encrypted; `token_version` counts its changes, and `refresh_until` is the lease of
    whoever renews it.
    """

    __tablename__ = "social_account"
    __table_args__ = (UniqueConstraint("service", "platform_user_id", "sandbox"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(16))
    platform_user_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    sandbox: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16), default="active")
    status_reason: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[Any]]
    details: Mapped[dict[str, Any]]
    tokens: Mapped[str]
    token_version: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    refresh_by: Mapped[str | None] = mapped_column(String(64))
    refresh_until: Mapped[datetime | None]
    parked_until: Mapped[datetime | None]
    parked_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Publication(Base):
    """The ledger: one post revision for one account, and everything known of its way out.

    `outgoing` is what is sent, fixed when it was scheduled. `phase` is how far the part numbered
    `part` is: new, prepared, committing (written before the request that makes it public),
    accepted, done. `lease` counts the claims: only who holds the newest may write. `queued_at` is
    set where the queue chose `due_at`, and may choose again, never before `not_before`; higher
    `priority` goes first.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_publication_status_due", "status", "next_at"),
        Index("ix_publication_account_due", "account_id", "due_at"),
        Index(None, "content_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("social_post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("social_account.id"))
    content_id: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(16))
    outgoing: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    next_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    phase: Mapped[str] = mapped_column(String(16), default="new")
    part: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    probes: Mapped[int] = mapped_column(default=0)
    commits: Mapped[int] = mapped_column(default=0)
    committing_since: Mapped[datetime | None]
    accepted_since: Mapped[datetime | None]
    lease: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    platform_id: Mapped[str | None]
    url: Mapped[str | None]
    started_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PublicationHandle(Base):
    """Something prepared or published on the platform for a publication, by name."""

    __tablename__ = "publication_handle"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class PublicationEvent(Base):
    """What happened to a publication, in order; nothing is ever taken out."""

    __tablename__ = "publication_event"
    __table_args__ = (Index(None, "publication_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(default="")


class Notification(Base):
    """Something a person must be told once; `key` names the occasion, `sent_at` when they were."""

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime | None]


class CreditAccount(Base):
    """Whose credits these are; `balance` is the sum of the entries, reservations taken off."""

    __tablename__ = "credit_account"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    balance: Mapped[Decimal]


class CreditReservation(Base):
    """Credits set aside while something is made; `amount` is how many.

    `status` is open, settled or released. `mark` is the fingerprint of what is made. `usage` is
    what it really used, written before the record that vouches for the result. Whoever makes it
    pushes `lease_until` on; past it, they died.
    """

    __tablename__ = "credit_reservation"
    __table_args__ = (Index("ix_credit_reservation_lease", "account_id", "status", "lease_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("credit_account.id"))
    status: Mapped[str] = mapped_column(String(16), default="open")
    amount: Mapped[Decimal]
    content_id: Mapped[str] = mapped_column(String(64))
    asset: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))
    run: Mapped[str] = mapped_column(String(64))
    usage: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    lease_until: Mapped[datetime]
    created_at: Mapped[datetime]


class CreditEntry(Base):
    """One line of the ledger; nothing is ever changed or taken out. `balance` is what it left."""

    __tablename__ = "credit_entry"
    __table_args__ = (Index(None, "account_id"), Index(None, "reservation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("credit_account.id"))
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("credit_reservation.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal]
    balance: Mapped[Decimal]
    task: Mapped[str] = mapped_column(String(32), default="")
    quantity: Mapped[Decimal | None]
    provider: Mapped[str] = mapped_column(String(64), default="")
    model: Mapped[str] = mapped_column(default="")
    content_id: Mapped[str] = mapped_column(String(64), default="")
    asset: Mapped[str] = mapped_column(String(64), default="")
    run: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(default="")


class AiModel(Base):
    """A model that people added to the shipped registry, or an entry of it that they replaced."""

    __tablename__ = "ai_model"
    __table_args__ = (UniqueConstraint("kind", "provider", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(128))
    entry: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Site(Base):
    """A site whose articles we work on: its zone, and what is done by itself (`automation`)."""

    __tablename__ = "site"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    automation: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class CalendarSlot(Base):
    """A time of the week at which a platform may post: local time in the site's zone.

    `weekday` is 0 for Monday; `local_time` is "HH:MM"; `origin` is who set it (`planning.week`).
    """

    __tablename__ = "social_calendar_slot"
    __table_args__ = (UniqueConstraint("site", "platform", "weekday", "local_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.name"))
    platform: Mapped[str] = mapped_column(String(16))
    weekday: Mapped[int]
    local_time: Mapped[str] = mapped_column(String(5))
    origin: Mapped[str] = mapped_column(String(8), default="person", server_default="person")
    created_at: Mapped[datetime]


class PlatformPlan(Base):
    """How densely a site posts on a platform: minutes between two posts, and posts a day.

    `decided` is the week in which the site's figures were asked for its slots last; `before`, where
    they chose them, the slots there were before (`planning.chosen`).
    """

    __tablename__ = "platform_plan"

    site: Mapped[str] = mapped_column(ForeignKey("site.name"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(16), primary_key=True)
    gap_minutes: Mapped[int]
    daily_cap: Mapped[int]
    decided: Mapped[str] = mapped_column(String(8), default="", server_default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class Blackout(Base):
    """Days, in the site's zone and both included, on which nothing goes out; "" is any platform."""

    __tablename__ = "blackout"
    __table_args__ = (Index(None, "site"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.name"))
    platform: Mapped[str] = mapped_column(String(16), default="", server_default="")
    first_day: Mapped[str] = mapped_column(String(10))
    last_day: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(default="", server_default="")


class Recurrence(Base):
    """A post that comes again. `rule` is an RRULE (RFC 5545) from `starts`, a local time in the
    zone; `status` is active, paused, ended or stopped (with the `reason`). Until `claimed_until`
    somebody asks a model for the next turn's words."""

    __tablename__ = "recurrence"
    __table_args__ = (Index("ix_recurrence_due", "status", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("social_post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("social_account.id"))
    site: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str]
    starts: Mapped[str] = mapped_column(String(19))
    time_zone: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    next_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    made: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class RecurrenceTurn(Base):
    """One time that a recurring post was due, and the post that was made for it."""

    __tablename__ = "recurrence_turn"
    __table_args__ = (UniqueConstraint("recurrence_id", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recurrence_id: Mapped[int] = mapped_column(ForeignKey("recurrence.id"))
    due_at: Mapped[datetime]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("social_post.id"))
    note: Mapped[str] = mapped_column(default="", server_default="")


class MetricsWatch(Base):
    """When a publication's metrics are read next; `gone` says that it is there no more. Until
    `claimed_until` it is being read by one sweep, and nobody else's."""

    __tablename__ = "metrics_watch"
    __table_args__ = (Index(None, "next_at"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    next_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    gone: Mapped[bool] = mapped_column(default=False, server_default=false())
    problem: Mapped[str] = mapped_column(default="", server_default="")


class PublicationMetrics(Base):
    """One reading of what a publication has reached so far.

    A figure that the platform does not give is null, and `missing` says why ({"saves": "..."}).
    Figures are totals since publication; rates are shares from 0 to 1. `series` names how the
    platform counts: figures of two series must not be compared. `raw` is its answer. `notes` says
    what is odd about a figure that is kept as it was read ({"likes": "fell from 12 to 9"}).
    `reported_at` is when Dagster was told of it.
    """

    __tablename__ = "publication_metrics"
    __table_args__ = (
        UniqueConstraint("publication_id", "taken_at"),
        Index("ix_publication_metrics_taken_at", "taken_at"),
        # Few rows of a million, which are looked for every minute.
        Index(
            "ix_publication_metrics_unreported",
            "taken_at",
            sqlite_where=text("reported_at IS NULL"),
            postgresql_where=text("reported_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    taken_at: Mapped[datetime]
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    reach: Mapped[int | None] = mapped_column(BigInteger)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    comments: Mapped[int | None] = mapped_column(BigInteger)
    shares: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    saves: Mapped[int | None] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    watch_seconds: Mapped[float | None]
    average_view_seconds: Mapped[float | None]
    click_through_rate: Mapped[float | None]
    engagement_rate: Mapped[float | None]
    series: Mapped[str] = mapped_column(String(32), default="", server_default="")
    missing: Mapped[dict[str, Any]]
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    raw: Mapped[dict[str, Any]]
    reported_at: Mapped[datetime | None]
