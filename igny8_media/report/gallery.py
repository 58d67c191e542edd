"""The gallery: every post as it will look, every picture, the videos, and what each step took."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from igny8_media.imaging.theme import Theme
from igny8_media.planning.places import label
from igny8_media.report.outcome import Outcome
from igny8_media.social.model import Platform
from igny8_media.storage.records import Artifact, Record
from igny8_media.video.model import VideoForm

REPORT_TITLE = "igny8-media: what was made"
_HASHTAG = re.compile(r"(?<![\w&/])#\w+")
_LINK = re.compile(r"https?://[^\s<]+[^\s<.,;:!?)]")


def write_gallery(
    outcomes: Sequence[Outcome], placed: Mapping[str, Path], theme: Theme, target: Path
) -> None:
    """Write the page to `target`; pictures and videos are linked relative to it."""
    environment = Environment(
        loader=PackageLoader("igny8_media.report"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["social"] = _social_text
    environment.filters["clock"] = _clock
    environment.filters["place"] = label
    page = environment.get_template("gallery.html.j2").render(
        contents=[_content(outcome, _Files(placed, target.parent)) for outcome in outcomes],
        theme=theme,
        page_title=REPORT_TITLE,
    )
    partial = target.with_suffix(".part")
    partial.write_text(page, encoding="utf-8")
    partial.replace(target)


class _Files:
    """Where the exported files lie, seen from the page."""

    def __init__(self, placed: Mapping[str, Path], out: Path) -> None:
        self._placed, self._out = placed, out

    def href(self, artifact: Artifact) -> str:
        return Path(os.path.relpath(self._placed[artifact.key], self._out)).as_posix()

    def json(self, artifact: Artifact) -> Any:
        return json.loads(self._placed[artifact.key].read_bytes())

    def text(self, artifact: Artifact) -> str:
        return self._placed[artifact.key].read_text(encoding="utf-8")


def _content(outcome: Outcome, files: _Files) -> dict[str, Any]:
    records = {record.asset: record for record in outcome.records}
    return {
        "id": outcome.content_id,
        "title": outcome.title,
        "status": outcome.status,
        "errors": outcome.errors,
        "notes": [(r.asset, note) for r in outcome.records for note in r.notes],
        "posts": [
            post for platform in Platform if (post := _post(platform, records, files)) is not None
        ],
        "videos": [video for form in VideoForm if (video := _video(form, records, files))],
        "steps": [(r.asset, r.seconds, r.asset in outcome.fresh) for r in outcome.records],
        "total": sum(r.seconds for r in outcome.records),
    }


def _post(
    platform: Platform, records: Mapping[str, Record], files: _Files
) -> dict[str, Any] | None:
    record = records.get(f"social/{platform}/post")
    if record is None:
        return None
    images = records.get(f"social/{platform}/images")
    pictures = images.artifacts if images else ()
    return {
        "platform": platform,
        "post": files.json(record.named("post.json")),
        **{
            role: [
                {"href": files.href(a), "alt": a.figures.get("alt_text", "")} | dict(a.figures)
                for a in pictures
                if a.figures.get("role") == role
            ]
            for role in ("image", "slide", "cover", "document")
        },
    }


def _video(form: VideoForm, records: Mapping[str, Record], files: _Files) -> dict[str, Any] | None:
    script = records.get(f"video/{form}/script")
    if script is None:
        return None
    if script.skipped:
        return {"form": form, "skipped": script.skipped}
    found = {name: records.get(f"video/{form}/{name}") for name in _PARTS}
    render, voice = found["render"], found["voiceover"]
    return {
        "form": form,
        "skipped": None,
        "video": _only(files, render, "video"),
        "poster": _named(files, found["thumbnail"], "thumbnail.jpg"),
        "cover": _named(files, found["thumbnail"], "cover.jpg"),
        "vtt": _named(files, found["captions"], "captions.vtt"),
        # As it was spoken: people may have changed it, or a voice's pace.
        "script": files.json((voice or script).named("script.json")),
        "voice": voice.facts if voice else {},
        "facts": render.facts if render else {},
        "figures": next((a.figures for a in _artifacts(render) if a.kind == "video"), {}),
        "targets": [
            files.json(a) for a in _artifacts(found["seo"]) if a.kind in ("metadata", "text")
        ],
        "scenes": _only(files, found["scenes"], "image"),
    }


_PARTS = ("voiceover", "captions", "scenes", "render", "thumbnail", "seo")


def _artifacts(record: Record | None) -> tuple[Artifact, ...]:
    return record.artifacts if record else ()


def _named(files: _Files, record: Record | None, name: str) -> str | None:
    return next((files.href(a) for a in _artifacts(record) if a.name == name), None)


def _only(files: _Files, record: Record | None, kind: str) -> str | None:
    return next((files.href(a) for a in _artifacts(record) if a.kind == kind), None)


def _social_text(text: str) -> Markup:
    """Escaped text with its hashtags and links set off, as the platforms do."""
    html = str(escape(text))
    html = _LINK.sub(lambda m: f"<b class=link>{m[0]}</b>", html)
    return Markup(_HASHTAG.sub(lambda m: f"<b class=link>{m[0]}</b>", html))  # noqa: S704 - escaped


def _clock(seconds: float) -> str:
    """75.2 becomes 1:15."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
