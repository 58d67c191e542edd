"""What every platform's draft is made from, and the pieces they share."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from igny8_media.articles.model import Article, Code, ListBlock
from igny8_media.writing.digest import Digest, Sentence, digest, without
from igny8_media.writing.genre import Genre, genre_of, suited
from igny8_media.writing.hooks import description, hooks
from igny8_media.writing.judge import is_code, is_symbols, opens_alone, stands_alone
from igny8_media.writing.lists import BulletList
from igny8_media.writing.passages import (
    Measure,
    Passage,
    best_passages,
    join,
    passage,
    shorten,
    spread,
)
from igny8_media.writing.sentences import word_count


@dataclass(slots=True, weakref_slot=True)
class Draft:
    """A post being written: its paragraphs with what each is worth, and what it has used."""

    used: set[int] = field(default_factory=set)
    paragraphs: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str, worth: int = 1) -> None:
        """Add a paragraph; the least worthy goes first when the post is too long."""
        if text:
            self.paragraphs.append((worth, text))

    def take(self, found: Passage | None, worth: int = 1) -> bool:
        if found is None:
            return False
        self.used |= found.indices
        self.add(found.text, worth)
        return True

    def text(self, limit: int, measure: Measure = len) -> str:
        """The paragraphs in order, those worth least left out until the rest fits."""
        kept = list(self.paragraphs)
        while kept and measure("\n\n".join(text for _, text in kept)) > limit:
            least = min(worth for worth, _ in kept)
            if least >= ESSENTIAL:
                break
            at = max(i for i, (worth, _) in enumerate(kept) if worth == least)
            del kept[at]
        return "\n\n".join(text for _, text in kept)


ESSENTIAL = 9
_LEAST_CLOSING = 0.2
_MOST_STEPS = 8
_LEAST_TITLE = 4  # words
_LONGEST_BEFORE = 110
_MOSTLY_STEPS = 0.3  # of an article's words


class Material:
    """An article read for posting. `link` is where readers go, None if the article has no URL.

    `said` are texts whose sentences are not to be said again; they choose other ready phrases too.
    """

    def __init__(self, article: Article, said: Sequence[str] = ()) -> None:
        self.article = article
        self.digest: Digest = without(digest(article), said) if said else digest(article)
        self.link = article.canonical_url
        self._said = said
        self._seed = f"{article.id}:{len(said)}" if said else article.id

    @cached_property
    def hooks(self) -> list[Sentence]:
        return hooks(self.digest)

    @cached_property
    def description(self) -> tuple[str, ...]:
        return description(self.article, self.digest)

    @cached_property
    def instructs(self) -> bool:
        """Whether it is a how-to: lists and code, or mostly steps, rather than an essay."""
        if self.steps and self.share_of_steps >= _MOSTLY_STEPS:
            return True
        kinds = [isinstance(b, ListBlock | Code) for b in self.article.blocks]
        return sum(kinds) >= 2 and sum(kinds) * 12 >= len(kinds)

    @cached_property
    def share_of_steps(self) -> float:
        """How much of what the article says are steps, 0..1."""
        texts = [text for bullets in self.digest.lists if bullets.ordered for text in bullets.items]
        steps = sum(map(word_count, texts))
        prose = sum(word_count(s.text) for s in self.digest.sentences if s.speakable)
        return steps / max(1.0, steps + prose)

    def phrase(self, name: str, **values: str) -> str:
        return self.digest.lexicon.phrase(suited(name, self.genre), self._seed, **values)

    @cached_property
    def genre(self) -> Genre:
        return genre_of(self.article, self.digest, instructs=self.instructs)

    def call(self, name: str) -> str:
        """What readers are asked to do; see `Lexicon.call`."""
        return self.phrase(name if self.link else f"{name}_plain")

    def link_phrase(self, name: str) -> str:
        """The article's link with its words, the bare link in a language we have no words for."""
        if not self.link:
            return ""
        return self.phrase(name, link=self.link) or self.link

    def open(
        self, draft: Draft, limit: int, *, other: bool = False, measure: Measure = len
    ) -> None:
        """Start with the best hook, or whatever short thing the article has.

        `other` asks for the second best where that is as good, so that platforms differ.
        """
        fit = [h for h in self.hooks if measure(h.short) <= limit]
        if fit and self._says_less_than_the_title(fit[0], limit, measure):
            draft.add(self.digest.title, ESSENTIAL)
            return
        if fit:
            hook = fit[0]
            if other and len(fit) > 1 and self._opens_as_well(fit[1], hook):
                hook = fit[1]
            found = passage(self.digest, hook, limit, measure=measure, most=2)
            if found:
                draft.take(found, ESSENTIAL)
            else:
                draft.used.add(hook.index)
                draft.add(hook.short, ESSENTIAL)
            return
        draft.add(self.fallback(limit, measure), ESSENTIAL)

    def _says_less_than_the_title(self, hook: Sentence, limit: int, measure: Measure) -> bool:
        """Whether the best first line is too long here, and the next one names nothing of it.

        "The cost is put at 2.7 million." is no opening without what it is that costs.
        """
        title, first = self.digest.title, self.digest.sentences[0]
        if any(title in text for text in self._said):
            return False
        whole = word_count(title) >= _LEAST_TITLE and measure(title) <= limit and not is_code(title)
        displaced = hook is not self.hooks[0] or measure(first.short) > limit
        return whole and displaced and not self._names_subject(hook)

    def _names_subject(self, hook: Sentence) -> bool:
        """Whether it has a word of the title, other than its date."""
        said = hook.words & self.digest.title_words
        days = self.digest.lexicon.calendar
        return any(not w.isdigit() and not any(d.startswith(w) for d in days) for w in said)

    def _opens_as_well(self, hook: Sentence, best: Sentence) -> bool:
        goes_on = hook.block == best.block and hook.index > best.index
        if goes_on or not self._names_subject(hook):
            return False
        return hook.section == 0 or bool(hook.figure and hook.figure.strong)

    def fallback(self, limit: int, measure: Measure = len) -> str:
        """The article in a line when no sentence of it can open a post."""
        for text in self.description:
            if measure(text) <= limit:
                return text
        return shorten(self.digest.title, limit, measure)

    def follow(
        self, draft: Draft, limit: int, *, measure: Measure = len, most: int = 3
    ) -> Passage | None:
        """What the opening goes on with right after the hook, if the hook is from there.

        Where the first paragraph ends with room to spare, the second may begin: often it is the
        one that says how things turned out.
        """
        start = self._after_opening(draft.used)
        if start is None:
            return None
        found = passage(self.digest, start, limit, measure=measure, most=most, used=draft.used)
        then = self._after_opening(found.indices) if found and len(found.sentences) < most else None
        if found is None or then is None or then.block == start.block:
            return found
        more = passage(
            self.digest,
            then,
            limit,
            measure=lambda text: measure(f"{found.text}\n\n{text}"),
            most=most - len(found.sentences),
            used=draft.used,
        )
        if more is None:
            return found
        both = f"{found.text}\n\n{more.text}"
        return Passage(both, (*found.sentences, *more.sentences), found.score)

    def _after_opening(self, used: Collection[int]) -> Sentence | None:
        """What comes after the last sentence of the first paragraph that is used."""
        every = self.digest.sentences
        said = [s for s in every if s.index in used and s.block == every[0].block]
        if not said or said[-1].index + 1 >= len(every):
            return None
        last, after = said[-1], every[said[-1].index + 1]
        led_away = after.block != last.block and last.block in self.digest.promises
        return None if led_away or after.section != last.section or not after.speakable else after

    def intro(self, draft: Draft, limit: int, most: int = 3) -> Passage | None:
        """A passage from the opening: what follows the hook if the hook is from there.

        Never what leads to the hook: nobody begins a story with its third sentence.
        """
        if found := self.follow(draft, limit, most=most):
            return found
        hook = max(draft.used, default=-1)
        opening = [s for s in self.digest.sentences[:12] if s.usable and s.standalone]
        if any(s.index == hook for s in opening):
            opening = [s for s in opening if s.index > hook]
        fresh = [s for s in opening if s.index not in draft.used and s.position < 2]
        for start in fresh:
            found = passage(self.digest, start, limit, most=most, used=draft.used)
            if found and len(found.text) >= min(60, limit // 3):
                return found
        return None

    def points(
        self, draft: Draft, count: int, limit: int, *, measure: Measure = len, most: int = 2
    ) -> list[Passage]:
        """Up to `count` passages from all over the article, in its order."""
        sections = sorted({s.section for s in self.digest.sentences if s.usable})
        body = [n for n in sections if n not in {self.closing_section}] or sections
        options = self._options(body, limit, measure, most, draft.used)
        kept = spread(options, count)
        taken = set(draft.used)
        # A long section may speak twice before the post goes without.
        for _ in range(2):
            if len(kept) >= count:
                break
            taken |= {i for p in kept for i in p.indices}
            more = self._options(body, limit, measure, most, taken)
            kept = spread([*kept, *more], count)
        return kept

    def _options(
        self, sections: list[int], limit: int, measure: Measure, most: int, used: set[int]
    ) -> list[Passage]:
        least = min(45, limit // 4)
        return best_passages(
            self.digest, sections, limit, measure=measure, most=most, used=used, least=least
        )

    @cached_property
    def closing_section(self) -> int | None:
        """The conclusion, or the last section that says anything."""
        marked = [s.index for s in self.digest.sections if s.closing and not s.skip]
        spoken = [s.section for s in self.digest.sentences if s.usable]
        if not spoken or len(set(spoken)) < 2:
            return None
        return next((n for n in reversed(marked) if n in spoken), spoken[-1])

    def closing(self, draft: Draft, limit: int, measure: Measure = len) -> Passage | None:
        """How the article ends, if its end stands alone."""
        if self.closing_section is None:
            return None
        ends = [s for s in self.digest.by_section[self.closing_section] if s.usable]
        last = [s for s in ends if s.block == ends[-1].block]
        # The last paragraph from its start says where its end comes from.
        for start in [*last, *reversed(ends[: -len(last)])]:
            begins = start.position == 0 and start.opens
            brief = begins and stands_alone(start.text, self.digest.lexicon)
            if not (start.standalone or brief) or start.index in draft.used:
                continue
            if start.score < _LEAST_CLOSING and not brief:
                continue
            found = passage(self.digest, start, limit, measure=measure, used=draft.used)
            if found and measure(found.text) >= min(40, limit // 4):
                return found
        return None

    @cached_property
    def steps(self) -> BulletList | None:
        """The steps of a how-to as a list that can be shown whole; None for anything else."""
        ordered = (bullets for bullets in self.digest.lists if bullets.ordered)
        return next((s for b in ordered if (s := self._whole(b, 90, _MOST_STEPS))), None)

    def good_list(self, longest: int = 110, most: int = 6) -> BulletList | None:
        """A list that can be shown whole: led in by a line that stands alone, items of prose.

        The items of a list of steps may be no more than their heads.
        """
        if self.instructs and self.steps:
            return self.steps
        whole = (self._whole(bullets, longest, most) for bullets in self.digest.lists)
        return next(filter(None, whole), None)

    def take_list(self, draft: Draft, bullets: BulletList, sign: str, worth: int) -> None:
        """Add a list under its lead, with the sentence before the lead where that stands alone.

        "We do three things in order:" is read in a post by people who do not know what for.
        """
        before = self.digest.by_block.get(bullets.block - 1, ())[-2:-1]
        if before and not bullets.headed and before[0].index not in draft.used:
            told = before[0].short
            if before[0].usable and before[0].standalone and len(told) <= _LONGEST_BEFORE:
                draft.used.add(before[0].index)
                bullets = replace(bullets, lead=join(told, bullets.lead))
        draft.add(list_lines(bullets, sign), worth)

    def _whole(self, bullets: BulletList, longest: int, most: int) -> BulletList | None:
        lead = bullets.lead
        if not lead or not 3 <= len(bullets.items) <= most or is_code(lead):
            return None
        # A heading ("Set it up in six steps") is read under the title, not after a sentence.
        alone = opens_alone if bullets.headed else stands_alone
        if not alone(lead, self.digest.lexicon) or word_count(lead) < 3:
            return None
        for items in (bullets.items, bullets.heads) if bullets.ordered else (bullets.items,):
            if all(_is_plain(item, longest, ordered=bullets.ordered) for item in items):
                return replace(bullets, items=items)
        return None


def _is_plain(item: str, longest: int, *, ordered: bool) -> bool:
    code = is_symbols(item) if ordered else is_code(item)
    return 8 <= len(item) <= longest and not code and word_count(item) >= 2


def list_lines(bullets: BulletList, sign: str) -> str:
    """A list under its lead; steps are numbered, so that one may speak of them."""
    if not bullets.ordered:
        return f"{bullets.lead}\n\n{bullet_lines(bullets.items, sign)}"
    lines = [f"{n}. {item.rstrip(' ;,.')}" for n, item in enumerate(bullets.items, 1)]
    return "\n\n".join((bullets.lead, "\n".join(lines)))


def bullet_lines(items: Sequence[str], sign: str) -> str:
    return "\n".join(f"{sign} {item.rstrip(' ;,')}" for item in items)
