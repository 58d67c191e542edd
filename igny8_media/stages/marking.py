"""Marking the links of a post that is about to be planned. Drafts, which people read and edit, and
previews keep them plain."""

import logging
from typing import TYPE_CHECKING

from igny8_media.articles.model import Article
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.tracking import tags_of, tracked
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.database.tables import SocialPost
    from igny8_media.publishing.contract import Adapter

log = logging.getLogger(__name__)


class Marks:
    """Marks for one piece of work: what it knows of an article it keeps."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._addresses: dict[str, str] = {}

    def on(self, row: "SocialPost", sent: Outgoing, adapter: "Adapter") -> Outgoing:
        """What is sent of a row, with its links to the article marked, where the settings want that
        and the platform allows it. What a person wrote has no article of ours to link to."""
        if not self._shop.settings.utm or row.form == "own":
            return sent
        address = self.address(row.content_id)
        if not address:
            return sent
        tags = tags_of(sent.service, row.form, row.content_id, row.id)
        marked = tracked(sent, address, tags)
        if marked != sent and adapter.validate(marked):
            log.warning("Post %d: its links are not marked, it would be too long.", row.id)
            return sent
        return marked

    def address(self, content_id: str) -> str:
        """The article's own page; "" where it has none."""
        if content_id not in self._addresses:
            record = self._shop.records.current(content_id, "article")
            self._addresses[content_id] = ""
            if record is not None:
                data = self._shop.store.read_bytes(record.named("article.json").key)
                self._addresses[content_id] = Article.model_validate_json(data).canonical_url or ""
        return self._addresses[content_id]
