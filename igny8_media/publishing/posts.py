"""Posts as people decide about them: written, approved, turned down."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from igny8_media.database.tables import Publication, SocialPost
from igny8_media.errors import InputError
from igny8_media.publishing.ledger import utc_now
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.statuses import APPROVED, DRAFT, REJECTED, TURNED_DOWN
from igny8_media.storage.records import fingerprint

PERSON: Final = "person"
AUTOMATIC: Final = "automatic"


class Posts:
    """The table `social_post`, as far as it is people's."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._now = now

    def add(self, outgoing: Outgoing) -> tuple[int, bool]:
        """Keep a post that a person wrote, as a draft; (ID, whether it is new).

        The same words and files again are the same post, so that a command that was repeated
        does not make a second one.
        """
        written: dict[str, Any] = outgoing.model_dump(mode="json")
        mark = fingerprint(written)
        with Session(self._engine) as session, session.begin():
            found = session.scalars(
                select(SocialPost).where(SocialPost.form == "own", SocialPost.fingerprint == mark)
            ).first()
            if found is not None:
                return found.id, False
            row = SocialPost(
                content_id=f"own-{mark[:16]}",
                form="own",
                platform=outgoing.service,
                revision=1,
                fingerprint=mark,
                status=DRAFT,
                post=written,
                created_at=self._now(),
            )
            session.add(row)
            session.flush()
            return row.id, True

    def get(self, post_id: int) -> SocialPost:
        """Raises InputError if there is none with this ID."""
        with Session(self._engine, expire_on_commit=False) as session:
            row = session.get(SocialPost, post_id)
            if row is None:
                raise InputError(
                    f"There is no post {post_id}; `igny8-media posts list` shows those there are."
                )
            return row

    def list(self) -> list[SocialPost]:
        """Every post that a newer revision has not replaced, in the order in which they were made;
        one that was planned stays, whatever became of it."""
        newer = aliased(SocialPost)
        replaced = exists().where(_same(newer), newer.revision > SocialPost.revision)
        planned = exists().where(Publication.post_id == SocialPost.id)
        query = select(SocialPost).where(or_(~replaced, planned)).order_by(SocialPost.id)
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def many(self, post_ids: Collection[int]) -> dict[int, SocialPost]:
        """Those of these that there are, by ID."""
        wanted = sorted(set(post_ids))
        with Session(self._engine, expire_on_commit=False) as session:
            found: dict[int, SocialPost] = {}
            for start in range(0, len(wanted), 400):
                query = select(SocialPost).where(SocialPost.id.in_(wanted[start : start + 400]))
                found |= {row.id: row for row in session.scalars(query)}
            return found

    def approved_of(self, content_ids: Collection[str]) -> dict[tuple[str, str], int]:
        """The newest approved post of each of these contents and each place, by both."""
        wanted = sorted(set(content_ids))
        found: dict[tuple[str, str], int] = {}
        with Session(self._engine) as session:
            for start in range(0, len(wanted), 400):
                query = (
                    select(SocialPost.content_id, SocialPost.platform, SocialPost.id)
                    .where(
                        SocialPost.content_id.in_(wanted[start : start + 400]),
                        SocialPost.status == APPROVED,
                    )
                    .order_by(SocialPost.revision, SocialPost.id)
                )
                found |= {(content, place): one for content, place, one in session.execute(query)}
        return found

    def untouched(self, since: datetime) -> "Sequence[SocialPost]":
        """Posts made from articles since then that no person has decided about, the newest
        revision of each, where no revision was ever planned."""
        other = aliased(SocialPost)
        replaced = exists().where(_same(other), other.revision > SocialPost.revision)
        planned = exists().where(_same(other), Publication.post_id == other.id)
        undecided = or_(
            SocialPost.status == DRAFT,
            and_(SocialPost.status == APPROVED, SocialPost.approved_by == AUTOMATIC),
        )
        query = (
            select(SocialPost)
            .where(undecided, SocialPost.created_at >= since, SocialPost.form != "own")
            .where(SocialPost.edited_at.is_(None), ~replaced, ~planned)
            .order_by(SocialPost.id)
        )
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def approve(self, post_id: int) -> bool:
        """True if it was not approved before; what was turned down may be approved after all."""
        with Session(self._engine) as session, session.begin():
            row = session.get(SocialPost, post_id, with_for_update=True)
            if row is None or row.status == APPROVED:
                return False
            row.status, row.approved_at, row.approved_by = APPROVED, self._now(), PERSON
            return True

    def approve_unseen(self, post_id: int) -> bool:
        """Approve a draft without a person; False where a person has decided about it meanwhile."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(SocialPost, post_id, with_for_update=True)
            if row.status == DRAFT:
                row.status, row.approved_at, row.approved_by = APPROVED, self._now(), AUTOMATIC
            return row.status == APPROVED and row.approved_by == AUTOMATIC

    def reject(self, post_id: int, note: str) -> None:
        """It must not go out as it is; `note` says what should be different."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(SocialPost, post_id, with_for_update=True)
            row.status, row.note = REJECTED, note

    def rejected(self) -> "Sequence[SocialPost]":
        """Posts made from articles that were rejected with a note, and not written anew since."""
        other = aliased(SocialPost)
        replaced = exists().where(_same(other), other.revision > SocialPost.revision)
        query = (
            select(SocialPost)
            .where(SocialPost.status == REJECTED, SocialPost.form == "social")
            .where(SocialPost.note != "", ~replaced)
            .order_by(SocialPost.id)
        )
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def unplanned(self, since: datetime) -> "Sequence[SocialPost]":
        """Posts that a person has approved since then and nobody ever planned."""
        query = (
            select(SocialPost)
            .where(SocialPost.status == APPROVED, SocialPost.approved_by == PERSON)
            .where(SocialPost.approved_at >= since)
            .where(~exists().where(Publication.post_id == SocialPost.id))
            .order_by(SocialPost.approved_at, SocialPost.id)
        )
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def turn_down(self, post_id: int) -> bool:
        """True if it was a draft, or approved, before."""
        with Session(self._engine) as session, session.begin():
            row = session.get(SocialPost, post_id, with_for_update=True)
            if row is None or row.status == TURNED_DOWN:
                return False
            row.status = TURNED_DOWN
            return True


def _same(other: type[SocialPost]) -> ColumnElement[bool]:
    """Revisions of one post: the same content in the same form for the same place."""
    return and_(
        other.content_id == SocialPost.content_id,
        other.form == SocialPost.form,
        other.platform == SocialPost.platform,
    )
