"""From blocks and metadata to an `Article`: the gaps filled, the version worked out."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from igny8_media.articles.derive import (
    carries_text,
    description_from,
    key_phrases,
    language_of,
    prose,
    title_from,
)
from igny8_media.articles.ids import content_id
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article, Block, Heading, Image
from igny8_media.articles.references import Reference
from igny8_media.errors import InputError

_DEFAULT_LANGUAGE = "en"


def build_article(
    blocks: Sequence[Block],
    metadata: Metadata,
    *,
    original_id: str,
    id_from: str | None = None,
    where: str,
    references: Mapping[str, Reference],
) -> Article:
    """`id_from` is what the ID is made of (default: `original_id`).

    Raises InputError, naming `where`, when there is nothing to write from.
    """
    derived: list[str] = []
    notes = list(metadata.notes)
    if not carries_text(blocks):
        raise InputError(
            f"{where} has no text to work with (no sentence, list, table or code); "
            "write the article into it or leave it out."
        )
    title = metadata.title
    if not title:
        title = title_from(blocks)
        derived.append("title")
    if not title:
        raise InputError(f"{where} has no title and no sentence to take one from; give it a title.")
    body = _without_title(blocks, title)
    text = " ".join(prose(body)) or title
    language = metadata.language
    if not language:
        derived.append("language")
        language = language_of(f"{title}. {text}")
        if language is None:
            language = _DEFAULT_LANGUAGE
            notes.append("The language cannot be told from so little text; English was assumed.")
    description = metadata.description
    if not description:
        derived.append("meta_description")
        description = description_from(body) or title
    keywords = metadata.keywords
    if not keywords:
        derived.append("target_keywords")
        keywords = key_phrases(body, title, language)
    article = Article(
        id=content_id(id_from or original_id),
        original_id=original_id,
        title=title,
        blocks=tuple(body),
        meta_description=description,
        target_keywords=keywords,
        language=language,
        canonical_url=metadata.canonical_url,
        author=metadata.author,
        published_at=metadata.published_at,
        updated_at=metadata.updated_at,
        version="",
        derived=tuple(derived),
        notes=tuple(dict.fromkeys(notes)),
    )
    return article.model_copy(update={"version": _version(article, references)})


def _without_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks without the heading that repeats the title, if one of the first three does."""
    wanted = _bare(title)
    for place, block in enumerate(blocks[:3]):
        if isinstance(block, Heading):
            if _bare(block.text) == wanted:
                return [*blocks[:place], *blocks[place + 1 :]]
            break
    return list(blocks)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _version(article: Article, references: Mapping[str, Reference]) -> str:
    """SHA-256 over what a reader sees; pictures count by their bytes or address, not by where
    they lie on this machine, and times do not count."""
    seen = article.model_dump(
        mode="json",
        include={
            "title",
            "meta_description",
            "target_keywords",
            "language",
            "canonical_url",
            "author",
        },
    )
    blocks = []
    for block in article.blocks:
        fields = block.model_dump(mode="json")
        if isinstance(block, Image):
            known = references.get(block.source)
            fields = {
                "kind": "image",
                "source": known.identity if known else block.source,
                "alt": block.alt,
                "caption": block.caption,
            }
        blocks.append(fields)
    text = json.dumps({**seen, "blocks": blocks}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
