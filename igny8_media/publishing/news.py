"""What became of a post, as news for the people it belongs to; written with the verdict itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from igny8_media.accounts.rows import account_of
from igny8_media.database.notifications import notify
from igny8_media.database.tables import Publication, SocialAccount
from igny8_media.publishing.statuses import Status


def whereabouts(account: SocialAccount) -> str:
    """An account, as news name it."""
    service = account_of(account).service.label
    return f"{service} ({account.name}{', sandbox' * account.sandbox})"


def tell(session: Session, row: Publication, now: datetime) -> None:
    """Leave word of a publication that has just ended, once for each time it did."""
    found = session.get_one(SocialAccount, row.account_id)
    if found.sandbox and row.status == Status.PUBLISHED:
        return  # nobody waits for what they only try
    where = whereabouts(found)
    kind, text = {
        Status.PUBLISHED: ("published", f"Post {row.post_id} is out on {where}: {row.url or ''}"),
        Status.FAILED: (
            "failed",
            f"Post {row.post_id} for {where} failed. {row.reason} Once more: igny8-media posts "
            f"retry {row.post_id}",
        ),
        Status.NEEDS_REVIEW: (
            "needs_review",
            f"Post {row.post_id} for {where} may be out. {row.reason}",
        ),
    }[Status(row.status)]
    notify(session, f"{kind}:{row.id}:{row.lease}", kind, text.rstrip(": "), now)
