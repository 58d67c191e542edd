"""How a brand speaks: what writers with a model are told besides the platform's manners."""

from typing import Annotated

from pydantic import Field

from igny8_media.frozen import Frozen


class Brand(Frozen):
    """`banned_words` stand in no post, in any case; `sample_posts` show the tone by example;
    `language` is an ISO 639-1 code, empty for the article's own."""

    tone: str = Field("", max_length=500)
    audience: str = Field("", max_length=500)
    banned_words: tuple[str, ...] = ()
    sample_posts: tuple[Annotated[str, Field(max_length=3000)], ...] = Field((), max_length=5)
    language: str = Field("", pattern=r"^([a-z]{2})?$")
