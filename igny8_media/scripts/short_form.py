"""The short script: hook, context, a handful of points, a way on."""

from dataclasses import replace

from igny8_media.articles.model import Article, Image
from igny8_media.scripts.assembly import assemble
from igny8_media.scripts.beats import Beat, Line, list_beat, spoken_words
from igny8_media.scripts.dressing import Dresser, short_title
from igny8_media.video.model import Section, VideoScript
from igny8_media.writing.acronyms import explained, explanations
from igny8_media.writing.digest import Digest, Sentence
from igny8_media.writing.hooks import in_opening
from igny8_media.writing.material import Draft, Material
from igny8_media.writing.passages import Passage, alike, best_passages, passage

_HOOK_WORDS = 26
_INTRO_WORDS = 34
_THOUGHT_WORDS = 44
_POINT_WORDS = 23
_CLOSING_WORDS = 22
_MOST_POINTS = 6
_LEAST_WORDS = 8
_LARGEST_SHARE = 0.7
_STEPS_SHARE = 0.75
_SLACK = 14
_TO_SHOW = 0.15
_ALONE = 0.12
_AGAIN = 0.1


def measure(text: str) -> int:
    return round(spoken_words(text))


def write_short(
    article: Article, digest: Digest, words_per_minute: float, aim: float
) -> VideoScript:
    """A script as near to `aim` seconds as whole sentences come, not above it by much."""
    material, draft = Material(article), Draft()
    farewell = digest.lexicon.call("spoken_outro", article.id, article.canonical_url)
    room = aim * words_per_minute / 60 - spoken_words(farewell)

    hook = _hook(material)
    if hook:
        draft.used |= hook.indices
    opening = [hook] if hook else []
    intro = _intro(material, draft)
    if intro and _words(opening) + measure(intro.text) <= room * 0.5:
        draft.used |= intro.indices
        opening.append(intro)
    closing = material.closing(draft, _CLOSING_WORDS, measure)
    if closing and not any(alike(closing, other) for other in opening):
        draft.used |= closing.indices
    else:
        closing = None
    left = room - _words(opening) - _words([closing])
    steps = _steps(material, left)
    points = _points(material, draft, left - (spoken_words(steps.text) if steps else 0))
    told = [_beat(point) for point in points] + ([steps] if steps else [])
    told.sort(key=lambda beat: beat.block)
    return _script(article, digest, words_per_minute, opening, told, closing, farewell)


def _steps(material: Material, room: float) -> Beat | None:
    """The steps of a how-to by their heads, where these leave room for something else."""
    steps = material.steps if material.instructs else None
    beat = list_beat(steps, brief=True) if steps else None
    return beat if beat and spoken_words(beat.text) <= room * _STEPS_SHARE else None


def _hook(material: Material) -> Passage | None:
    fit = [hook for hook in material.hooks if measure(hook.short) <= _HOOK_WORDS]
    # What comes next is how the article begins: a hook from further down would not lead there.
    if fit:
        hook = min(fit, key=lambda hook: not in_opening(hook))
        return passage(material.digest, hook, _HOOK_WORDS, measure=measure, most=1) or Passage(
            hook.short, (hook,), hook.score
        )
    best = [s for s in material.digest.sentences if s.usable and s.speakable]
    if best:
        return Passage(best[0].short, (best[0],), best[0].score)
    return None


def _intro(material: Material, draft: Draft) -> Passage | None:
    digest = material.digest
    for start in digest.sentences[:14]:
        if not start.usable or start.index in draft.used or not start.speakable:
            continue
        follows = start.position > 0 and (start.index - 1) in draft.used
        if start.standalone or follows:
            found = passage(digest, start, _INTRO_WORDS, measure=measure, most=2, used=draft.used)
            if found and measure(found.text) >= 8:
                return found
    return None


def _points(material: Material, draft: Draft, room: float) -> list[Passage]:
    """The best passages from all over the article that fill the room.

    First whole thoughts, as their paragraphs begin: sentences picked from all over are understood
    by nobody who only hears them. As few of these as it takes to fill the room as well.
    """
    spoken = sorted({s.section for s in material.digest.sentences if s.speakable})
    longest = min(_THOUGHT_WORDS, round(room * _LARGEST_SHARE))
    thoughts = _thoughts(material, spoken, draft.used, longest)
    fullest: list[Passage] = []
    for most in (_MOST_POINTS, 1, 0):
        kept: list[Passage] = []
        for option in thoughts:
            if len(kept) < most and _joins(option, kept, room):
                kept.append(option)
        kept = _filled(material, spoken, kept, draft.used, room)
        if _words(kept) > _words(fullest):
            fullest = kept
        if room - _words(fullest) <= _SLACK:
            break
    return sorted(fullest, key=lambda p: p.sentences[0].index)


