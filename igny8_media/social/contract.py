"""The contract every writer of posts keeps, extractive or a language model."""

from typing import Protocol

from igny8_media.articles.model import Article
from igny8_media.social.model import Platform, SocialPost


class PostWriter(Protocol):
    """Writes one post about an article for one platform.

    Raises InputError for an article that has nothing to say, OutsideError if a service fails.
    """

    name: str

    def write(self, article: Article, platform: Platform) -> SocialPost: ...
