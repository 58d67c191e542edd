"""Signs that nobody sees, and that platforms, databases or terminals take amiss, in a post."""

import re
from collections.abc import Iterator
from typing import Final

from igny8_media.publishing.model import Outgoing

UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line feed, halves of a sign, and what is no sign at all."""


def of_words(post: Outgoing) -> Iterator[str]:
    """A sentence for each field with such signs."""
    if UNSEEN.search(post.text):
        yield "The text has control characters; remove them."
    yield from of_other_words(post)


def of_other_words(post: Outgoing) -> Iterator[str]:
    """The same for all but the text and a thread's parts."""
    fields = [("title", post.title), ("language", post.language)]
    if post.link is not None:
        link = post.link
        fields += [("link", link.url), ("link's title", link.title)]
        fields += [("link's description", link.description)]
    if post.poll is not None:
        fields += [("poll's question", post.poll.question)]
        fields += [("poll's answers", "".join(post.poll.options))]
    fields += [("tags", "".join(post.options.tags))]
    fields += [(f"alternative text of {file.name}", file.alt_text) for file in post.media]
    fields += [(f"name of the captions {track.file.name}", track.name) for track in post.captions]
    for name, words in fields:
        if UNSEEN.search(words):
            yield f"The {name} has control characters; remove them."
