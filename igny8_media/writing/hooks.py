"""First lines: what makes somebody stop."""

from igny8_media.articles.model import Article
from igny8_media.writing.digest import Digest, Sentence
from igny8_media.writing.facts import figures
from igny8_media.writing.judge import announces, is_code, is_prose, stands_alone
from igny8_media.writing.sentences import split

_QUESTION = ("?", "？", "؟")
_OPENING = 6  # sentences: an article without headings is one section, and not all of it opens


def hooks(digest: Digest) -> list[Sentence]:
    """Sentences fit to open with, best first: short, with a figure, a claim or a question."""
    first_block = min(digest.by_block, default=0)
    last = max(digest.by_section, default=0)
    found: list[tuple[float, Sentence]] = []
    for sentence in digest.sentences:
        if not (sentence.usable and sentence.standalone) or len(sentence.short) > 180:
            continue
        if announces(sentence.text, digest.lexicon):
            continue
        question = sentence.short.endswith(_QUESTION)
        at_edge = in_opening(sentence) or sentence.section == last
        if question and not (at_edge and sentence.position == 0):
            continue
        begins = sentence.block == first_block and sentence.position == 0
        # "Four square metres will do." is worth what it leads to: the two open a post together.
        read = digest.by_block[first_block][:2] if begins else (sentence,)
        worth = max(s.score for s in read if s.usable) + 0.15 * question + 0.3 * begins
        worth += 0.12 * in_opening(sentence) - 0.12 * (sentence.section == last)
        worth += 0.15 * any(s.figure and s.figure.strong for s in read)
        # A first line that names nothing of the title ("The cost is two million.") needs the title.
        if sentence.index and not sentence.words & digest.title_words:
            worth -= 0.15
        worth -= 0.2 * min(1.0, max(0.0, (len(sentence.short) - 110) / 50))
        # The second sentence of a paragraph goes on from the first even where no word shows it.
        worth -= 0.2 if sentence.position > 1 else 0.12 * sentence.position
        found.append((worth, sentence))
    return [sentence for _, sentence in sorted(found, key=lambda pair: -pair[0])]


def in_opening(sentence: Sentence) -> bool:
    """Whether the article begins with it, or nearly."""
    return sentence.section == 0 and sentence.index < _OPENING


def description(article: Article, digest: Digest) -> tuple[str, ...]:
    """The sentences of the author's own summary that may open a post.

    Empty if the description was derived from the body, which has better sentences, or holds a
    figure that the body does not.
    """
    if "meta_description" in article.derived or not article.meta_description:
        return ()
    sentences = split(article.meta_description, article.language)
    body = figures(" ".join(sentence.text for sentence in digest.sentences))
    fit: list[str] = []
    for sentence in sentences:
        leans = not fit and not stands_alone(sentence, digest.lexicon)
        if not is_prose(sentence) or is_code(sentence) or leans or figures(sentence) - body:
            break
        fit.append(sentence)
    return tuple(fit)
