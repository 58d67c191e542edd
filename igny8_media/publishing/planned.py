"""A publication as people see it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Select, select

from igny8_media.accounts.model import Service
from igny8_media.accounts.rows import account_of, connect_command
from igny8_media.database.tables import Publication, SocialAccount, SocialPost
from igny8_media.frozen import Frozen
from igny8_media.publishing.statuses import Status

_SHOWN: Final = 2000


class Event(Frozen):
    at: datetime
    what: str
    detail: str


class Planned(Frozen):
    """A publication as people see it. `form` and `place` are the post's; `account` is the account's
    name; `commits` counts the requests that could have made something public; `queued` says that
    the queue chose `due_at` and may choose again, by `priority`."""

    id: int
    post_id: int
    account_id: int
    account: str
    sandbox: bool
    service: Service
    content_id: str
    form: str
    place: str
    text: str
    status: Status
    reason: str
    due_at: datetime
    next_at: datetime
    queued: bool
    priority: int
    started_at: datetime | None
    published_at: datetime | None
    platform_id: str | None
    url: str | None
    attempts: int
    commits: int
    part: int
    parts: int

    @property
    def goes_at(self) -> datetime:
        """When it goes out at the earliest: before its time it is only prepared."""
        return max(self.due_at, self.next_at)


def select_planned() -> Select[tuple[Publication, SocialAccount, SocialPost]]:
    """Rows for `planned_of`."""
    return (
        select(Publication, SocialAccount, SocialPost)
        .join(SocialAccount, SocialAccount.id == Publication.account_id)
        .join(SocialPost, SocialPost.id == Publication.post_id)
    )


def planned_of(row: Publication, account: SocialAccount, post: SocialPost) -> Planned:
    reason = row.reason
    if account.status != "active" and row.status in (Status.SCHEDULED, Status.PUBLISHING):
        remedy = f"Connect {account.name} again with: {connect_command(account_of(account))}"
        reason = f"{reason or account.status_reason} {remedy}".strip()
    return Planned(
        id=row.id,
        post_id=row.post_id,
        account_id=account.id,
        account=account.name,
        sandbox=account.sandbox,
        service=Service(row.service),
        content_id=row.content_id,
        form=post.form,
        place=post.platform,
        text=str(row.outgoing.get("text", ""))[:_SHOWN],
        status=Status(row.status),
        reason=reason,
        due_at=row.due_at,
        next_at=row.next_at,
        queued=row.queued_at is not None,
        priority=row.priority,
        started_at=row.started_at,
        published_at=row.published_at,
        platform_id=row.platform_id,
        url=row.url,
        attempts=row.attempts,
        commits=row.commits,
        part=row.part,
        parts=max(1, len(row.outgoing.get("parts") or [])),
    )
