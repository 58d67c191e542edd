"""What is matched: an article's pictures, and the passages that are spoken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that could be shown: `words` say what is on it (alternative text, caption).

    `at` is its place in the article in words from the start, None where it has none; `chapter`
    the index of the heading it stands under. `together` is how many pictures stand there with no
    word in between: the place of a picture in a gallery says little about it.
    """

    key: str
    words: str = ""
    at: float | None = None
    chapter: int | None = None
    together: int = 1


@dataclass(frozen=True, slots=True)
class Spoken:
    """A passage that could have a picture.

    `where` is the stretch of the article that it tells, in words from the start; None where it
    tells none in particular.
    """

    text: str
    where: tuple[float, float] | None = None
    chapter: int | None = None
