"""Caption files as people have them: SRT, VTT and ASS read into cues."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Final

import pysubs2

from igny8_media.errors import InputError, OutsideError

SUFFIXES: Final = (".srt", ".vtt", ".ass")
_MAX_BYTES: Final = 5_000_000
_ASS_MARKS: Final = re.compile(r"\{[^}]*\}")
_DRAWING: Final = re.compile(r"\{[^}]*\\p[1-9]")
_INVISIBLE: Final = re.compile("[\u200e\u200f\u2060\u2066-\u2069]")
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOGETHER: Final = 0.03
"""Seconds, about a frame, within which captions change at the same time."""
_TAGS: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class CaptionCue:
    """Seconds from the start of the video, and what is shown, in one line."""

    start: float
    end: float
    text: str


def read_captions(path: Path) -> tuple[CaptionCue, ...]:
    """The cues of a caption file in order of time.

    Lines of an ASS file that show the same words one after the other (the word that is said
    lights up) are one cue. Raises InputError for a file without cues.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no caption file at {path}; check the path.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name an SRT, VTT or ASS file.") from None
    except OSError as error:
        raise OutsideError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from None
    if len(data) > _MAX_BYTES:
        raise InputError(f"{path.name} is larger than {_MAX_BYTES // 10**6} MB: no caption file.")
    cues = _ass(text, path.name) if path.suffix.lower() == ".ass" else _plain(text)
    if not cues:
        raise InputError(f"{path.name} holds no captions: give an SRT, VTT or ASS file.")
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def _plain(text: str) -> list[CaptionCue]:
    """SRT and WebVTT, whose text is not marked up as in ASS: braces are braces."""
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    cues = []
    for event in pysubs2.SSAFile.from_string(text, kind, keep_html_tags=True):
        # What follows an empty line is the next cue's name, or a comment.
        shown = _TAGS.sub("", event.text.split(r"\N\N")[0].replace(r"\N", " "))
        shown = " ".join((unescape(shown) if kind == "vtt" else shown).split())
        if shown:
            cues.append(CaptionCue(event.start / 1000, event.end / 1000, shown))
    return cues


def _ass(text: str, name: str) -> list[CaptionCue]:
    """The rows that are shown, those that stand together as one cue; drawings are no text."""
    try:
        events = pysubs2.SSAFile.from_string(text, "ass").events
    except (pysubs2.Pysubs2Error, ValueError) as error:
        raise InputError(f"{name} is no ASS file that can be read ({error}).") from error
    rows: list[CaptionCue] = []
    for event in events:
        start, end, shown = event.start / 1000, event.end / 1000, _shown(event.text)
        if event.is_comment or not shown or _DRAWING.search(event.text):
            continue
        if rows and rows[-1].text == shown and start - rows[-1].end < _TOGETHER:
            rows[-1] = CaptionCue(rows[-1].start, max(end, rows[-1].end), shown)
        else:
            rows.append(CaptionCue(start, end, shown))
    cues: list[CaptionCue] = []
    for row in sorted(rows, key=lambda row: row.start):
        last = cues[-1] if cues else None
        if last is None or row.start - last.start > _TOGETHER:
            cues.append(row)
        elif row.text not in last.text:  # outlines and shadows repeat it
            cues[-1] = CaptionCue(last.start, max(last.end, row.end), f"{last.text} {row.text}")
    return cues


def _shown(marked: str) -> str:
    """An event's text without its commands, line breaks and invisible characters."""
    braces = marked.replace("\\{", _OPEN).replace("\\}", _CLOSE)
    plain = re.sub(r"\\[Nnh]", " ", _ASS_MARKS.sub("", braces))
    plain = plain.replace(_OPEN, "{").replace(_CLOSE, "}")
    return " ".join(_INVISIBLE.sub("", plain).split())


def cue_problems(cues: tuple[CaptionCue, ...], duration: float) -> list[str]:
    """What is wrong with the cues in a video of that many seconds, as sentences."""
    found = [
        f"Caption {number} ends before it starts."
        for number, cue in enumerate(cues, start=1)
        if cue.end <= cue.start
    ]
    found += [
        f"Caption {number} starts before the one before it ends."
        for number, (before, after) in enumerate(pairwise(cues), start=2)
        if after.start < before.end - 0.002
    ]
    if cues[-1].end > duration + 0.1:
        found.append(
            f"The captions go on to {cues[-1].end:.1f} s, the video ends at {duration:.1f} s."
        )
    return found


def wording_problem(cues: tuple[CaptionCue, ...], narration: str) -> str | None:
    """Where captions first say something else than the script, as a sentence."""
    wanted = _bare(narration)
    at = 0
    for number, cue in enumerate(cues, start=1):
        shown = _bare(cue.text)
        if wanted[at : at + len(shown)] != shown:
            return f"Caption {number} shows {cue.text!r}, which the script does not say there."
        at += len(shown)
    return "The captions end before the script does." if at < len(wanted) else None


def _bare(text: str) -> str:
    """The letters and digits alone: captions leave out emoji, and set marks their own way."""
    return "".join(character for character in text.casefold() if character.isalnum())
