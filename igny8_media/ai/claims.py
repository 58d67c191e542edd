"""What a provider says of its own work, as far as that can be believed: it goes into bills."""

from typing import Any, Final

from igny8_media.ai.text import TextRequest, Usage

_AROUND: Final = 8000
"""Tokens of the schema and of a model's own frame around what is asked, at most."""
_LONGEST_NAME: Final = 200
"""Characters; paths of files are among the names that servers of one's own give."""


def believed(told: Usage, request: TextRequest[Any]) -> Usage:
    """No more than can have been used, and never less than nothing.

    People are charged by it, and some servers count wrongly. No tokenizer makes more tokens than
    there are bytes, and no answer is longer than what was asked for.
    """
    most = len((request.system + request.prompt).encode()) + _AROUND
    return Usage(
        input_tokens=min(max(told.input_tokens, 0), most),
        output_tokens=min(max(told.output_tokens, 0), request.max_tokens),
    )


def named(told: str) -> str:
    """A model's name on one line and of a length that ledgers, notes and databases take."""
    return "".join(c for c in told if c.isprintable())[:_LONGEST_NAME]
