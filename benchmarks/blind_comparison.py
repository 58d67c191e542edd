"""Posts on ten articles by the extractive writer and by the provider that is set, side by side.

`python benchmarks/blind_comparison.py docs/blind-comparison.md` asks whoever is set
(GPU_SERVER_URL, IGNY8_OPENAI_KEY, IGNY8_ANTHROPIC_KEY) and writes a page: which is A and which is B
is decided by lot, and told at its end.
"""

import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from igny8_media.articles.model import Article
from igny8_media.errors import InputError
from igny8_media.generation.opening import open_writer
from igny8_media.settings import load_settings
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.writer import ExtractiveWriter
from tests.words_corpus import corpus

_BLOCKS: Final = 12
_HEAD: Final = """# Blind comparison

What the extractive writer and a model make of the first twelve blocks (paragraphs, headings, lists)
of ten articles, one post each. Read both, say which you would rather publish, and look into the key
at the end. Made by `benchmarks/blind_comparison.py` on {day}; asked was {who}.
"""


@dataclass(frozen=True)
class Pair:
    """Two posts about one article; `reason` is why there is only ours, where that is so."""

    title: str
    platform: Platform
    ours: SocialPost
    theirs: SocialPost | None
    reason: str


def compared() -> tuple[list[Pair], str]:
    """The pairs, and who was asked. Raises InputError where nobody is set to write."""
    settings = load_settings()
    if not settings.text_sources:
        raise InputError("Set GPU_SERVER_URL, IGNY8_OPENAI_KEY or IGNY8_ANTHROPIC_KEY first.")
    pairs, asked = [], set[str]()
    for number, whole in enumerate(list(corpus().values())[:10]):
        article, platform = _opening(whole), list(Platform)[number % len(Platform)]
        ours = ExtractiveWriter().write(article, platform)
        # A home of its own: who was too slow for one article is asked again for the next.
        with TemporaryDirectory() as home:
            own = settings.model_copy(update={"home": Path(home)})
            with open_writer(own) as writer:
                made = writer.compose(article, platform)
        asked |= set(filter(None, [str(made.facts["served_by"])]))
        texts = (made.post.post_text, made.post.thread, made.post.slides)
        same = texts == (ours.post_text, ours.thread, ours.slides)
        why = [note for note in made.post.notes if note not in ours.notes]
        pairs.append(
            Pair(article.title, platform, ours, None if same else made.post, " ".join(why))
        )
        print(f"{article.title}: {'ours alone' if same else made.post.writer}", file=sys.stderr)
    return pairs, ", ".join(sorted(asked)) or "nobody who answered"


def _opening(article: Article) -> Article:
    """As much as a person reads before judging, and a small model before it forgets."""
    changed = {"blocks": article.blocks[:_BLOCKS], "version": f"{article.version}-opening"}
    return article.model_copy(update=changed)


def page(pairs: list[Pair], who: str, chance: random.Random) -> str:
    """As Markdown, with the key at the end."""
    day = datetime.now(UTC).date().isoformat()
    shown, key = [_HEAD.format(day=day, who=who)], []
    for number, pair in enumerate(pairs, 1):
        shown.append(f"## {number}. {pair.title} ({pair.platform.label})\n")
        if pair.theirs is None:
            shown.append("There is one post only.\n\n" + _quoted(pair.ours))
            key.append(
                f"{number}. The extractive writer's: no model's words were kept. {pair.reason}"
            )
            continue
        sides = [("extractive", pair.ours), (pair.theirs.writer, pair.theirs)]
        chance.shuffle(sides)
        for letter, (_, post) in zip("AB", sides, strict=True):
            shown.append(f"**{letter}**\n\n{_quoted(post)}")
        writers = ", ".join(f"{x}: {name}" for x, (name, _) in zip("AB", sides, strict=True))
        key.append(f"{number}. {writers}. {pair.reason}".rstrip())
    kept = sum(pair.theirs is not None for pair in pairs)
    told = f"Words of a model were kept in {kept} of {len(pairs)} posts.\n"
    return "\n".join([*shown, "## Key\n", told, *key, ""])


def _quoted(post: SocialPost) -> str:
    texts = [*(post.thread or (post.post_text,))]
    texts += [f"*Slide:* {slide.heading}\n{slide.body}" for slide in post.slides]
    lines = "\n\n---\n\n".join(texts).splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    Path(sys.argv[1]).write_text(page(*compared(), random.Random()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
