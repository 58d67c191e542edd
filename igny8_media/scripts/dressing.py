"""What is seen while a beat is spoken: its cue, overlay, figures and picture."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from igny8_media.articles.model import Article
from igny8_media.imaging.shorttitle import short_title as few_words
from igny8_media.scripts.beats import Beat, spoken_words
from igny8_media.scripts.cues import Option, heading, last_resort, options, phrase_of
from igny8_media.video.model import Section, VisualCue
from igny8_media.visuals.matching import assign
from igny8_media.visuals.model import Spoken
from igny8_media.visuals.places import Place, places_of, shown_in
from igny8_media.writing.digest import Digest
from igny8_media.writing.phrases import fits
from igny8_media.writing.terms import stop_words

_IN_A_ROW = 2
# A figure fills the screen now and then; in every section it would be wallpaper.
_FIGURES_APART = 3


@dataclass(frozen=True, slots=True)
class _Told:
    """What `dress` was asked for."""

    number: int
    beat: Beat
    kind: str
    words_per_minute: float
    overlay: str


class Dresser:
    """Dresses the beats of one script, so that nothing is shown twice where it can be helped.

    With `chapters`, the first section under each heading shows the heading; without, a heading is
    only for a section that offers nothing better. Pictures come last, when every beat is known:
    what suits one beat may suit another better.
    """

    def __init__(self, article: Article, digest: Digest, *, chapters: bool) -> None:
        self._article = article
        self._digest = digest
        self._chapters = chapters
        self._titles = {s.index: s.title for s in digest.sections}
        self._told: list[_Told] = []
        self._undressed()

    def _undressed(self) -> None:
        self._seen: set[int] = set()
        self._overlays: set[str] = set()
        self._cues: list[VisualCue] = []

    def dress(
        self, number: int, beat: Beat, kind: str, words_per_minute: float, *, overlay: str = ""
    ) -> Section:
        """A script section for a beat; `kind` is hook, intro, point or outro.

        `overlay` is a line that goes before whatever the beat offers, as a title does.
        """
        told = _Told(number, beat, kind, words_per_minute, overlay)
        self._told.append(told)
        return self._dressed(told, None)

    def _dressed(self, told: "_Told", image: str | None) -> Section:
        beat, kind, overlay = told.beat, told.kind, told.overlay
        if beat.cue == "animated_text":
            shown = self._choose(beat, kind, overlay, bool(image))
        else:
            shown = Option(beat.cue, 1.0, self._over(beat, overlay), beat.items)
        self._seen.add(beat.section)
        self._cues.append(shown.cue)
        if shown.overlay:
            self._overlays.add(shown.overlay)
        return Section.model_validate(
            {
                "section_id": f"s{told.number:02}",
                "type": kind,
                "narration": beat.text,
                "visual_cue": shown.cue,
                "text_overlay": shown.overlay,
                "items": shown.items,
                "code_block": beat.code,
                "image": image,
                "duration_estimate": seconds(beat.text, told.words_per_minute),
            }
        )

    def _over(self, beat: Beat, overlay: str) -> str:
        """The line above a list or code: the heading if it is new, or what leads in."""
        if beat.cue == "quote":
            return ""
        lead = beat.lines[: max(0, len(beat.lines) - len(beat.items))]
        said = phrase_of(lead, self._digest, self._overlays)
        return overlay or self._new_heading(beat) or (said[0] if said else "")

    def _choose(self, beat: Beat, kind: str, overlay: str, image: bool) -> Option:
        offered = list(options(beat, self._digest, self._overlays))
        card: VisualCue = "title_card"
        if overlay and kind == "outro":
            return self._varied(Option(card, 1.0, overlay))
        if overlay:
            offered.append(Option(card, 0.9 if kind == "hook" else 1.0, overlay))
        elif kind != "hook" and (title := self._new_heading(beat)):
            offered.append(Option(card, 0.97 if self._chapters else 0.5, title))
        if image:
            # The picture says more than a line of type, but not more than a figure.
            typed = [o for o in offered if o.cue in ("animated_text", card)]
            line = max((o for o in typed), key=lambda o: o.worth, default=None)
            shown = line.overlay if line and fits(line.overlay) else ""
            if kind == "hook" and not shown:
                # Who scrolls past a picture does not know what it is about.
                shown = overlay or few_words(self._digest.title)
            offered = [o for o in offered if o.cue == "statistic" and not self._tires(o.cue)]
            offered.append(
                Option(
                    "image",
                    0.96 if line and line.cue == card else 0.9,
                    # The captions say the sentence; said twice, it would only hide the picture.
                    shown,
                )
            )
        fresh = [o for o in offered if not self._tires(o.cue)]
        if not fresh:
            rest = self._varied(last_resort(beat, self._digest))
            if not offered or (rest.brief and not self._tires(rest.cue)):
                return rest
        return self._varied(max(fresh or offered, key=lambda o: o.worth))

    def _varied(self, chosen: Option) -> Option:
        """The same words on the other kind of card where one kind has been shown for long."""
        other: dict[VisualCue, VisualCue] = {
            "animated_text": "title_card",
            "title_card": "animated_text",
        }
        if chosen.cue in other and self._tires(chosen.cue):
            return replace(chosen, cue=other[chosen.cue])
        return chosen

    def _tires(self, cue: VisualCue) -> bool:
        """Whether one more of a cue would be one too many in a row."""
        if cue == "image":
            return False
        if cue == "statistic":
            return cue in self._cues[-_FIGURES_APART:]
        return self._cues[-_IN_A_ROW:] == [cue] * _IN_A_ROW

    def _new_heading(self, beat: Beat) -> str:
        return "" if beat.section in self._seen else heading(self._titles.get(beat.section, ""))

    def spread_images(self, sections: list[Section]) -> list[Section]:
        """The sections with the pictures that belong to them, and the rest around these anew.

        `sections` are those that `dress` returned, in their order.
        """
        pictures = shown_in(self._article, self._digest)
        free = [told for told in self._told if told.beat.cue != "code_snippet"]
        passages = [self._spoken(told.beat) for told in free]
        matched = assign(pictures, passages, self._article.language)
        if not matched:
            return sections
        images = {free[place].number: pictures[index].key for place, index in matched.items()}
        self._undressed()
        return [self._dressed(told, images.get(told.number)) for told in self._told]

    def _spoken(self, beat: Beat) -> Spoken:
        place = self._places.get(beat.block)
        if place is None:
            return Spoken(beat.text)
        return Spoken(beat.text, (place.start, place.end), place.chapter)

    @cached_property
    def _places(self) -> dict[int, Place]:
        return places_of(self._article, self._digest)


def seconds(text: str, words_per_minute: float) -> float:
    """How long a text takes to say, pauses included; never less than a second."""
    return round(max(1.0, spoken_words(text) * 60 / words_per_minute), 2)


def short_title(title: str, language: str) -> str:
    """A title of at most seven words for the overlay, or nothing rather than a fragment."""
    if fits(title):
        return title
    for head in re.split(r":|：|,|\s[–—-]\s|\?", title)[:1]:
        words = head.split()
        whole = len(words) >= 3 and words[-1].casefold() not in stop_words(language)
        if whole and fits(head):
            return head.strip()
    return ""
