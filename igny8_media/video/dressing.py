"""What is seen while a beat is spoken: its cue, overlay, figures and picture."""

import re

from igny8_media.articles.model import Article, Image
from igny8_media.video.beats import Beat, spoken_words
from igny8_media.video.model import Section, VisualCue
from igny8_media.writing.digest import Digest
from igny8_media.writing.keyphrases import keywords
from igny8_media.writing.sentences import word_count
from igny8_media.writing.statistics import statistic
from igny8_media.writing.terms import stop_words, terms

OVERLAY_WORDS = 7
_OVERLAY_CHARACTERS = 60
_LABEL_WORDS = 10
_LABEL_CHARACTERS = 70
_TAKES_PICTURE = ("animated_text", "title_card", "statistic", "list")
_RANGE = re.compile(
    r"^(?:(?:to|a|à|bis|auf|tot|naar|-|–)\s[^a-zA-Z]*\d|(?:and|or|y|o|u|et|ou|und|oder|e|en|of)\s)",
    re.I,
)


class Dresser:
    """Dresses the beats of one script, so that nothing is shown twice where it can be helped."""

    def __init__(self, article: Article, digest: Digest) -> None:
        self._digest = digest
        self._titles = {s.index: s.title for s in digest.sections}
        self._images = _images_by_section(article, digest)
        self._headed: set[int] = set()
        self._overlays: set[str] = set()
        self._blocks: dict[str, int] = {}
        self._phrases = _telling_phrases(article, digest)

    def dress(
        self,
        number: int,
        beat: Beat,
        kind: str,
        words_per_minute: float,
        *,
        overlay: str = "",
        allow_figure: bool = True,
    ) -> Section:
        """A script section for a beat; `kind` is hook, intro, point or outro."""
        cue, items = beat.cue, beat.items
        if cue == "animated_text" and allow_figure and (figure := figure_of(beat, self._digest)):
            cue, items = "statistic", figure
        text = overlay or self._overlay(beat, cue)
        self._blocks[f"s{number:02}"] = beat.block
        image = self._image(beat) if cue != "code_snippet" else None
        if cue == "animated_text":
            cue = "image" if image else ("title_card" if kind in ("hook", "outro") else cue)
        return Section.model_validate(
            {
                "section_id": f"s{number:02}",
                "type": kind,
                "narration": beat.text,
                "visual_cue": cue,
                "text_overlay": text,
                "items": items,
                "code_block": beat.code,
                "image": image,
                "duration_estimate": seconds(beat.text, words_per_minute),
            }
        )

    def _overlay(self, beat: Beat, cue: VisualCue) -> str:
        """The heading the first time, then a telling phrase or short sentence being said."""
        title = self._titles.get(beat.section, "")
        if title and beat.section not in self._headed and _fits(title):
            self._headed.add(beat.section)
            self._overlays.add(title.casefold())
            return title
        said = beat.text.casefold()
        if cue == "animated_text":
            for phrase in self._phrases:
                if phrase.casefold() not in self._overlays and phrase.casefold() in said:
                    self._overlays.add(phrase.casefold())
                    return phrase[0].upper() + phrase[1:]
            # Where it is all that is said, the captions show it already.
            for line in beat.lines if len(beat.lines) > 1 else ():
                if word_count(line.text) >= 3 and _fits(line.text) and not line.leans:
                    return line.text.rstrip(".。")
        return title if _fits(title) else ""

    def _image(self, beat: Beat) -> str | None:
        """The nearest picture of the beat's section that has not been shown."""
        waiting = self._images.get(beat.section, [])
        if not waiting:
            return None
        nearest = min(waiting, key=lambda found: abs(found[0] - beat.block))
        waiting.remove(nearest)
        return nearest[1]

    def spread_images(self, sections: list[Section]) -> list[Section]:
        """Give each picture left over to the section nearest to it in the article."""
        dressed = list(sections)
        for block, key in [found for group in self._images.values() for found in group]:
            free = [
                index
                for index, section in enumerate(dressed)
                if not section.image
                and section.visual_cue in _TAKES_PICTURE
                and self._blocks.get(section.section_id, -1) >= 0
            ]
            if not free:
                break
            nearest = min(free, key=lambda i: abs(self._blocks[dressed[i].section_id] - block))
            changes: dict[str, object] = {"image": key}
            if dressed[nearest].visual_cue == "animated_text":
                changes["visual_cue"] = "image"
            dressed[nearest] = dressed[nearest].model_copy(update=changes)
        self._images.clear()
        return dressed


def _fits(overlay: str) -> bool:
    return word_count(overlay) <= OVERLAY_WORDS and len(overlay) <= _OVERLAY_CHARACTERS


def seconds(text: str, words_per_minute: float) -> float:
    """How long a text takes to say, pauses included; never less than a second."""
    return round(max(1.0, spoken_words(text) * 60 / words_per_minute), 2)


def figure_of(beat: Beat, digest: Digest) -> tuple[str, str] | None:
    """(figure, label) of a beat that turns on one strong figure which a label explains."""
    for line in beat.lines:
        figure = statistic(line.text)
        if figure is None or not figure.strong or line.text.count(figure.number) != 1:
            continue
        before, after = line.text.split(figure.number)
        rest = re.split(r"[.,;:!?()。，](?:\s|$)", after, maxsplit=1)[0].strip(" -–—")
        leans = digest.lexicon.dependents and digest.lexicon.dependents.match(rest)
        if _RANGE.match(rest):
            continue
        plain = not leans and not any(c.isdigit() for c in rest)
        if plain and 3 <= word_count(rest) <= _LABEL_WORDS and len(rest) <= _LABEL_CHARACTERS:
            return figure.number, rest
        whole = line.text.rstrip(".")
        if len(whole) <= _LABEL_CHARACTERS and before.strip():
            return figure.number, whole
    return None


def short_title(title: str, language: str) -> str:
    """A title of at most seven words for the overlay, or nothing rather than a fragment."""
    if _fits(title):
        return title
    for head in re.split(r":|：|,|\s[–—-]\s|\?", title)[:1]:
        words = head.split()
        whole = len(words) >= 3 and words[-1].casefold() not in stop_words(language)
        if whole and _fits(head):
            return head.strip()
    return ""


def _telling_phrases(article: Article, digest: Digest) -> tuple[str, ...]:
    """Phrases that say something on their own: keywords, and those that headings speak of too."""
    stop = stop_words(article.language)
    headings = {t for s in digest.sections for t in terms(s.title, stop)} | digest.title_words
    phrases = [
        phrase
        for phrase in digest.key_phrases
        if len(phrase.split()) >= 2 and set(terms(phrase, stop)) <= headings
    ]
    wanted = [k for k in keywords(article) if len(k.split()) >= 2]
    return tuple(p for p in (*wanted, *phrases) if _fits(p))


def _images_by_section(article: Article, digest: Digest) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for section in digest.sections:
        for number, block in section.blocks:
            if isinstance(block, Image) and block.picture:
                found.setdefault(section.index, []).append((number, block.picture.key))
    return found
