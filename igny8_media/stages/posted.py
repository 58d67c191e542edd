"""A post as people see it, whatever it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from igny8_media.accounts.model import Service
from igny8_media.frozen import Frozen
from igny8_media.publishing.planned import Planned
from igny8_media.publishing.statuses import Status
from igny8_media.stages.outgoing import service_of

if TYPE_CHECKING:
    from igny8_media.database.tables import SocialPost

_EXCERPT: Final = 60
_ORDER: Final = (
    Status.NEEDS_REVIEW,
    Status.FAILED,
    Status.PUBLISHING,
    Status.SCHEDULED,
    Status.PUBLISHED,
)
"""What people should see first, where a post has several accounts."""


class Post(Frozen):
    """`place` is the platform or the video's target; `status` is the publications' worst, or what
    people decided where none is planned. `parts` are a thread's posts; `note` is why it was
    rejected."""

    id: int
    content_id: str
    form: str
    place: str
    revision: int
    service: Service
    kind: str
    status: str
    title: str
    text: str
    parts: tuple[str, ...]
    approved_by: str | None
    note: str
    publications: tuple[Planned, ...]

    @property
    def excerpt(self) -> str:
        line = " ".join((self.title or self.text).split())
        return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"

    @property
    def standing(self) -> tuple[Planned, ...]:
        """The publications that were not taken back."""
        return tuple(p for p in self.publications if p.status is not Status.CANCELLED)


def views(rows: Iterable["SocialPost"], planned: Iterable[Planned]) -> list[Post]:
    """The rows with their publications."""
    by_post: dict[int, list[Planned]] = {}
    for one in planned:
        by_post.setdefault(one.post_id, []).append(one)
    return [_view(row, by_post.get(row.id, ())) for row in rows]


def _view(row: "SocialPost", planned: Sequence[Planned]) -> Post:
    words: Mapping[str, Any] = row.post
    statuses = {p.status for p in planned}
    return Post(
        id=row.id,
        content_id=row.content_id,
        form=row.form,
        place=row.platform,
        revision=row.revision,
        service=service_of(row.form, row.platform),
        kind=words.get("kind") or words.get("post_type") or "video",
        status=next((str(s) for s in _ORDER if s in statuses), row.status),
        title=words.get("title") or "",
        text=words.get("post_text") or words.get("text") or words.get("description") or "",
        parts=tuple(words.get("parts") or words.get("thread") or ()),
        approved_by=row.approved_by,
        note=row.note,
        publications=tuple(planned),
    )
