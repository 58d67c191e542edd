"""Judging a sentence: can it stand alone, can it be read aloud, is it prose at all."""

import re

from igny8_media.writing.lexicon import Lexicon
from igny8_media.writing.sentences import UNSPACED, word_count
from igny8_media.writing.terms import WORD, stop_words

# "Lincoln's has 272 words": what is his was named in the sentence before.
_POSSESSIVE_ALONE = re.compile(
    r"\b(?!(?:he|she|it|that|there|here|what|who|where|when|how|this|let)\b)[^\W\d_]+"
    r"(?:['’]s|s['’]) (?:has|have|is|are|was|were|did|does|will|would|can|could)\b",
    re.IGNORECASE,
)
_EARLY = 5
_OPENING_WORDS = 8
_END = re.compile(r"[.!?…。！？؟।۔]['\"”’»“)\]）」』]*$")
_CODE = re.compile(
    r"[\[\]{}<>|\\^~`=$]|\w\(\d?\)|(?:^|\s)[-—]{1,2}[a-z]\w*|(?:^|\s|\()[~.]{0,2}/\w+/|\w_\w|\w::\w|::"
    r"|(?:^|\s)\.\w{2,}\b|\b(?:pip|npm|apt|apt-get|brew|docker|git|cargo|conda|uv) "
    r"(?:install|run|add|clone|pull|update|upgrade|build|commit|push)\b"
)
# Code that is no words even to whoever reads "sudo apt install restic" aloud.
_SYMBOLS = re.compile(r"[\[\]{}<>|\\^~`=$]|::|\w_\w|\w\(\d?\)")
_MONEY = re.compile(r"\$\s?\d|\d\s?\$")
_URL = re.compile(r"https?://|www\.\w|\w@\w+\.\w|\b\w+\.(?:com|org|net|io|dev)\b/?")
# "Table 3.1", in the languages we have phrases for and those close to them.
_NUMBERED = re.compile(
    r"\b(?:tab(?:le|la|elle|leau|ella|ela|el)|fig(?:ure|ura|uur)?|abbildung|afbeelding|section|"
    r"sección|abschnitt|sezione|seção|paragraaf|chapter|capítulo|kapitel|chapitre|capitolo|"
    r"hoofdstuk|listing|example|ejemplo|beispiel|exemple|esempio|exemplo|voorbeeld)\.?\s\d",
    re.IGNORECASE,
)
# "Why step two protects you": a step that only the page has. "Step 2: ..." begins one.
_STEP = re.compile(
    r"(?<=[\w,;] )(?:steps?|schritte?|étapes?|pasos?|passi?|passos?|stap(?:pen)?) (?:\d|one|two|"
    r"three|four|five|six|eins|zwei|drei|vier|fünf|deux|trois|quatre|cinq|uno|dos|tres|cuatro|due|tre|"
    r"quattro|um|dois|três|een|twee|drie)\b",
    re.IGNORECASE,
)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"), ("「", "」"), ("（", "）"))


def is_prose(sentence: str, least: int = 4) -> bool:
    """A whole sentence of sensible length: it ends, it opens with a capital, its pairs close.

    `least` is in words; among its neighbours a sentence may be shorter than alone.
    """
    words = word_count(sentence)
    if not least <= words <= 60 or not _END.search(sentence) or sentence[0].islower():
        return False
    # German and Polish close quotes with the mark that English opens them with.
    paired = sentence.replace("„", "").replace("“", "") if "„" in sentence else sentence
    if any(paired.count(left) != paired.count(right) for left, right in _PAIRS):
        return False
    if sentence.count('"') % 2:
        return False
    if _is_title_case(sentence):
        return False
    letters = sum(c.isalpha() for c in sentence)
    return letters > 0.6 * len(sentence.replace(" ", ""))


def _is_title_case(sentence: str) -> bool:
    """A citation or a heading that lost its place: hardly a word begins small."""
    words = [word for word in WORD.findall(sentence) if word[0].isalpha()]
    cased = [word for word in words if word[0].lower() != word[0].upper()]
    small = sum(word[0].islower() for word in cased)
    return len(cased) >= 5 and small < 0.25 * len(cased)


def is_code(sentence: str) -> bool:
    """Whether it holds code, paths or options, which read badly outside the article."""
    return bool(_CODE.search(_MONEY.sub("0", sentence)) or _URL.search(sentence))


def is_symbols(text: str) -> bool:
    """Whether it holds code that cannot be read as words, as a plain command can, or an address."""
    return bool(_SYMBOLS.search(_MONEY.sub("0", text)) or _URL.search(text))


def is_foreign(sentence: str, language: str) -> bool:
    """Whether it is in English though the article is not, as in half-translated manuals."""
    own, english = stop_words(language), stop_words("en")
    if language.startswith("en") or not own:
        return False
    words = [word.lower() for word in WORD.findall(sentence)]
    return _is_english(words, own, english) or _is_english(words[:_OPENING_WORDS], own, english)


def _is_english(words: list[str], own: frozenset[str], english: frozenset[str]) -> bool:
    theirs = sum(word in english and word not in own for word in words)
    return theirs >= 2 and theirs > 1.5 * sum(word in own for word in words)


def stands_alone(sentence: str, lexicon: Lexicon) -> bool:
    """Whether it is understood without the sentence before it and the page around it."""
    if not opens_alone(sentence, lexicon) or points_elsewhere(sentence, lexicon):
        return False
    if UNSPACED.match(sentence):
        return True
    start = _start(sentence, lexicon)
    if (lexicon.dangling and lexicon.dangling.search(start)) or lacks_noun(start, lexicon):
        return False
    return not any(word in lexicon.early for word in _words(start)[:_EARLY])


def lacks_noun(text: str, lexicon: Lexicon) -> bool:
    """Whether somebody's something is spoken of, and what it is was said before."""
    return lexicon.language == "en" and bool(_POSSESSIVE_ALONE.search(text))


def opens_alone(sentence: str, lexicon: Lexicon) -> bool:
    """Whether it does not begin as one that goes on from another ("This", "As a result")."""
    start = _start(sentence, lexicon)
    if lexicon.dependents and lexicon.dependents.match(start):
        return False
    word = _words(start)[0]
    return re.split("['’]", word)[0] not in lexicon.anaphora and word not in lexicon.anaphora


def _start(sentence: str, lexicon: Lexicon) -> str:
    """The sentence without opening quotes and turns such as "It is wise to"."""
    start = sentence.lstrip("\"'“«„¿¡(")
    if lexicon.dependents and lexicon.dependents.match(start):
        return start
    return lexicon.impersonal.sub("", start) if lexicon.impersonal else start


def _words(start: str) -> list[str]:
    return [word.strip("\"'“”«»„¿¡(),:;—–").lower() for word in start.split(" ")]


def points_elsewhere(sentence: str, lexicon: Lexicon) -> bool:
    """Whether it speaks of a figure, a section or the lines below."""
    if _NUMBERED.search(sentence) or _STEP.search(sentence):
        return True
    return bool(lexicon.pointers and lexicon.pointers.search(sentence))


def announces(sentence: str, lexicon: Lexicon) -> bool:
    """Whether it promises what only the sentences after it say ("There are two reasons.")."""
    return bool(lexicon.announcing and lexicon.announcing.search(sentence))
