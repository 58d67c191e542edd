"""Our ranking against an independent implementation of the published algorithm."""

import warnings
from itertools import pairwise

import numpy as np

from igny8_media.articles.model import Article
from igny8_media.writing.sentences import split
from igny8_media.writing.terms import stop_words, terms
from igny8_media.writing.textrank import rank


def _order(values: list[float]) -> np.ndarray:
    return np.argsort(np.argsort(values)).astype(float)


def test_it_agrees_with_summa(english: Article) -> None:
    with warnings.catch_warnings():
        # summa's stemmers have unescaped regular expressions; Python says so on first compiling.
        warnings.simplefilter("ignore")
        from summa.summarizer import summarize
    body = [b.text for b in english.blocks if b.kind == "paragraph"]
    theirs = {t.strip(): s for t, s in summarize("\n".join(body), ratio=1.0, scores=True)}
    sentences = [s for text in body for s in split(text, "en")]
    ours = rank([terms(s, stop_words("en")) for s in sentences])
    pairs = [(o, theirs[s]) for s, o in zip(sentences, ours, strict=True) if s in theirs]
    assert len(pairs) > 30
    a, b = (_order([pair[n] for pair in pairs]) for n in (0, 1))
    assert float(np.corrcoef(a, b)[0, 1]) > 0.7


def test_the_sentence_that_shares_most_words_comes_first() -> None:
    hub = ["cache", "disk", "page", "picture"]
    ranks = rank([hub, ["cache", "horse"], ["disk", "apple"], ["page", "river"], ["unrelated"]])
    assert max(range(5), key=ranks.__getitem__) == 0
    assert min(range(5), key=ranks.__getitem__) == 4


def test_a_book_is_ranked_in_linear_time() -> None:
    def operations(count: int) -> float:
        import time

        rng = np.random.default_rng(1)
        sentences = [[str(w) for w in rng.integers(0, 3000, 12)] for _ in range(count)]
        start = time.process_time()
        rank(sentences)
        return time.process_time() - start

    times = [min(operations(n) for _ in range(3)) for n in (500, 2000)]
    for small, large in pairwise(times):
        assert large < small * 12  # quadratic would be 16


def test_nothing_and_empty_sentences_are_ranked_without_error() -> None:
    assert rank([]) == []
    assert rank([[], []]) == [1.0, 1.0]
