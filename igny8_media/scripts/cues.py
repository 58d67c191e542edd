"""The ways in which a beat can be shown, each with what it would show and how well it suits."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from igny8_media.scripts.beats import Beat, Line
from igny8_media.video.model import VisualCue
from igny8_media.writing.digest import Digest
from igny8_media.writing.judge import lacks_noun
from igny8_media.writing.phrases import counted, enumeration, fits, main_clause, phrases
from igny8_media.writing.sentences import word_count
from igny8_media.writing.statistics import statistic
from igny8_media.writing.terms import WORD

_LABEL_WORDS = 10
_LABEL_CHARACTERS = 70
_QUOTE_WORDS = (4, 14)
_QUOTE_CHARACTERS = 110
_CARD_WORDS = 20
_QUOTED = re.compile(r"""[“„«»"]\s?([^“”„«»"]+?)\s?[”“»«"]""")
_RANGE = re.compile(
    r"^(?:(?:to|a|à|bis|auf|tot|naar|-|–)\s[^a-zA-Z]*\d|(?:and|or|y|o|u|et|ou|und|oder|e|en|of)\s)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Option:
    """`worth` is 0..1; `overlay` and `items` are as in a script section."""

    cue: VisualCue
    worth: float
    overlay: str = ""
    items: tuple[str, ...] = ()

    @property
    def brief(self) -> bool:
        """Whether what it shows is taken in at a glance."""
        return all(word_count(t) <= _QUOTE_WORDS[1] for t in (self.overlay, *self.items))


def options(beat: Beat, digest: Digest, used: Collection[str]) -> Iterator[Option]:
    """What a beat of plain speech offers to the eye; `used` are overlays already shown."""
    if figure := figure_of(beat, digest):
        yield Option("statistic", 0.95, items=figure)
    for line in beat.lines:
        if listed := enumeration(line.text, digest.lexicon):
            head = phrase_of((Line(f"{listed[0]}.", line.score, line.leans),), digest, used)
            yield Option("list", 0.9, head[0] if head else "", listed[1])
            break
    if said := phrase_of(beat.lines, digest, used):
        yield Option("animated_text", said[1], said[0])
    for line in beat.lines:
        if quoted := _quoted(line.text):
            yield Option("quote", 0.5 + 0.35 * line.score, items=(quoted, ""))
            break
    if plain := _short_sentence(beat, used):
        card = plain.text.rstrip(".")
        worth = 0.42 + 0.35 * plain.score
        yield Option("animated_text", worth, card)


def last_resort(beat: Beat, digest: Digest) -> Option:
    """A whole sentence of the beat, or its main clause: an honest card when nothing else is one."""
    whole = [line for line in beat.lines if word_count(line.text) >= _QUOTE_WORDS[0]]
    said = [line.text for line in whole or beat.lines]
    said += [main_clause(line.text, digest.lexicon) for line in whole]
    fit = [text for text in said if _QUOTE_WORDS[0] <= word_count(text) <= _QUOTE_WORDS[1]]
    counts = [c for text in said for c in counted(text, digest.lexicon)]
    if not fit and counts:
        return Option("animated_text", 0.0, counts[0])
    # The longest that a glance takes in says most; failing that, the shortest there is. Of more
    # than a card holds, the card shows the opening words.
    said += [re.split(r"[,;:]\s", line.text, maxsplit=1)[0] for line in whole]
    long = [text for text in said if _QUOTE_WORDS[0] <= word_count(text) <= _CARD_WORDS]
    text = max(fit, key=len) if fit else min(long or [""], key=len)
    return Option("animated_text", 0.0, text.rstrip("."))


def phrase_of(
    lines: Collection[Line], digest: Digest, used: Collection[str]
) -> tuple[str, float] | None:
    """The most telling phrase that is being said and has not been shown, and its worth."""
    shown = [_words(line) for line in used]
    best: tuple[str, float] | None = None
    for place, line in enumerate(lines):
        for phrase in phrases(line.text, digest.lexicon, alone=not line.leans):
            words = _words(phrase.text)
            if any(words <= other or other <= words for other in shown):
                continue
            worth = 0.2 + 0.45 * phrase.worth + 0.2 * line.score - 0.05 * place
            worth += 0.06 * any(c.isdigit() for c in phrase.text)
            worth -= 0.06 * (word_count(phrase.text) < 3)
            if best is None or worth > best[1]:
                best = (phrase.text, worth)
    return best


def figure_of(beat: Beat, digest: Digest) -> tuple[str, str] | None:
    """(figure, label) of a beat that turns on one strong figure which a label explains."""
    lexicon = digest.lexicon
    for line in beat.lines:
        figure = statistic(line.text)
        if figure is None or not figure.strong or line.text.count(figure.number) != 1:
            continue
        before, after = line.text.split(figure.number)
        rest = re.split(r"[.,;:!?()。，](?:\s|$)", after, maxsplit=1)[0].strip(" -–—")
        if _RANGE.match(rest):
            continue
        leans = lexicon.dependents and lexicon.dependents.match(rest)
        predicate = rest.split(" ", 1)[0].casefold() in lexicon.auxiliaries
        # "A table with 100 million rows is four levels deep": it is the table that is.
        inside = bool(lexicon.prepositions.intersection(before.casefold().split()[-1:]))
        beyond = inside and bool(lexicon.auxiliaries.intersection(rest.casefold().split()))
        plain = not (leans or predicate or beyond or any(c.isdigit() for c in rest))
        if plain and 3 <= word_count(rest) <= _LABEL_WORDS and len(rest) <= _LABEL_CHARACTERS:
            return figure.number, rest
        whole = line.text.rstrip(".")
        short = len(whole) <= _LABEL_CHARACTERS and before.strip() and word_count(whole) > 3
        if short and not lacks_noun(whole, lexicon):
            return figure.number, whole
    return None


def heading(title: str) -> str:
    """A heading as an overlay; empty if it is too long to be one."""
    return title if fits(title) else ""


def _quoted(text: str) -> str:
    """What stands in quotation marks in a sentence, if it is the most of it; or nothing."""
    fewest, most = _QUOTE_WORDS
    for match in _QUOTED.finditer(text):
        words = match[1].rstrip(",").strip()
        if fewest <= word_count(words) <= most and len(words) * 2 >= len(text):
            return words
    return ""


def _short_sentence(beat: Beat, used: Collection[str]) -> Line | None:
    fewest, most = _QUOTE_WORDS
    fit = [
        line
        for line in beat.lines
        if not line.leans
        and fewest <= word_count(line.text) <= most
        and len(line.text) <= _QUOTE_CHARACTERS
        and not line.text.endswith((":", "：", "?", "？", "؟"))
        and line.text.rstrip(".") not in used
    ]
    return max(fit, key=lambda line: line.score, default=None)


def _words(line: str) -> frozenset[str]:
    return frozenset(WORD.findall(line.casefold()))
