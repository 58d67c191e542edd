"""`igny8-media video inspect`: what a video file is, and what is wrong with it."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from igny8_media.command.video_captions import (
    SUFFIXES,
    CaptionCue,
    cue_problems,
    read_captions,
    wording_problem,
)
from igny8_media.command.video_timing import CaptionTiming, caption_timing
from igny8_media.errors import InputError
from igny8_media.video.container import is_mp4
from igny8_media.video.inspect import Expectation, Inspection, Stretch, inspect
from igny8_media.video.model import VideoScript
from igny8_media.video.presets import PRESETS
from igny8_media.video.scriptfile import read_script


def video_inspect(
    file: Path,
    *,
    script: Path | None,
    captions: Path | None,
    preset: str | None,
    as_json: bool,
) -> int:
    """Print what was measured; returns 1 when something is off.

    Raises InputError (exit status 2) for a file that cannot be inspected.
    """
    if captions is not None and captions.suffix.lower() not in SUFFIXES:
        raise InputError(f"--captions {captions} must end in .srt, .vtt or .ass.")
    expected = Expectation()
    if preset is not None:
        place = PRESETS[preset]
        expected = Expectation(
            size=place.composition.size,
            lasts=(place.min_duration, place.max_duration),
            max_bytes=place.max_bytes,
        )
    written = read_script(script) if script else None
    captions = captions or (_beside(file) if written else None)
    cues = read_captions(captions) if captions else None
    found = inspect(file, expected=expected)
    timing, more = _captions(file, found, cues, written)
    problems = [*found.problems, *more]
    if as_json:
        document = {
            **found.model_dump(mode="json"),
            "ok": not problems,
            "preset": preset,
            "captions": timing and {"file": str(captions), **timing.model_dump(mode="json")},
            "problems": problems,
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        _show(found, timing, written, problems, preset)
    return 1 if problems else 0


def _beside(file: Path) -> Path | None:
    """The caption file that lies beside the video under the same name."""
    near = (file.with_suffix(suffix) for suffix in SUFFIXES)
    return next((path for path in near if path.is_file()), None)


def _captions(
    file: Path,
    found: Inspection,
    cues: tuple[CaptionCue, ...] | None,
    script: VideoScript | None,
) -> tuple[CaptionTiming | None, list[str]]:
    if cues is None:
        return None, []
    problems = cue_problems(cues, found.duration)
    if script is not None:
        said = " ".join(section.narration for section in script.sections)
        differs = wording_problem(cues, said)
        problems += [differs] if differs else []
    if not found.streams.has_audio:
        return CaptionTiming(captions=len(cues), why_not="there is no sound"), problems
    timing = caption_timing(file, cues, script.language if script else None)
    return timing, problems + timing.problems


def _show(
    found: Inspection,
    timing: CaptionTiming | None,
    script: VideoScript | None,
    problems: list[str],
    preset: str | None,
) -> None:
    console = Console(highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    s = found.streams
    size = f"{s.size[0]}×{s.size[1]}"
    colours = "bt709, tv range" if s.colour == ("bt709",) * 3 + ("tv",) else ", ".join(s.colour)
    rows = [
        ("file", f"{found.path}, {found.bytes / 1e6:.2f} MB, {_container(s.container)}"),
        ("duration", f"{found.duration:.2f} s, {s.frames} frames"),
        ("picture", ", ".join((*filter(None, (s.video_codec, s.profile, s.pixel_format)), size))),
        ("colour", colours),
        ("rate", f"{s.fps:.4g} frames/s, {'constant' if s.constant_rate else 'variable'}"),
        ("keyframes", f"at most {s.longest_gop} frames apart"),
        ("sound", _sound_of(found)),
        ("loudness", _loudness_of(found)),
        ("offset", f"sound starts {found.offset * 1000:+.0f} ms off the picture"),
        ("black", _stretches(found.black)),
        ("frozen", _stretches(found.frozen)),
        ("silent", _stretches(found.silent)),
        ("index first", {True: "yes", False: "no", None: "not in this container"}[found.faststart]),
        ("edit list", "yes" if s.edit_lists else "no"),
    ]
    if preset is not None:
        allowed = PRESETS[preset].max_bytes
        rows.append(("limit", f"{found.bytes / allowed:.2%} of the {allowed / 1e6:,.0f} MB"))
    if timing is not None:
        rows.append(("captions", _timing_of(timing)))
    elif script is not None:
        rows.append(("captions", "none beside the video: name them with --captions"))
    for name, value in rows:
        table.add_row(name, Text(value))
    console.print(table)
    console.print()
    if not problems:
        console.print("Nothing is wrong with it.", style="green")
    for problem in problems:
        console.print(problem, style="red", markup=False, soft_wrap=True)


def _container(name: str) -> str:
    return "MP4 or QuickTime" if is_mp4(name) else name.split(",")[0]


def _sound_of(found: Inspection) -> str:
    s = found.streams
    if not s.has_audio:
        return "none"
    return f"{s.audio_codec}, {s.sample_rate} Hz, {s.channels} channels, {s.audio_duration:.2f} s"


def _loudness_of(found: Inspection) -> str:
    if found.loudness is None or found.true_peak is None:
        return "not measured"
    return f"{found.loudness:.1f} LUFS, true peak {found.true_peak:.1f} dBTP"


def _stretches(stretches: tuple[Stretch, ...]) -> str:
    return ", ".join(f"{one.start:.1f} to {one.end:.1f} s" for one in stretches) or "none"


def _timing_of(timing: CaptionTiming) -> str:
    if timing.median is None or timing.most is None or timing.bias is None:
        return f"{timing.captions}; their timing was not measured: {timing.why_not}"
    return (
        f"{timing.captions}, against {timing.method}: median {timing.median * 1000:.0f} ms, "
        f"95 % within {timing.most * 1000:.0f} ms, typically {timing.bias * 1000:+.0f} ms"
    )
