"""The ready phrases around what a model writes, in the language that it writes in."""

from dataclasses import dataclass

from igny8_media.articles.model import Article
from igny8_media.writing.genre import suited
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.material import Material


@dataclass(frozen=True)
class Phrases:
    """Empty in a language that we have no words for."""

    article: Article
    language: str

    @property
    def link(self) -> str:
        return self.article.canonical_url or ""

    def phrase(self, name: str, **values: str) -> str:
        genre = Material(self.article).genre
        return lexicon(self.language).phrase(suited(name, genre), self.article.id, **values)

    def call(self, name: str) -> str:
        return self.phrase(name if self.link else f"{name}_plain")

    def link_phrase(self, name: str) -> str:
        """The article's link with its words, the bare link where there are none."""
        return (self.phrase(name, link=self.link) or self.link) if self.link else ""
