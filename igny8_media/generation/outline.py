"""The sections a model is asked for: those of the extractive script, with room for its words."""

from dataclasses import dataclass
from typing import Any, Final

from igny8_media.articles.model import Article
from igny8_media.scripts.assembly import chapters_of
from igny8_media.scripts.beats import spoken_words
from igny8_media.video.model import Section, VideoForm, VideoScript
from igny8_media.writing.lexicon import lexicon

_ROOM: Final = 1.25
"""How much longer than the article's own sentences a model may say it."""
_CHUNK: Final = 14
"""Sections asked for at once: about two minutes, which models of any size can keep in mind."""


@dataclass(frozen=True)
class Piece:
    """A section to be written: `about` is what the base says there, `tail` the farewell that stays
    behind it, `words` what to aim at (None: as it stands) and `most` the most."""

    base: Section
    about: str
    tail: str
    words: int | None
    most: int
    chapter: str = ""
    picture: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """As the model sees it."""
        found = {
            "section": self.base.section_id,
            "type": self.base.type,
            "about": self.about,
            "words": self.words,
            "most": self.most,
            "picture": self.picture,
            "chapter": self.chapter,
            "code": self.base.code_block.text if self.base.code_block else "",
        }
        return {name: value for name, value in found.items() if value}


def outline(
    base: VideoScript, article: Article, form: VideoForm, language: str, words_per_minute: float
) -> tuple[Piece, ...]:
    """A piece for each section of `base`, whose times say how much may be said in `language`."""
    own = farewell(article, form, article.language)
    end = farewell(article, form, language)
    chapters = chapters_of(base)
    pictures = {i.picture.key: i.caption or i.alt for i in article.images if i.picture}
    pieces = []
    for section in base.sections:
        last = bool(own) and section is base.sections[-1] and section.narration.endswith(own)
        about = section.narration.removesuffix(own).strip() if last else section.narration
        share = spoken_words(about) / max(1.0, spoken_words(section.narration))
        words = section.duration_estimate * share * words_per_minute / 60
        pieces.append(
            Piece(
                base=section,
                about=about,
                tail=end if last else "",
                words=round(words),
                most=max(round(words * _ROOM), round(words) + 3),
                chapter=chapters.get(section.section_id, ""),
                picture=pictures.get(section.image or "", ""),
            )
        )
    return tuple(pieces)


def farewell(article: Article, form: VideoForm, language: str) -> str:
    """What is said at the end, in that language; empty if we have no words for it."""
    name = "spoken_outro" if form is VideoForm.SHORT else "spoken_outro_long"
    return lexicon(language).call(name, article.id, article.canonical_url)


def chunks(pieces: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
    """Pieces in portions of about the same size."""
    count = -(-len(pieces) // _CHUNK)
    size = -(-len(pieces) // count) if count else 1
    return [pieces[at : at + size] for at in range(0, len(pieces), size)]
