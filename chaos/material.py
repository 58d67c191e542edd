"""The posts that are sent: one of every kind that every platform takes."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from PIL import Image
from pypdf import PdfWriter

from igny8_media.accounts.model import Service
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import Link, MediaFile, Options, Outgoing, Poll
from igny8_media.storage.media_store import LocalMediaStore


@dataclass(frozen=True)
class Kind:
    """A way of posting. `account` is how the sandbox is asked for one; `uncertain` says that the
    contracts offer no probe for it, so that a person may have to look."""

    name: str
    service: Service
    post: Outgoing
    account: dict[str, Any] = field(default_factory=dict)
    uncertain: bool = False

    @property
    def parts(self) -> int:
        return max(1, len(self.post.parts))


class Material:
    """The files, made once, in a media store."""

    def __init__(self, store: LocalMediaStore) -> None:
        self._store = store
        with store.scratch() as folder:
            for number, colour in enumerate(("#0f766e", "#b45309", "#4338ca")):
                picture = folder / f"{number}.jpg"
                Image.new("RGB", (1080, 1080), colour).save(picture, quality=80)
                setattr(self, f"_picture{number}", self._keep(picture, "A plain colour."))
            upright = folder / "upright.jpg"
            Image.new("RGB", (1080, 1920), "#831843").save(upright)
            self._upright = self._keep(upright, "A plain colour.")
            self._clip = self._keep(_clip(folder / "clip.mp4"))
            self._pdf = self._keep(_document(folder / "slides.pdf"))
        self.pictures: tuple[MediaFile, ...] = tuple(
            getattr(self, f"_picture{number}") for number in range(3)
        )

    def _keep(self, path: Path, alt_text: str = "") -> MediaFile:
        key = f"chaos/{path.name}"
        made = measure(path, key, alt_text)
        self._store.put_file(key, path)
        return made

    def kinds(self) -> Iterator[Kind]:
        """Every platform's kinds, each with words of its own."""
        one, three, clip = self.pictures[:1], self.pictures, (self._clip,)
        poll = Poll(question="Tea?", options=("Yes", "No"), minutes=1440)
        link = Link(url="https://example.org/tea", title="Tea", description="On tea.")
        for account in ("person", "organization"):
            for kind, more in {
                "text": {},
                "image": {"media": one},
                "images": {"media": three},
                "document": {"media": (self._pdf,), "title": "Slides"},
                "link": {"link": link},
                "video": {"media": clip, "title": "Clip", "thumbnail": self._upright},
                "poll": {"poll": poll},
            }.items():
                yield self._of(Service.LINKEDIN, kind, more, {"kind": account}, account)
        for kind, more in {
            "text": {},
            "thread": {"parts": ("First of three.", "Second of three.", "Third of three.")},
            "image": {"media": three},
            "video": {"media": clip},
            "poll": {"poll": poll.model_copy(update={"question": ""})},
        }.items():
            yield self._of(Service.TWITTER, kind, more)
        for kind, more in {
            "text": {},
            "link": {"link": link},
            "image": {"media": one},
            "images": {"media": three},
            "reel": {"media": clip, "thumbnail": self._upright},
            "video": {"media": clip, "title": "Clip", "thumbnail": self._upright},
            "story": {"media": (self._upright,)},
        }.items():
            yield self._of(Service.FACEBOOK, kind, more, uncertain=kind == "story")
        for kind, more in {
            "image": {"media": one},
            "images": {"media": three},
            "reel": {"media": clip, "thumbnail": self._upright},
            "story": {"media": (self._upright,)},
        }.items():
            yield self._of(Service.INSTAGRAM, kind, more)
        everyone = Options(privacy="PUBLIC_TO_EVERYONE")
        yield self._of(Service.TIKTOK, "video", {"media": clip, "options": everyone})
        # A photo post is pulled by its init, whose lost answer leaves nothing to ask by.
        yield self._of(
            Service.TIKTOK, "image", {"media": three, "options": everyone}, uncertain=True
        )
        yield self._of(
            Service.TIKTOK, "video", {"media": clip, "options": Options(draft=True)}, tag="draft"
        )
        video = {"media": clip, "title": "A clip", "options": Options(privacy="public")}
        yield self._of(Service.YOUTUBE, "video", {**video, "thumbnail": self._upright})

    def _of(
        self,
        service: Service,
        kind: str,
        more: dict[str, Any],
        account: dict[str, Any] | None = None,
        tag: str = "",
        *,
        uncertain: bool = False,
    ) -> Kind:
        words = more.get("parts", (f"Tea is {kind} for {tag or 'everybody'} on {service.label}.",))
        post = Outgoing.model_validate({"service": service, "kind": kind, "text": words[0], **more})
        name = f"{service} {kind}{f' {tag}' if tag else ''}"
        return Kind(name, service, post, account or {}, uncertain)


def _clip(path: Path) -> Path:
    """Four seconds of noise in motion with a tone, upright, as large as the least that is taken."""
    # fmt: off
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error",
         "-f", "lavfi", "-i", "testsrc2=size=720x1280:rate=30:duration=4",
         "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=4",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "60",
         "-c:a", "aac", "-ac", "2", "-b:a", "96k", "-use_editlist", "0",
         "-movflags", "+faststart+negative_cts_offsets", str(path)],
        check=True,
    )
    # fmt: on
    return path


def _document(path: Path) -> Path:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(width=540, height=540)
    writer.write(str(path))
    return path
