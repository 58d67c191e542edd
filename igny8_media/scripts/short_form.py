"""The short script: hook, context, a handful of points, a way on."""

from igny8_media.articles.model import Article
from igny8_media.scripts.assembly import assemble
from igny8_media.scripts.beats import Beat, Line, spoken_words
from igny8_media.scripts.dressing import Dresser, short_title
from igny8_media.video.model import Section, VideoScript
from igny8_media.writing.digest import Digest
from igny8_media.writing.material import Draft, Material
from igny8_media.writing.passages import Passage, alike, best_passages, passage

_HOOK_WORDS = 24
_INTRO_WORDS = 34
_POINT_WORDS = 23
_CLOSING_WORDS = 22
_MOST_POINTS = 6


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
    points = _points(material, draft, room - _words(opening) - _words([closing]))
    return _script(article, digest, words_per_minute, opening, points, closing, farewell)


def _hook(material: Material) -> Passage | None:
    for hook in material.hooks:
        if measure(hook.short) <= _HOOK_WORDS:
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
    """The best passages from all over the article that fill the room."""
    kept: list[Passage] = []
    taken = set(draft.used)
    spoken = sorted({s.section for s in material.digest.sentences if s.speakable})
    # First whole thoughts, a section each; then what is left, down to single sentences.
    for limit, most in ((_POINT_WORDS, 2), (_POINT_WORDS, 2), (20, 1), (14, 1), (10, 1), (32, 2)):
        options = best_passages(
            material.digest, spoken, limit, measure=measure, most=most, used=taken, least=6
        )
        for option in sorted(options, key=lambda p: -p.score):
            left = room - _words(kept)
            if measure(option.text) > left or not all(s.speakable for s in option.sentences):
                continue
            if any(alike(option, other) for other in kept):
                continue
            if len(kept) < _MOST_POINTS or most == 1 or left > 14:
                kept.append(option)
                taken |= option.indices
    return sorted(kept, key=lambda p: p.sentences[0].index)


def _script(
    article: Article,
    digest: Digest,
    words_per_minute: float,
    opening: list[Passage],
    points: list[Passage],
    closing: Passage | None,
    farewell: str,
) -> VideoScript:
    dresser = Dresser(article, digest, chapters=False)
    title = short_title(digest.title, article.language)
    last = Beat(
        closing.section if closing else -1,
        closing.sentences[0].block if closing else -1,
        tuple(_lines(closing)) + ((Line(farewell, 1.0, leans=True),) if farewell else ()),
    )
    link = article.canonical_url
    card = digest.lexicon.call("outro_card", article.id, link) if farewell else ""
    told = [*opening, *points]
    sections: list[Section] = []
    for number, found in enumerate(told):
        kind = ("hook", "intro")[number] if number < len(opening) else "point"
        sections.append(
            dresser.dress(
                number + 1,
                Beat(found.section, found.sentences[0].block, tuple(_lines(found))),
                kind,
                words_per_minute,
                overlay=title if number == 0 else "",
            )
        )
    if last.lines:
        number = len(sections) + 1
        sections.append(
            dresser.dress(number, last, "outro", words_per_minute, overlay=card or title)
        )
    return assemble(article, digest, dresser.spread_images(sections), {})


def _lines(found: Passage | None) -> list[Line]:
    if found is None:
        return []
    first, *rest = found.sentences
    lines = [Line(first.short, first.score, leans=False)]
    return lines + [Line(s.text, s.score, leans=not s.standalone) for s in rest]


def _words(found: list[Passage] | list[Passage | None]) -> float:
    return sum(spoken_words(p.text) for p in found if p)
