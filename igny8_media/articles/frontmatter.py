"""Front matter: YAML between `---` lines, or TOML between `+++` lines, at the head of a file."""

import re
import tomllib

import yaml

from igny8_media.articles.metadata import Metadata, metadata_from_mapping
from igny8_media.errors import InputError

MAX_FRONT_MATTER = 64_000
_MAX_BRACKETS = 500
_REMEDY = "correct it, or remove it"


def split_front_matter(text: str, where: str) -> tuple[Metadata, str]:
    """The front matter, and the text after it.

    A first line of `---` followed by a blank line is a ruler of the text, not front matter.
    Raises InputError, with the line, when front matter is there and cannot be read.
    """
    text = text.lstrip("\ufeff")
    first, _, rest = text.partition("\n")
    fence = first.rstrip()
    if fence not in {"---", "+++"} or not rest.split("\n", 1)[0].strip():
        return Metadata(), text
    end = re.search(
        r"^(?:---|\.\.\.)[ \t\r]*$" if fence == "---" else r"^\+\+\+[ \t\r]*$", rest, re.M
    )
    if end is None:
        if not re.match(r"[\w-]+\s*[:=]", rest):
            return Metadata(), text
        raise InputError(
            f"The front matter of {where} starts on line 1 and never ends; close it with a line "
            f"of {fence}."
        )
    head = rest[: end.start()]
    if len(head) > MAX_FRONT_MATTER:
        raise InputError(
            f"The front matter of {where} has {len(head):,} characters; at most "
            f"{MAX_FRONT_MATTER:,} are read, so move the text below it."
        )
    values = _yaml(head, where) if fence == "---" else _toml(head, where)
    return metadata_from_mapping(values), rest[end.end() :].lstrip("\n")


def _yaml(head: str, where: str) -> dict[str, object]:
    if head.count("[") + head.count("{") > _MAX_BRACKETS:
        # The reader's time grows with the square of open brackets.
        raise InputError(
            f"The front matter of {where} (from line 2) is not YAML that an article needs: it has "
            f"more than {_MAX_BRACKETS} brackets; {_REMEDY}."
        )
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", head)
    try:
        values = yaml.safe_load(clean)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # The first line of the file is the fence, and YAML counts from zero.
        line = mark.line + 2 if mark else 1
        problem = error.problem or "cannot be read"
        raise InputError(
            f"The front matter of {where} is not YAML: {problem} (line {line}); {_REMEDY}."
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(
            f"The front matter of {where} is not YAML (lines 2 to {head.count(chr(10)) + 1}): "
            f"{problem[:120]}; {_REMEDY}."
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InputError(
            f"The front matter of {where} (line 2) is not a list of `name: value` lines; {_REMEDY}."
        )
    return {str(key): value for key, value in values.items()}


def _toml(head: str, where: str) -> dict[str, object]:
    try:
        return tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            f"The front matter of {where} is not TOML: {str(error)[:120]} (counted from line 2); "
            f"{_REMEDY}."
        ) from None
