"""The labelled passages as articles."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from igny8_media.articles.model import Article, Block, Heading, Image, Paragraph, Picture


@dataclass(frozen=True)
class Labelled:
    """`spoken` are passages, each with the key of the picture that belongs to it, or None."""

    article: Article
    spoken: tuple[tuple[str, str | None], ...]
    held_out: bool


@lru_cache(maxsize=1)
def labelled() -> tuple[Labelled, ...]:
    listed = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(
        Labelled(
            article=Article(
                id=one["name"],
                original_id=one["name"],
                title=one["name"],
                blocks=tuple(_block(line) for line in one["text"].splitlines()),
                language=one["language"],
                version="1",
            ),
            spoken=tuple((text, key) for text, key in one["spoken"]),
            held_out=one["held_out"],
        )
        for one in listed
    )


def _block(line: str) -> Block:
    if line.startswith("# "):
        return Heading(level=2, text=line[2:])
    if not line.startswith("!"):
        return Paragraph(text=line)
    key, alt, caption = (part.strip() for part in line[1:].split("|"))
    picture = Picture(key=key, sha256="0", mime="image/jpeg", width=1600, height=900, size=9)
    return Image(source=key, alt=alt, caption=caption or None, picture=picture)
