"""What an article is about, in its own words."""

import re

import yake

from igny8_media.articles.model import Article
from igny8_media.writing.sentences import UNSPACED, clean
from igny8_media.writing.terms import stop_words

_MAX_CHARACTERS = 60_000
_PLAIN = re.compile(r"[^\W\d_][\w'’.+#-]*(?: [^\W_][\w'’.+#-]*)*")


def keywords(article: Article) -> tuple[str, ...]:
    """The author's own keywords; guesses made from the body are left to `key_phrases`."""
    if "target_keywords" in article.derived:
        return ()
    return tuple(filter(None, map(clean, article.target_keywords)))


def key_phrases(text: str, language: str, count: int = 25) -> tuple[str, ...]:
    """The key phrases of one to three words, best first, as they stand in the text.

    Statistical (YAKE), so it needs stop words and spaces: a language without either gives none.
    Very long texts are judged by their first 60,000 characters.
    """
    stop = stop_words(language)
    sample = text[:_MAX_CHARACTERS]
    if not stop or len(UNSPACED.findall(sample)) > len(sample) / 10:
        return ()
    extractor = yake.KeywordExtractor(
        lan=language[:2], n=3, dedup_lim=0.85, top=count * 2, stopwords=set(stop)
    )
    idle = stop | stop_words("en")
    lowered = sample.lower()
    found: list[str] = []
    for phrase, _ in extractor.extract_keywords(sample):
        words = phrase.lower().split()
        if words[0] in idle or words[-1] in idle:
            continue
        frequent = lowered.count(phrase.lower()) >= 2 or len(sample) < 1500
        if frequent and _PLAIN.fullmatch(phrase) and phrase.lower() in lowered:
            found.append(phrase)
    return tuple(found[:count])
