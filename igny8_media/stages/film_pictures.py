"""The pictures and clips that a written script names, brought together as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from igny8_media.articles import picture_file
from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.errors import Igny8Error, InputError
from igny8_media.storage.media_store import MediaStore
from igny8_media.video.model import Section, VideoScript
from igny8_media.video.scriptfile import is_clip

_CLIP_BYTES: Final = 200_000_000
_ACCEPT: Final = "image/avif;q=0.5,image/webp,image/png,image/jpeg,image/gif;q=0.8,video/*"


@dataclass(frozen=True)
class Gathered:
    """A script whose pictures are all there, and the file behind each one's name.

    A picture that could not be had is gone from its section; the script's notes say why.
    """

    script: VideoScript
    files: Mapping[str, Path]


def gather(
    script: VideoScript, folder: Path, into: Path, *, fetcher: SafeFetcher, store: MediaStore
) -> Gathered:
    """Find every picture of `script`: addresses are fetched into `into`.

    Paths start at `folder`; a name that is a key of the media store is taken from there, so that
    a script written from an article can be edited and rendered again.
    """
    files: dict[str, Path] = {}
    missing: dict[str, str] = {}
    names = dict.fromkeys(section.image for section in script.sections if section.image)
    for number, name in enumerate(names):
        try:
            if name.startswith(("http://", "https://")):
                files[name] = _fetched(name, into / f"given-{number:03}", fetcher)
            else:
                files[name] = _local(name, folder, store)
        except Igny8Error as error:
            missing[name] = str(error)
    notes: list[str] = []

    def kept(section: Section) -> Section:
        if section.image not in missing:
            return section
        notes.append(
            f"Section {section.section_id} goes without its "
            f"{'clip' if section.visual_cue == 'stock_video' else 'picture'}: "
            f"{missing[section.image or '']}"
        )
        return section.model_copy(update={"image": None})

    sections = tuple(kept(section) for section in script.sections)
    whole = script.model_copy(update={"sections": sections, "notes": (*script.notes, *notes)})
    return Gathered(whole, files)


def _local(name: str, folder: Path, store: MediaStore) -> Path:
    if "://" in name:
        raise InputError(f"{name[:80]} is not an http(s) address; only those are fetched.")
    path = Path(name).expanduser()
    path = path if path.is_absolute() else folder / path
    try:
        if path.is_file():
            return path.absolute()
        if path.exists():
            raise InputError(f"{name} is not a file; name a picture.")
        if _key(name) and store.exists(name):
            return store.local_path(name)
    except (OSError, ValueError) as error:  # a name too long, or with a NUL in it
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{name[:80]!r} cannot be a file ({why}); check the path.") from None
    raise InputError(f"There is no file {name} beside the script; check the path.")


def _key(name: str) -> bool:
    return name.startswith("content/") and ".." not in name.split("/")


def _fetched(url: str, target: Path, fetcher: SafeFetcher) -> Path:
    """Raises InputError or OutsideError for what cannot be had, or is no picture."""
    most = _CLIP_BYTES if is_clip(url) else picture_file.MAX_BYTES
    answer = fetcher.fetch(url, max_bytes=most, accept=_ACCEPT)
    if is_clip(url):
        target = target.with_suffix(".mp4")
    else:
        found = picture_file.inspect(answer.content, url)
        target = target.with_suffix(f".{found.suffix}")
    target.write_bytes(answer.content)
    return target
