"""A section as a model wrote it: what is wrong with it, and what it becomes in the script."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from igny8_media.articles.model import Article
from igny8_media.generation.drafts import SectionDraft
from igny8_media.generation.outline import Piece
from igny8_media.scripts.beats import spoken_words
from igny8_media.scripts.dressing import seconds
from igny8_media.video.model import Section
from igny8_media.writing.facts import full_text
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.passages import join
from igny8_media.writing.sentences import word_count

_OVERLAY: Final = 70
_OVERLAY_WORDS: Final = 12
_ITEM: Final = 70
_QUOTED: Final = 160
_CHAPTER: Final = 90

Wrong = Callable[[str], list[str]]
"""What is wrong with a text, wherever it stands."""


def faults(
    piece: Piece, draft: SectionDraft, wrong: Wrong, article: Article, *, abroad: bool
) -> list[str]:
    """Everything wrong with a section, as sentences that name it."""
    return [
        f"Section {piece.base.section_id}: {fault}"
        for fault in _faults(piece, draft, wrong, article, abroad=abroad)
    ]


def _faults(
    piece: Piece, draft: SectionDraft, wrong: Wrong, article: Article, *, abroad: bool
) -> Iterator[str]:
    yield from wrong(draft.narration)
    size = spoken_words(draft.narration)
    if size > piece.most:
        yield f"the narration has {size:.0f} words and may have {piece.most}; shorten it."
    if piece.chapter and abroad:
        yield from wrong(draft.chapter)
        if len(draft.chapter) > _CHAPTER:
            yield f"the chapter has more than {_CHAPTER} characters; shorten it."
    if piece.tail:
        return  # what is seen at the end is ours
    if draft.text_overlay.strip():
        yield from wrong(draft.text_overlay)
        if len(draft.text_overlay) > _OVERLAY or word_count(draft.text_overlay) > _OVERLAY_WORDS:
            yield f"the text_overlay has more than {_OVERLAY} characters or 12 words; shorten it."
    if piece.base.code_block is None:
        yield from _cue_faults(piece, draft, wrong, article, abroad=abroad)


def _cue_faults(
    piece: Piece, draft: SectionDraft, wrong: Wrong, article: Article, *, abroad: bool
) -> Iterator[str]:
    cue, items = draft.visual_cue, [item for item in draft.items if item.strip()]
    if cue == "image":
        if not piece.base.image:
            yield "it has no picture; choose another visual_cue."
        return
    if cue in ("animated_text", "title_card"):
        if not draft.text_overlay.strip():
            yield f"{cue} needs a text_overlay; write one."
        return
    fewest, most = {"statistic": (2, 2), "quote": (1, 2), "list": (2, 7)}[cue]
    if not fewest <= len(items) <= most:
        yield f"{cue} needs {fewest} to {most} items; write them or choose another visual_cue."
        return
    for item in items:
        yield from wrong(item)
        if len(item) > (_QUOTED if cue == "quote" else _ITEM):
            yield f"the item '{item[:40]}' is too long; shorten it."
    if cue == "statistic" and not any(c.isdigit() for c in items[0]):
        yield f"'{items[0][:40]}' is no figure; choose another visual_cue."
    said = _plain(full_text(article))
    if cue == "quote" and (
        abroad or any(_plain(item).strip(" .,!?") not in said for item in items)
    ):
        yield "the quotation does not stand in the article; choose another visual_cue."


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").translate(_MARKS).split())


_MARKS: Final = {ord(mark): None for mark in '"“”„«»'}


def section_of(
    piece: Piece, draft: SectionDraft, words_per_minute: float, article: Article, language: str
) -> Section:
    """The section of the script; pictures and code are where the base has them."""
    base = piece.base
    narration = join(*filter(None, (draft.narration.strip(), piece.tail)))
    said: dict[str, Any] = {
        "narration": narration,
        "duration_estimate": seconds(narration, words_per_minute),
    }
    overlay = draft.text_overlay.strip()
    if piece.tail:
        if language != article.language:
            card = lexicon(language).call("outro_card", article.id, article.canonical_url)
            said |= {"text_overlay": card, "items": ()}
        return base.model_copy(update=said)
    if base.code_block:
        return base.model_copy(update={**said, "text_overlay": overlay or base.text_overlay})
    cue = draft.visual_cue
    if base.image and cue != "statistic":
        cue = "image"
    shows = cue in ("statistic", "quote", "list")
    return base.model_copy(
        update={
            **said,
            "visual_cue": cue,
            "text_overlay": "" if cue in ("statistic", "quote") else overlay,
            "items": tuple(i.strip() for i in draft.items if i.strip()) if shows else (),
        }
    )


def farewell_only(
    piece: Piece, words_per_minute: float, article: Article, language: str
) -> Section:
    """The last section where it is nothing but the farewell, in the language of the script."""
    card = lexicon(language).call("outro_card", article.id, article.canonical_url)
    changes: dict[str, Any] = {"narration": piece.tail, "text_overlay": card, "items": ()}
    changes |= {"duration_estimate": seconds(piece.tail, words_per_minute)}
    return piece.base.model_copy(update=changes)
