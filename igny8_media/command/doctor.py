"""`igny8-media doctor`: what this machine has, and what to do about what it lacks."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table

from igny8_media.errors import Igny8Error
from igny8_media.frozen import Frozen
from igny8_media.settings import Settings, load_settings

if TYPE_CHECKING:
    from igny8_media.ai.checking import ProviderCheck

_ENOUGH_DISK = 2 * 1024**3  # a ten-minute video with its scratch files takes less than half


class Finding(Frozen):
    """`state` is "bad" only for what the main job cannot work without."""

    name: str
    state: Literal["good", "note", "bad"]
    detail: str
    remedy: str = ""


def doctor(*, as_json: bool) -> int:
    """Print the findings; returns 1 if something is missing that the main job needs."""
    findings = [finding for check in _CHECKS for finding in _safely(check, load_settings())]
    if as_json:
        print(json.dumps({"findings": [f.model_dump() for f in findings]}, ensure_ascii=False))
    else:
        _print(findings)
    return 1 if any(f.state == "bad" for f in findings) else 0


def _print(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    marks = {"good": "[green]✓[/]", "note": "[yellow]–[/]", "bad": "[red]✗[/]"}
    for finding in findings:
        remedy = f"\n[dim]{finding.remedy}[/]" if finding.remedy else ""
        table.add_row(marks[finding.state], f"[bold]{finding.name}[/]", finding.detail + remedy)
    Console(highlight=False).print(table)


def _safely(
    check: Callable[[Settings], Iterator[Finding]], settings: Settings
) -> Iterator[Finding]:
    """One broken part must not hide the findings about the others."""
    try:
        yield from check(settings)
    except (Igny8Error, OSError, ImportError) as error:
        name = check.__name__.strip("_").replace("_", " ").capitalize()
        # Our own errors name their remedy themselves.
        remedy = "" if isinstance(error, Igny8Error) else "Run `make setup` once more."
        yield Finding(name=name, state="bad", detail=str(error), remedy=remedy)


def _ffmpeg(_: Settings) -> Iterator[Finding]:
    from igny8_media.video.ffmpeg import executable

    path = executable()
    banner = _output([path, "-version"]).split("\n")[0].split(" Copyright")[0]
    yield Finding(name="FFmpeg", state="good", detail=banner)
    listed = _output([path, "-hide_banner", "-encoders"])
    found = [name for name in ("libx264", "libx265", "h264_nvenc", "aac") if f" {name} " in listed]
    missing = {"libx264", "aac"} - set(found)
    yield Finding(
        name="Encoders",
        state="bad" if missing else "good",
        detail=", ".join(found),
        remedy=f"This FFmpeg lacks {', '.join(sorted(missing))}: unset IMAGEIO_FFMPEG_EXE to use "
        "the bundled one."
        if missing
        else "",
    )


def _fonts(_: Settings) -> Iterator[Finding]:
    from igny8_media.imaging.fonts import coverage

    for script in coverage():
        yield Finding(
            name=f"Font: {script.script}",
            state="good" if script.font else "note",
            detail=script.font or "none",
            remedy=script.remedy or "",
        )


def _voices(_: Settings) -> Iterator[Finding]:
    from igny8_media.ai.voices import available_voices

    for engine, voices in available_voices().items():
        languages = sorted({voice.language for voice in voices})
        shown = ", ".join(languages[:12]) + (
            f" and {len(languages) - 12} more" * (len(languages) > 12)
        )
        yield Finding(
            name=f"Voice: {engine}",
            state="good" if voices else "note",
            detail=f"{len(voices)} voice{'s' * (len(voices) > 1)}, {shown}" if voices else "none",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    from igny8_media.stages.workshop import Workshop

    counts = Workshop(settings).drafts.count()
    where = "PostgreSQL" if settings.database_url else f"SQLite in {settings.resolved_home}"
    yield Finding(
        name="Database",
        state="good",
        detail=f"{where}, drafts of posts: {counts['posts']}, of videos: {counts['videos']}",
    )


def _media_store(settings: Settings) -> Iterator[Finding]:
    from igny8_media.stages.workshop import Workshop

    store = Workshop(settings).store
    with store.scratch():
        store.holds(["content/anything"])  # a bucket is really asked
    yield Finding(name="Media store", state="good", detail=store.uri)


def _disk_space(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.media_dir if settings.media_dir.exists() else ".").free
    yield Finding(
        name="Disk space",
        state="good" if free > _ENOUGH_DISK else "bad",
        detail=f"{free / 1024**3:.1f} GiB free",
        remedy="" if free > _ENOUGH_DISK else "Free 2 GiB, or set IGNY8_HOME to a larger disk.",
    )


def _sources(settings: Settings) -> Iterator[Finding]:
    given = {
        "WordPress": (settings.wordpress_url, "IGNY8_WORDPRESS_URL"),
        "Feed": (settings.feed_url, "IGNY8_FEED_URL"),
        "IGNY8 database": (settings.source_database_url, "IGNY8_SOURCE_DATABASE_URL"),
    }
    yield Finding(name="Source: folder", state="good", detail=f"watches {settings.content_dir}/")
    for name, (value, variable) in given.items():
        yield Finding(
            name=f"Source: {name}",
            state="good" if value else "note",
            detail="configured" if value else "not configured",
            remedy="" if value else f"Set {variable} to watch it.",
        )


def _writers(_: Settings) -> Iterator[Finding]:
    yield Finding(name="Writer", state="good", detail="extractive, built in, needs no key")


def _providers(settings: Settings) -> Iterator[Finding]:
    from igny8_media.command.ai_check import NAMES, look

    for check in look(settings, configured=True):
        model = f", {check.model}" if check.model else ""
        yield Finding(
            name=f"{NAMES[check.kind]}: {check.provider}",
            state="note" if check.healthy is False or check.warnings else "good",
            detail=f"{_answers(check)}{model}",
            remedy=" ".join(filter(None, (check.problem, *check.warnings))),
        )


def _answers(check: "ProviderCheck") -> str:
    if check.healthy is None:
        return "set up"
    return f"answers in {check.latency_ms} ms" if check.healthy else "not well"


_CHECKS = (
    _ffmpeg,
    _fonts,
    _voices,
    _database,
    _media_store,
    _disk_space,
    _sources,
    _writers,
    _providers,
)


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
