"""What the Dagster UI shows of a record: the post as it reads, small previews, measurements."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import dagster as dg

from igny8_media.stages.stage import Made
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Artifact

_PREVIEW_BYTES = 24_000  # of base64 in the event log, which keeps it for ever


def metadata_of(shop: Workshop, made: Made) -> dict[str, Any]:
    """Metadata entries: a preview, facts as they are, where the files are."""
    record = made.record
    preview = _preview(shop, record.artifacts)
    entries: dict[str, Any] = {
        **({"preview": dg.MetadataValue.md(preview)} if preview else {}),
        "made": "just now" if made.fresh else "earlier: what it is made of is the same",
        "revision": record.revision,
        "fingerprint": record.fingerprint,
        "seconds": record.seconds,
    }
    if record.skipped:
        return {**entries, "skipped": record.skipped}
    for name, value in record.facts.items():
        if name == "credits":
            entries[name] = float(value)  # a number, which the UI draws over time
            continue
        entries[name] = (
            value if isinstance(value, int | float | str) else dg.MetadataValue.json(value)
        )
    if record.notes:
        entries["notes"] = dg.MetadataValue.md("\n".join(f"- {note}" for note in record.notes))
    entries["files"] = dg.MetadataValue.md(
        "\n".join(
            f"- `{a.name}` {a.size:,} bytes: `{shop.store.uri_of(a.key)}`" for a in record.artifacts
        )
    )
    if record.artifacts:
        entries["dagster/uri"] = shop.store.uri_of(record.artifacts[0].key)
    return entries


def _preview(shop: Workshop, artifacts: tuple[Artifact, ...]) -> str | None:
    pictures = [a for a in artifacts if a.kind == "image"]
    # The first picture, and the cover where it is another one: both are what people see first.
    shown = [*pictures[:1], *(a for a in pictures[1:] if a.name == "cover.jpg")]
    if shown:
        return "\n\n".join(
            f"![{a.name}]({thumbnail_uri(shop.store.local_path(a.key))})" for a in shown
        )
    for artifact in artifacts:
        if artifact.kind == "text":
            return _as_markdown(json.loads(shop.store.read_bytes(artifact.key)))
    return None


def _as_markdown(value: dict[str, Any]) -> str:
    """A post, a script or an article, as people read it."""
    if "post_text" in value:
        parts = value["thread"] or [value["post_text"]]
        return "\n\n---\n\n".join(part.replace("\n", "  \n") for part in parts)
    if "sections" in value:
        return "\n\n".join(
            f"**{section['section_id']}** ({section['visual_cue']}) {section['narration']}"
            for section in value["sections"]
        )
    return f"**{value['title']}**" if "title" in value else ""


def thumbnail_uri(path: Path) -> str:
    """A picture as a data URI small enough for the event log."""
    from PIL import Image

    with Image.open(path) as image:
        image.draft("RGB", (320, 320))
        small = image.convert("RGB")
    for edge, quality in ((320, 70), (240, 60), (160, 50)):
        small.thumbnail((edge, edge))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality)
        encoded = base64.b64encode(out.getvalue()).decode()
        if len(encoded) <= _PREVIEW_BYTES:
            break
    return f"data:image/jpeg;base64,{encoded}"
