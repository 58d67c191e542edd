"""Whether a finished subtitle file says what was spoken, when it was spoken."""

import re
from typing import Final

from igny8_media.captions.cues import LINE, SHORT_WORDS
from igny8_media.narration.segments import width
from igny8_media.video.model import Narration, VideoForm

_TOLERANCE: Final = 0.1
"""Seconds that a cue may come before or after the words it shows."""
_ROUNDING: Final = 0.0015  # SRT has milliseconds
_CUE: Final = re.compile(
    r"\d+\n(\d+):(\d\d):(\d\d),(\d{3}) --> (\d+):(\d\d):(\d\d),(\d{3})\n(.+?)(?:\n\n|\Z)", re.DOTALL
)


def problems(srt: str, narration: Narration, form: VideoForm) -> list[str]:
    """Every problem as a sentence: text, timing, overlap, line length."""
    words = [word for section in narration.sections for word in section.words]
    cues = [_parsed(match) for match in _CUE.finditer(srt.replace("\r\n", "\n"))]
    found = []
    at, last_end = 0, 0.0
    for number, (start, end, text) in enumerate(cues, 1):
        shown = _bare(text)
        first = at
        said = ""
        while at < len(words) and len(said) < len(shown):
            said += _bare(words[at].text)
            at += 1
        if said != shown:
            return [f"Cue {number} shows {text!r}, which was not spoken there."]
        spoken = words[first:at]
        if abs(start - spoken[0].start) > _TOLERANCE + _ROUNDING:
            found.append(f"Cue {number} comes {start - spoken[0].start:+.2f} s off its first word.")
        if end < spoken[-1].start:
            found.append(f"Cue {number} is gone before its last word.")
        if start < last_end - _ROUNDING:
            found.append(f"Cue {number} overlaps the one before.")
        last_end = end
        found += _layout_problems(number, text, len(spoken), form)
    if at < len(words):
        found.append(f"{len(words) - at} spoken words have no caption.")
    return found


def _layout_problems(number: int, text: str, count: int, form: VideoForm) -> list[str]:
    if form is VideoForm.SHORT:
        return [f"Cue {number} has {count} words."] if count > SHORT_WORDS else []
    wide = [line for line in text.split("\n") if width(line) > LINE and " " in line]
    return [f"Cue {number} has a line of {width(line)} columns." for line in wide]


def _parsed(match: re.Match[str]) -> tuple[float, float, str]:
    hours, minutes, seconds, millis, *rest = match.groups()
    start = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(millis) / 1000
    hours, minutes, seconds, millis, text = rest
    end = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(millis) / 1000
    return start, end, text


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
