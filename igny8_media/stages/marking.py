"""Marking the links of a post that is about to be planned. Drafts, which people read and edit, and
previews keep them plain."""

from typing import TYPE_CHECKING

from igny8_media.articles.model import Article
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.tracking import tags_of, tracked
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.database.tables import SocialPost


def with_marks(shop: Workshop, row: "SocialPost", sent: Outgoing) -> Outgoing:
    """What is sent of a row, with its links to the article marked, where the settings want that.
    What a person wrote has no article of ours to link to."""
    if not shop.settings.utm or row.form == "own":
        return sent
    record = shop.records.current(row.content_id, "article")
    if record is None:
        return sent
    key = record.named("article.json").key
    address = Article.model_validate_json(shop.store.read_bytes(key)).canonical_url
    if not address:
        return sent
    return tracked(sent, address, tags_of(sent.service, row.form, row.content_id, row.id))
