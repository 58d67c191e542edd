"""The article: fetched from where it was published, with its pictures beside it.

The rooms that do the work are imported when they work: Dagster reads the stages whenever it loads
the definitions, and that must not cost a parser or a picture library.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from igny8_media.articles.model import Article
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.media_store import sha256_of

if TYPE_CHECKING:
    from igny8_media.imaging.social import SourcePicture


def read_article(job: Job) -> Article:
    """The article as it was fetched, for the stages that stand on it."""
    return Article.model_validate_json(job.path("article", "article.json").read_bytes())


def pictures_of(job: Job, article: Article) -> "tuple[SourcePicture, ...]":
    """The article's pictures as files, in reading order."""
    from igny8_media.imaging.social import SourcePicture

    return tuple(
        SourcePicture(
            path=job.path("article", picture.key),
            alt=image.alt or image.caption or "",
            key=picture.key,
        )
        for image in article.images
        if (picture := image.picture)
    )


def _outside(shop: Workshop, content_id: str) -> list[str]:
    """The text's version, and the bytes of pictures that lie beside it on this disk."""
    article = shop.article(content_id)
    local = (Path(image.source) for image in article.blocks if image.kind == "image")
    return [article.version, *(sha256_of(path) for path in local if path.is_file())]


def _build(job: Job, folder: Path) -> Built:
    from igny8_media.stages.fetching import add_pictures

    names: set[str] = set()

    def keep(data: bytes, extension: str) -> str:
        name = f"picture-{hashlib.sha256(data).hexdigest()[:16]}.{extension}"
        (folder / name).write_bytes(data)
        names.add(name)
        return name

    article = add_pictures(job.workshop.settings, job.workshop.article(job.content_id), keep)
    (folder / "article.json").write_text(article.model_dump_json(indent=1), encoding="utf-8")
    by_name = {p.key: p for image in article.images if (p := image.picture)}
    pictures = tuple(
        BuiltFile(
            name,
            "image",
            {"width": by_name[name].width, "height": by_name[name].height},
        )
        for name in sorted(names)
    )
    return Built(
        files=(BuiltFile("article.json", "text"), *pictures),
        facts={
            "title": article.title,
            "language": article.language,
            "words": len(_text(article).split()),
            "characters": characters(article),
            "derived": list(article.derived),
        },
        notes=article.notes,
    )


def characters(article: Article) -> int:
    """How long its text is."""
    return len(_text(article))


def _text(article: Article) -> str:
    parts: list[str] = []
    for block in article.blocks:
        if block.kind == "list":
            parts += block.items
        elif block.kind in ("heading", "paragraph", "quote"):
            parts.append(block.text)
    return " ".join(parts)


ARTICLE = Stage(asset="article", needs=(), version="1", build=_build, outside=_outside)
