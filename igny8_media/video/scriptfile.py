"""A video script that a person wrote, as a JSON file: forgiving in what it may leave out, exact in
what it says about the rest.

Only what is said is required. Everything else has a default, worked out from what is there.
"""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from igny8_media.ai.voices import words_per_minute
from igny8_media.articles.derive import language_of
from igny8_media.articles.text import clean_code, clean_text, has_words, shorten
from igny8_media.errors import InputError, OutsideError
from igny8_media.video.model import CodeBlock, Section, VideoScript, VisualCue
from igny8_media.video.scriptschema import WrittenScript, WrittenSection, validated

CLIP_SUFFIXES: Final = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".ts"})
_MAX_BYTES: Final = 2_000_000
"""Fifteen minutes of speech are 15 kB of text; a script of this size is some other file."""
_TITLE: Final = 100
_PERCENTAGE: Final = re.compile(r"^\W{0,2}\d[\d.,]*\s?[%‰]|^[$€£¥]\s?\d|^\d[\d.,]*\s?[$€£¥]")


def read_script(path: Path) -> VideoScript:
    """The script in a JSON file, with everything it leaves out filled in.

    Pictures stay as they are written: paths from the file's folder on, or addresses. Raises
    InputError with one sentence that names the section and the field, OutsideError where the disk
    refuses.
    """
    return parse_script(_text_of(path), path.name)


def parse_script(text: str, name: str) -> VideoScript:
    """The script in a JSON text that people know as `name`. Raises InputError as `read_script`."""
    written = validated(_parsed(text, name), name)
    _check(written, name)
    notes = list(written.notes)
    language = _language(written, name, notes)
    sections = tuple(_sections(written.sections, language, notes))
    title = clean_text(written.title) or _title(sections[0])
    return VideoScript(
        title=title,
        description=clean_text(written.description),
        tags=tuple(filter(None, map(clean_text, written.tags))),
        sections=sections,
        total_duration_estimate=round(sum(s.duration_estimate for s in sections), 2),
        chapter_markers=written.chapter_markers,
        language=language,
        writer=written.writer,
        notes=tuple(notes),
    )


def _text_of(path: Path) -> str:
    name = path.name
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder; name the script's JSON file.")
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no script at {path}; check the path.") from None
    except PermissionError:
        raise InputError(f"{name} may not be read; check its permissions.") from None
    except OSError as error:
        raise OutsideError(f"{name} cannot be read: {error.strerror or error}.") from error
    if not data.strip():
        raise InputError(f'{name} is empty; write {{"sections": [{{"narration": "..."}}]}}.')
    if len(data) > _MAX_BYTES:
        raise InputError(f"{name} is larger than {_MAX_BYTES // 10**6} MB: that is no script.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name} is not UTF-8 text (line {line}); save it as UTF-8.") from None


def _parsed(text: str, name: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise InputError(f"{name} gives the field {key!r} twice in one place; keep one.")
            found[key] = value
        # null means what leaving the field out means.
        return {key: value for key, value in found.items() if value is not None}

    def number(word: str) -> float:
        raise InputError(f"{name} holds {word}, which is no JSON number; write a number.")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=number)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not valid JSON: line {error.lineno}, column {error.colno}: "
            f"{error.msg[:1].lower()}{error.msg[1:]}; a comma or quotation mark is missing or one "
            "too many there or just before."
        ) from None
    except RecursionError:
        raise InputError(f"{name} is nested too deeply to be a script.") from None
    except ValueError as error:  # a number of more digits than Python converts
        raise InputError(f"{name} is not valid JSON: {error}.") from None


def _check(script: WrittenScript, name: str) -> None:
    """What a schema cannot say. Raises InputError."""
    ids: dict[str, int] = {}
    for number, section in enumerate(script.sections, start=1):
        said = clean_text(section.narration)
        if not said:
            raise InputError(
                f"{name}: section {number}, field narration: it is empty; write what is said, or "
                "take the section out."
            )
        if not has_words(said):
            raise InputError(
                f"{name}: section {number}, field narration: {said[:20]!r} cannot be said; write "
                "words."
            )
        own = clean_text(section.section_id or "")
        if own and own in ids:
            raise InputError(
                f"{name}: sections {ids[own]} and {number} both have the section_id {own!r}; give "
                "each its own, or none."
            )
        ids[own] = number
    times = [marker.time for marker in script.chapter_markers]
    if any(b <= a for a, b in pairwise(times)):
        raise InputError(f"{name}: chapter_markers must ascend in time, and no two may coincide.")


