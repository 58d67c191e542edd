"""Limits under a model that writes anything at all: a thousand posts, scripts and descriptions.

`python benchmarks/limits.py [COUNT]`: some minutes for a thousand of each. The exit
status is 1 if one of them breaks a limit.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from igny8_media.ai.voices import words_per_minute
from igny8_media.articles.model import Article
from igny8_media.generation.script import WrittenScript
from igny8_media.generation.seo import SeoWriter
from igny8_media.scripts.seo import VideoMetadata, Words, metadata, problems
from igny8_media.scripts.writer import SHORT_SECONDS, write_script
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform
from igny8_media.social.validate import problems as post_problems
from igny8_media.video.model import TARGETS, VideoForm, VideoScript, VideoTarget
from tests.generation.fuzz import Anything
from tests.generation.models import Model, router_with, script_writer_with, writer_with
from tests.words_corpus import corpus

EXTRACTIVE: Final = "extractive"
Outcome = tuple[str, list[str]]
"""Who wrote it, and what is wrong with it."""


def _articles() -> list[Article]:
    """Those that carry a short video."""
    found = corpus().values()
    return [a for a in found if isinstance(_script(a), VideoScript)]


def _script(article: Article) -> object:
    return write_script(article, VideoForm.SHORT, words_per_minute(article.language))


def posts(count: int, folder: Path) -> Iterator[Outcome]:
    articles, platforms = list(corpus().values()), list(Platform)
    for n in range(count):
        article = articles[n // len(platforms) % len(articles)]
        writer = writer_with(Model(Anything(article, n).says), folder)
        post = writer.write(article, platforms[n % len(platforms)])
        yield post.writer, post_problems(post)


def scripts(count: int, folder: Path) -> Iterator[Outcome]:
    articles = _articles()
    for n in range(count):
        article = articles[n % len(articles)]
        made = script_writer_with(Model(Anything(article, n).says), folder).compose(
            article, VideoForm.SHORT
        )
        assert isinstance(made, WrittenScript)
        total = made.script.total_duration_estimate
        fits = SHORT_SECONDS[0] <= total <= SHORT_SECONDS[1]
        yield made.script.writer, [] if fits else [f"It takes {total:.1f} seconds."]


def descriptions(count: int, folder: Path) -> Iterator[Outcome]:
    articles, targets = _articles(), TARGETS[VideoForm.SHORT]
    for n in range(count):
        article, target = articles[n % len(articles)], targets[n % len(targets)]
        script = _script(article)
        assert isinstance(script, VideoScript)

        def compose(
            words: Words | None,
            script: VideoScript = script,
            article: Article = article,
            target: VideoTarget = target,
        ) -> VideoMetadata:
            return metadata(script, article, target, (), 50.0, words=words)

        router = router_with(Model(Anything(article, n).says), folder)
        told = SeoWriter(router, Brand(), article, script).write(target, compose)
        yield told.writer, problems(told.metadata)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kinds: tuple[Callable[[int, Path], Iterator[Outcome]], ...] = (posts, scripts, descriptions)
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            started, kept, wrong = time.monotonic(), 0, []
            for writer, problem in kind(count, Path(folder)):
                kept += writer != EXTRACTIVE
                wrong += problem
            print(
                f"{count} {kind.__name__}: {len(wrong)} break a limit, {kept} have words of the "
                f"model, {time.monotonic() - started:.0f} s"
            )
            print(*wrong[:5], sep="\n", end="\n" * bool(wrong))
            broken += len(wrong)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
