"""The tables. A change here needs a migration in `migrations/versions`; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
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
    registered_at: Mapped[datetime]


class SocialPost(Base):
    """One revision of a post for one platform; `edited_at` is set once a person changed it."""

    __tablename__ = "social_post"
    __table_args__ = (
        UniqueConstraint("content_id", "platform", "revision"),
        Index(None, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    post: Mapped[dict[str, Any]]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class VideoProject(Base):
    """One revision of a video's script, and how far its production is (`progress_pct`, 0-100)."""

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
