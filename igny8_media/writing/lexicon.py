"""What we know of a language: how its sentences lean on each other, and a few ready phrases.

Each language is one TOML file in `languages/`; adding a language is adding a file. A language
without a file still works: its sentences are taken as they are, and no phrase is added, because an
English call to action under a Finnish post would be worse than none.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists in lower case, and phrases with their variants.

    `connectives` may be cut from the start of a sentence with the comma that follows them,
    `conjunctions` without one. A sentence that opens with one of `dependents` or `anaphora`, or
    has one of `early` among its first words, cannot stand without the one before it, unless by an
    `impersonal` turn; neither can one in which `dangling` is found ("both", "the same", "the third
    step"). `announcing` promises what comes next ("There are two reasons."). `pointers` speak of
    something else on the page; they are patterns, found as whole words.

    For phrases taken out of sentences: they may not open with `subordinators` or `prepositions`,
    they may open with `determiners`, `subjects` and `numerals`; `auxiliaries` end a noun phrase,
    and `plural` tells that a word ends one that opens with a number. `fillers` are nouns that name
    no subject.
    """

    language: str
    known: bool = False
    connectives: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    dependents: re.Pattern[str] | None = None
    anaphora: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    impersonal: re.Pattern[str] | None = None
    dangling: re.Pattern[str] | None = None
    announcing: re.Pattern[str] | None = None
    subordinators: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    numerals: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    plural: re.Pattern[str] | None = None
    pointers: re.Pattern[str] | None = None
    skip_headings: frozenset[str] = frozenset()
    closing_headings: frozenset[str] = frozenset()
    relatives: tuple[str, ...] = ()
    punch: frozenset[str] = frozenset()
    second_person: frozenset[str] = frozenset()
    first_person: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()
    phrases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def phrase(self, name: str, seed: str = "", **values: str) -> str:
        """One variant of a phrase, always the same for the same seed; empty if there is none."""
        variants = self.phrases.get(name, ())
        if not variants:
            return ""
        return variants[crc32(f"{name}:{seed}".encode()) % len(variants)].format(**values)

    def call(self, name: str, seed: str, link: str | None) -> str:
        """A phrase that sends people to the article, or where nothing can be linked its `_plain`
        sister, which asks, thanks or says to save instead of promising what is not there.
        """
        return self.phrase(name, seed, link=link) if link else self.phrase(f"{name}_plain", seed)


@lru_cache(maxsize=32)
def lexicon(language: str) -> Lexicon:
    """The lexicon of an ISO 639-1 code; an empty one, with `known` false, if we have none."""
    code = language[:2].lower()
    file = resources.files("igny8_media.writing") / "languages" / f"{code}.toml"
    if not re.fullmatch("[a-z]{2}", code) or not file.is_file():
        return Lexicon(language=code)
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    text, phrases = data["text"], data["phrases"]
    return Lexicon(
        language=code,
        known=True,
        connectives=frozenset(text["connectives"]),
        conjunctions=frozenset(text["conjunctions"]),
        dependents=_opening(text["dependents"]),
        anaphora=frozenset(text["anaphora"]),
        early=frozenset(text["early"]),
        impersonal=_either(text["impersonal"]),
        dangling=_either(text["dangling"]),
        announcing=_either(text["announcing"]),
        subordinators=frozenset(text["subordinators"]),
        prepositions=frozenset(text["prepositions"]),
        determiners=frozenset(text["determiners"]),
        subjects=frozenset(text["subjects"]),
        numerals=frozenset(text["numerals"]),
        auxiliaries=frozenset(text["auxiliaries"]),
        plural=re.compile(text["plural"]) if text["plural"] else None,
        pointers=_anywhere(text["pointers"]),
        skip_headings=frozenset(text["skip_headings"]),
        closing_headings=frozenset(text["closing_headings"]),
        relatives=tuple(text["relatives"]),
        punch=frozenset(text["punch"]),
        second_person=frozenset(text["second_person"]),
        first_person=frozenset(text["first_person"]),
        fillers=frozenset(text["fillers"] + text["calendar"]),
        calendar=frozenset(text["calendar"]),
        phrases={name: tuple(variants) for name, variants in phrases.items()},
    )


def _opening(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(phrases)})(?!\w)", re.IGNORECASE)


def _anywhere(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def _alternatives(phrases: list[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase) for phrase in longest_first)


def _either(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
