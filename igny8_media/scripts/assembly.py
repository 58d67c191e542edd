"""Sections put together into a script: times, chapters, title, description, tags."""

from collections.abc import Sequence

from igny8_media.articles.model import Article
from igny8_media.video.model import ChapterMarker, Section, VideoScript
from igny8_media.writing.digest import Digest
from igny8_media.writing.headline import headline
from igny8_media.writing.hooks import description
from igny8_media.writing.keyphrases import keywords
from igny8_media.writing.passages import join
from igny8_media.writing.sentences import clean

WRITER = "extractive"
_MOST_TAGS = 15


def assemble(
    article: Article,
    digest: Digest,
    sections: Sequence[Section],
    chapters: dict[str, str],
    notes: tuple[str, ...] = (),
) -> VideoScript:
    """A script of these sections; `chapters` names the section that opens each chapter."""
    script = VideoScript(
        title=headline(article) or clean(article.title),
        description=_description(article, digest),
        tags=_tags(article, digest),
        sections=(),
        total_duration_estimate=0.0,
        language=article.language,
        writer=WRITER,
        notes=(*digest.notes, *notes),
    )
    return with_sections(script, sections, chapters)


def with_sections(
    script: VideoScript, sections: Sequence[Section], chapters: dict[str, str]
) -> VideoScript:
    """The script with these sections in place of its own, its times and chapters by them."""
    total, markers = 0.0, []
    for section in sections:
        if section.section_id in chapters:
            marker = ChapterMarker(time=round(total, 2), title=chapters[section.section_id])
            markers.append(marker)
        total += section.duration_estimate
    return script.model_copy(
        update={
            "sections": tuple(sections),
            "total_duration_estimate": round(total, 2),
            "chapter_markers": tuple(markers),
        }
    )


def chapters_of(script: VideoScript) -> dict[str, str]:
    """Section id to chapter title: the inverse of what `assemble` does with times."""
    found: dict[str, str] = {}
    start = 0.0
    titles = {marker.time: marker.title for marker in script.chapter_markers}
    for section in script.sections:
        title = titles.get(round(start, 2))
        if title is not None:
            found[section.section_id] = title
        start += section.duration_estimate
    return found


def _description(article: Article, digest: Digest) -> str:
    said = description(article, digest) or tuple(
        s.text for s in digest.sentences[:3] if s.speakable
    )
    return join(*said) or clean(article.meta_description) or digest.title


def _tags(article: Article, digest: Digest) -> tuple[str, ...]:
    found: list[str] = []
    phrases = [p for p in filter(digest.is_subject, digest.key_phrases) if _is_tag(p, digest)]
    for tag in (*keywords(article), *phrases):
        tag = clean(tag).strip("#, ")
        if tag and tag.casefold() not in {known.casefold() for known in found}:
            found.append(tag)
    return tuple(found[:_MOST_TAGS])


def _is_tag(phrase: str, digest: Digest) -> bool:
    """Whether somebody may look for it: several words that count nothing, or a name.

    German writes every noun as names are written: there, a word has to be of the title or of a
    heading too.
    """
    words = phrase.casefold().split()
    if len(words) >= 2:
        return not digest.lexicon.fillers.intersection(words)
    if not digest.is_name(phrase):
        return False
    headings = " ".join((digest.title, *(s.title for s in digest.sections)))
    return digest.language != "de" or phrase in headings
