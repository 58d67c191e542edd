"""Texts to write from: our examples, and long texts that nobody tuned anything for."""

from functools import lru_cache
from importlib import metadata
from pathlib import Path

from igny8_media.articles.model import Article, Block, Image, Picture
from igny8_media.articles.parse import parse_file, parse_markdown

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles"
# Packages of ours whose descriptions are long Markdown texts by many hands.
_STRANGERS = ("httpx", "trafilatura", "dagster", "markdown-it-py", "alembic", "yake", "ruff")


def make(*blocks: Block, **fields: object) -> Article:
    values: dict[str, object] = {
        "id": "made",
        "original_id": "made.md",
        "title": "A title of some words",
        "blocks": blocks,
        "version": repr(blocks) + repr(sorted(fields.items())),
        "canonical_url": "https://example.com/made",
        "derived": ("meta_description",),
    }
    return Article.model_validate(values | fields)


def with_pictures(article: Article) -> Article:
    """The article as if each of its pictures had been fetched."""
    blocks = tuple(
        block.model_copy(
            update={
                "picture": Picture(
                    key=f"content/{article.id}/picture/{n}.jpg",
                    sha256="0" * 64,
                    mime="image/jpeg",
                    width=1600,
                    height=900,
                    size=1000,
                )
            }
        )
        if isinstance(block, Image)
        else block
        for n, block in enumerate(article.blocks)
    )
    return article.model_copy(update={"blocks": blocks, "version": article.version + "p"})


@lru_cache(maxsize=1)
def corpus() -> dict[str, Article]:
    found = {path.stem: with_pictures(parse_file(path)) for path in sorted(EXAMPLES.glob("*.md"))}
    for name in _STRANGERS:
        text = metadata.metadata(name).get_payload()
        if isinstance(text, str) and text.strip():
            found[name] = parse_markdown(text, original_id=f"{name}.md")
    return found
