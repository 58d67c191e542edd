"""What a script file may hold, and one clear sentence for what it may not."""

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.video.model import ChapterMarker, CodeBlock, VisualCue

BY_HAND: Final = "by hand"

# What people write when they mean one of our fields.
_MEANT: Final = {
    "text": "narration", "script": "narration", "voiceover": "narration", "say": "narration",
    "speech": "narration", "words": "narration", "voice": "narration", "content": "narration",
    "picture": "image", "photo": "image", "video": "image", "clip": "image", "file": "image",
    "media": "image", "src": "image", "overlay": "text_overlay", "caption": "text_overlay",
    "heading": "text_overlay", "headline": "text_overlay", "bullets": "items", "list": "items",
    "points": "items", "code": "code_block", "snippet": "code_block", "cue": "visual_cue",
    "visual": "visual_cue", "kind": "visual_cue", "id": "section_id", "name": "section_id",
    "lang": "language", "locale": "language", "keywords": "tags", "hashtags": "tags",
    "scenes": "sections", "parts": "sections", "segments": "sections", "slides": "sections",
    "chapters": "chapter_markers",
}  # fmt: skip
_TIMES: Final = frozenset({"start", "end", "begin", "time", "duration", "length", "seconds"})


class WrittenSection(Frozen):
    narration: str
    section_id: str | None = None
    type: Literal["hook", "intro", "point", "outro"] | None = None
    visual_cue: VisualCue | None = None
    text_overlay: str = ""
    items: tuple[str, ...] = ()
    code_block: CodeBlock | None = None
    image: str | None = None
    duration_estimate: float | None = Field(None, gt=0)


class WrittenScript(Frozen):
    sections: tuple[WrittenSection, ...] = Field(min_length=1)
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    # Of scripts that were written from an article and are now edited by hand.
    total_duration_estimate: float | None = None
    chapter_markers: tuple[ChapterMarker, ...] = ()
    writer: str = BY_HAND
    notes: tuple[str, ...] = ()


def validated(data: Any, name: str) -> WrittenScript:
    if isinstance(data, list):
        data = {"sections": data}
    if isinstance(data, dict) and isinstance(data.get("tags"), str):
        data = {**data, "tags": [tag.strip() for tag in data["tags"].split(",")]}
    if isinstance(data, dict) and isinstance(data.get("sections"), list):
        data = {**data, "sections": [_shaped(section) for section in data["sections"]]}
    try:
        return WrittenScript.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{name}: {_sentence(error.errors(include_url=False))}") from None


def _shaped(section: Any) -> Any:
    """A section that is only a text is what is said; code may be only a text, too."""
    if isinstance(section, str):
        return {"narration": section}
    if not isinstance(section, dict):
        return section
    shaped = dict(section)
    if isinstance(section.get("code_block"), str):
        shaped["code_block"] = {"text": section["code_block"]}
    for name in ("type", "visual_cue"):
        if isinstance(section.get(name), str):
            shaped[name] = _plain(section[name])
    return shaped


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _sentence(errors: Sequence[ErrorDetails]) -> str:
    """The most telling error as one sentence: a misspelt field explains a missing one."""
    error = min(errors, key=lambda found: found["type"] != "extra_forbidden")
    place, field = _place(error["loc"])
    head = f"{place}, field {field}: " if field and place else f"{place or f'field {field}'}: "
    given = error["input"]
    match error["type"]:
        case "extra_forbidden":
            *above, own = field.split(", ")
            where = ", ".join(filter(None, (place, *above))) or "the script"
            return f"{where} has an unknown field {own!r}{_instead(error['loc'])}"
        case "missing":
            if field == "sections":
                return 'it has no sections; write {"sections": [{"narration": "..."}]}.'
            return f"{place} has no {field}; write what is {_WHAT.get(field, 'meant')}."
        case "literal_error":
            known = re.findall(r"'(\w+)'", error["ctx"]["expected"])
            near = difflib.get_close_matches(str(given), known, 1)
            meant = f'; did you mean "{near[0]}"?' if near else "."
            return f"{head}{_shown(given)} is not one of {', '.join(known)}{meant}"
        case "string_type":
            return f"{head}it must be a text in quotation marks, not {_kind(given)}."
        case "tuple_type":
            return f"{head}it must be a list in square brackets, not {_kind(given)}."
        case "too_short":
            return "sections is empty; write at least one section with a narration."
        case "model_type":
            what = '{"text": "..."}' if field == "code_block" else '{"narration": "..."}'
            what = what if place or field else '{"sections": [{"narration": "..."}]}'
            return f"{head if place or field else ''}it must be {what}, not {_kind(given)}."
        case "float_type" | "float_parsing" | "greater_than" | "greater_than_equal":
            return f"{head}it must be a number of seconds, not {_shown(given)}."
    return f"{head}{error['msg'][:1].lower()}{error['msg'][1:]}."


_WHAT: Final = {"narration": "said in it", "text": "shown", "title": "shown", "time": "its second"}


def _place(loc: tuple[int | str, ...]) -> tuple[str, str]:
    """("section 3", "items, entry 2") of an error's location."""
    rest = list(loc)
    place = ""
    if len(rest) > 1 and rest[0] == "sections":
        place = f"section {int(rest[1]) + 1}"
        rest = rest[2:]
    parts = [f"entry {part + 1}" if isinstance(part, int) else str(part) for part in rest]
    return place, ", ".join(parts)


def _instead(loc: tuple[int | str, ...]) -> str:
    model: type[Frozen] = WrittenSection if loc[0] == "sections" else WrittenScript
    if "code_block" in loc:
        model = CodeBlock
    elif "chapter_markers" in loc:
        model = ChapterMarker
    known = list(model.model_fields)
    own = _plain(str(loc[-1]))
    near = [_MEANT[own]] if _MEANT.get(own) in known else difflib.get_close_matches(own, known, 1)
    if near:
        return f'; did you mean "{near[0]}"?'
    if model is WrittenSection and own.split("_")[0] in _TIMES:
        return "; sections follow one another and last as long as their speech."
    return f"; known are {', '.join(known)}."


def _kind(value: object) -> str:
    kinds = (
        (type(None), "null"),
        (bool, "true or false"),
        (int | float, "a number"),
        (str, "a text"),
        (list, "a list"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "an object in braces")


def _shown(value: object) -> str:
    if isinstance(value, str | int | float):
        text = json.dumps(value, ensure_ascii=False)[:60]
        return text.encode("utf-8", "backslashreplace").decode()
    return _kind(value)
