"""The words for where a post stands. They need nothing else, so that `--help` may list them."""

from enum import StrEnum
from typing import Final

DRAFT: Final = "draft"
APPROVED: Final = "approved"
TURNED_DOWN: Final = "cancelled"
REJECTED: Final = "rejected"


class Status(StrEnum):
    """Where a publication is, in the words people see."""

    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEEDS_REVIEW = "needs_review"


STATUSES: Final = (DRAFT, REJECTED, APPROVED, *(str(status) for status in Status))
"""All that a post can be: what people decided, and from then on how far its sending is."""