def _filled(
    material: Material, sections: list[int], thoughts: list[Passage], used: set[int], room: float
) -> list[Passage]:
    """The thoughts, and around them what is left, down to single sentences."""
    kept = list(thoughts)
    taken = used.union(*(thought.indices for thought in thoughts))
    for limit, most in ((_POINT_WORDS, 2), (_POINT_WORDS, 2), (20, 1), (14, 1), (10, 1), (32, 2)):
        options = best_passages(
            material.digest, sections, limit, measure=measure, most=most, used=taken, least=6
        )
        for option in sorted(options, key=lambda p: -p.score):
            if not all(s.speakable for s in option.sentences) or not _joins(option, kept, room):
                continue
            if option.sentences[0].position and measure(option.text) < _LEAST_WORDS:
                continue
            if len(kept) < _MOST_POINTS or most == 1 or room - _words(kept) > 14:
                kept.append(option)
                taken |= option.indices
    return kept


def _joins(option: Passage, kept: list[Passage], room: float) -> bool:
    """Whether there is room for one more that says nothing again."""
    fits = measure(option.text) <= room - _words(kept)
    return fits and not any(alike(option, other) for other in kept)


def _thoughts(
    material: Material, sections: list[int], used: set[int], longest: int
) -> list[Passage]:
    """What paragraphs begin with, in up to three sentences, best first.

    Best are those that say why, of sections with a picture to see, a section not twice.
    """
    pictured = {
        section.index
        for section in material.digest.sections
        if any(isinstance(block, Image) and block.picture for _, block in section.blocks)
    }
    found: list[tuple[float, Passage]] = []
    for number in sections:
        starts = [s for s in material.digest.best(number) if s.position == 0]
        runs = [_run(material, start, used, longest) for start in starts]
        fit = sorted((r for r in runs if r is not None), key=lambda r: -r.score)
        for place, run in enumerate(fit):
            worth = run.score + _TO_SHOW * (number in pictured) - _AGAIN * place
            found.append((worth - _ALONE * (len(run.sentences) == 1), run))
    return [run for _, run in sorted(found, key=lambda pair: -pair[0])]


def _run(material: Material, start: Sentence, used: set[int], longest: int) -> Passage | None:
    run = passage(material.digest, start, longest, measure=measure, most=3, used=used)
    if run is None or measure(run.text) < _LEAST_WORDS:
        return None
    return run if all(s.speakable for s in run.sentences) else None


def _script(
    article: Article,
    digest: Digest,
    words_per_minute: float,
    opening: list[Passage],
    points: list[Beat],
    closing: Passage | None,
    farewell: str,
) -> VideoScript:
    dresser = Dresser(article, digest, chapters=False)
    title = short_title(digest.title, article.language)
    link = article.canonical_url
    # How the article ends is a thought of its own; under the last card only the farewell is said.
    told = [*map(_beat, opening), *points, *([_beat(closing)] if closing and farewell else [])]
    told = _explained(told, digest)
    if farewell:
        card = digest.lexicon.call("outro_card", article.id, link)
        last = Beat(-1, -1, (Line(farewell, 1.0),))
    else:
        card = ""
        last = _beat(closing) if closing else Beat(-1, -1, ())
    sections: list[Section] = []
    for number, beat in enumerate(told):
        kind = ("hook", "intro")[number] if number < len(opening) else "point"
        first = title if number == 0 else ""
        sections.append(dresser.dress(number + 1, beat, kind, words_per_minute, overlay=first))
    if last.lines:
        number = len(sections) + 1
        sections.append(
            dresser.dress(number, last, "outro", words_per_minute, overlay=card or title)
        )
    return assemble(article, digest, dresser.spread_images(sections), {})


def _beat(found: Passage) -> Beat:
    first, *rest = found.sentences
    lines = [Line(first.short, first.score, leans=False)]
    lines += [Line(s.text, s.score, leans=not s.standalone) for s in rest]
    return Beat(found.section, first.block, tuple(lines))


def _explained(told: list[Beat], digest: Digest) -> list[Beat]:
    """The beats with the abbreviations explained whose explanation is not told."""
    known = explanations((s.text for s in digest.sentences), digest.title)
    texts = iter(explained([line.text for beat in told for line in beat.lines], known))
    return [
        replace(beat, lines=tuple(replace(line, text=next(texts)) for line in beat.lines))
        for beat in told
    ]


def _words(found: list[Passage] | list[Passage | None]) -> float:
    return sum(spoken_words(p.text) for p in found if p)