def _language(script: WrittenScript, name: str, notes: list[str]) -> str:
    if script.language:
        code = re.fullmatch(r"([A-Za-z]{2})([-_]\w+)*", script.language.strip())
        if code is None:
            raise InputError(
                f'{name}: field language: {script.language[:40]!r} is not a code like "en", "de" '
                'or "zh".'
            )
        return code[1].lower()
    found = language_of(" ".join(section.narration for section in script.sections))
    if found is None:
        notes.append(
            "The script does not name its language and is too short to tell: it is read as "
            'English. Say it with "language": "en".'
        )
    return found or "en"


def _sections(
    written: Sequence[WrittenSection], language: str, notes: list[str]
) -> Iterable[Section]:
    taken = {clean_text(section.section_id or "") for section in written}
    pace = words_per_minute(language)
    for number, section in enumerate(written, start=1):
        narration = clean_text(section.narration)
        own = clean_text(section.section_id or "") or f"s{number}"
        while not section.section_id and own in taken:
            own += "-own"
        code = section.code_block and CodeBlock(
            text=clean_code(section.code_block.text), language=section.code_block.language
        )
        kept = section.model_copy(
            update={
                "text_overlay": clean_text(section.text_overlay),
                "items": tuple(filter(has_words, map(clean_text, section.items))),
                "code_block": code if code and code.text.strip() else None,
                "image": "".join(filter(str.isprintable, section.image or "")).strip() or None,
            }
        )
        yield Section(
            section_id=own,
            type=section.type or _type(number, len(written)),
            narration=narration,
            visual_cue=_given_cue(kept, own, notes) or _cue(kept, number == 1),
            text_overlay=kept.text_overlay,
            items=kept.items,
            code_block=kept.code_block,
            image=kept.image,
            duration_estimate=section.duration_estimate
            or round(max(1.0, _spoken(narration) * 60 / pace), 2),
        )


def _spoken(text: str) -> float:
    """Words that a voice needs, roughly: scripts without spaces take two characters for one."""
    solid = sum("\u3040" <= c <= "\u9fff" or "\u0e00" <= c <= "\u0eff" for c in text)
    return max(1.0, len(text.split()) + solid / 2)


def _type(number: int, count: int) -> Literal["hook", "point", "outro"]:
    if number == 1:
        return "hook"
    return "outro" if number == count and count > 2 else "point"


def _given_cue(section: WrittenSection, name: str, notes: list[str]) -> VisualCue | None:
    """The cue that is written, unless a picture is called a clip or a clip a picture."""
    cue = section.visual_cue
    if section.image and cue in ("image", "stock_video"):
        right: VisualCue = "stock_video" if is_clip(section.image) else "image"
        if cue != right:
            notes.append(f"Section {name} shows {section.image} as {right}, which it is.")
        return right
    return cue


def _cue(section: WrittenSection, opens: bool) -> VisualCue:
    """What a section wants to show, by what it brings."""
    if section.code_block:
        return "code_snippet"
    if section.items:
        return "list"
    if section.image:
        return "stock_video" if is_clip(section.image) else "image"
    if _PERCENTAGE.search(section.text_overlay):
        return "statistic"
    return "title_card" if opens and section.text_overlay else "animated_text"


def is_clip(reference: str) -> bool:
    """Whether a path or address names a moving picture, by its suffix."""
    remote = reference.startswith(("http://", "https://"))
    path = urlsplit(reference).path if remote else reference
    return PurePosixPath(path.replace("\\", "/")).suffix.lower() in CLIP_SUFFIXES


def _title(first: Section) -> str:
    if first.text_overlay:
        return shorten(first.text_overlay, _TITLE)
    sentence = re.match(r".+?(?:[.!?…](?=\s|$)|[。！？])", first.narration)
    return shorten((sentence[0] if sentence else first.narration).rstrip(".。"), _TITLE)
