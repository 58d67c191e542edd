"""A post that a person wrote, as a JSON file with its pictures and videos beside it."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import CaptionTrack, MediaFile, Outgoing, PostKind
from igny8_media.publishing.writtenpost import MOST_FILES, WrittenPost, place, read_json, validated
from igny8_media.storage.media_store import MediaStore, sha256_of
from igny8_media.storage.types import SUFFIXES

KINDS: Final[dict[Service, tuple[PostKind, ...]]] = {
    Service.LINKEDIN: ("text", "link", "image", "images", "document", "video", "poll"),
    Service.TWITTER: ("text", "image", "video", "poll", "thread"),
    Service.FACEBOOK: ("text", "link", "image", "images", "video", "reel", "story"),
    Service.INSTAGRAM: ("image", "images", "reel", "story"),
    Service.TIKTOK: ("video", "image"),
    Service.YOUTUBE: ("video",),
}
_CARRIED: Final[dict[PostKind, tuple[str, ...]]] = {
    "text": (),
    "link": (),
    "poll": (),
    "image": ("image",),
    "images": ("image",),
    "document": ("document",),
    "video": ("video",),
    "reel": ("video",),
    "story": ("image", "video"),
    "thread": ("image", "video"),
}
_COVERED: Final[dict[Service, tuple[PostKind, ...]]] = {
    Service.LINKEDIN: ("video", "link"),
    Service.FACEBOOK: ("video", "reel"),
    Service.INSTAGRAM: ("reel",),
    Service.YOUTUBE: ("video",),
}
"""What takes a picture of its own to be shown by."""
_NAMES: Final = {
    "image": "picture",
    "video": "video",
    "document": "PDF",
    "captions": "caption file",
}
_Files = Mapping[tuple[int | str, ...], MediaFile]


def read_own_post(file: Path, store: MediaStore) -> Outgoing:
    """The post in a JSON file, with its files measured and copied into the store.

    Files go to `posts/<sha256>/<name>`; those that are there already are not copied again. What
    a platform allows is its adapter's to say. Raises InputError with everything that is wrong,
    field by field, before anything is copied.
    """
    data = read_json(file)
    paths, wrong = _paths(data, file.parent)
    found: dict[tuple[int | str, ...], MediaFile] = {}
    for loc, path in paths.items():
        try:
            found[loc] = _measured(path)
        except InputError as error:
            wrong.append(f"{place(*loc)}: {error}")
    post = validated(data)
    kind: PostKind | None = None
    if isinstance(post, list):
        wrong = [*post, *wrong]
    else:
        kind = post.kind or _kind(post, found)
        wrong += _problems(post, kind, found)
    if wrong or isinstance(post, list) or kind is None:
        raise InputError(f"{file.name} cannot be used. {' '.join(wrong)}")
    for loc, path in paths.items():
        _keep(store, path, found[loc])
    return _outgoing(post, kind, found)


def _paths(
    data: Mapping[str, Any], folder: Path
) -> tuple[dict[tuple[int | str, ...], Path], list[str]]:
    """Where each named file is, and what is wrong with the names."""
    paths: dict[tuple[int | str, ...], Path] = {}
    wrong: list[str] = []
    for loc, text in _named(data):
        where = place(*loc)
        if re.match(r"\w+://", text):
            wrong.append(f"{where}: {text[:80]} is an address; download it and name the file.")
        elif not text.strip() or "\0" in text:
            wrong.append(f"{where}: it is empty; name a file.")
        elif Path(text).is_absolute():
            paths[loc] = Path(text)
        elif not _inside(folder / text, folder):
            wrong.append(
                f"{where}: {text} lies outside the post's folder; move it there or write the "
                "whole path."
            )
        else:
            paths[loc] = folder / text
    return paths, wrong


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead in a circle
        return False


def _named(data: Mapping[str, Any]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every path in the post and its place, also where other fields are wrong."""
    for name in ("media", "captions"):
        entries = data.get(name)
        listed = entries if isinstance(entries, list) else []
        for number, entry in enumerate(listed[:MOST_FILES]):
            if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                yield (name, number, "path"), entry["path"]
    thumbnail = data.get("thumbnail")
    if isinstance(thumbnail, dict) and isinstance(thumbnail.get("path"), str):
        yield ("thumbnail", "path"), thumbnail["path"]


def _measured(path: Path) -> MediaFile:
    file = measure(path, "posts")
    # By its type and not by its name: whoever fetches it from the store is told a type by this.
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-")[:80] or "file"
    suffix = SUFFIXES.get(file.mime, "")
    return file.model_copy(update={"key": f"posts/{file.sha256}/{stem}{suffix}"})


def _kind(post: WrittenPost, found: _Files) -> PostKind | None:
    """What is meant where one kind alone fits; None where nothing does."""
    if post.parts:
        return "thread"
    if post.poll:
        return "poll"
    carried = [found[loc].kind for n in range(len(post.media)) if (loc := _media(n)) in found]
    if len(carried) < len(post.media):
        return None  # a file that cannot be used is told already
    if not carried:
        return "link" if post.link else "text"
    if carried[0] == "video":
        return "reel" if post.service is Service.INSTAGRAM else "video"
    if carried[0] == "document":
        return "document"
    several = len(carried) > 1 and "images" in KINDS[post.service]
    return "images" if several else "image"


def _media(number: int) -> tuple[int | str, ...]:
    return ("media", number, "path")


def _problems(post: WrittenPost, kind: PostKind | None, found: _Files) -> Iterator[str]:
    """What does not go together."""
    yield from _wrong_files(post, found)
    if post.options.publish_at and post.options.publish_at.tzinfo is None:
        yield 'options, publish_at: it has no time zone; write "2027-01-31T09:00:00+01:00".'
    if kind is None:
        return
    label = post.service.label
    kinds = KINDS[post.service]
    if kind == "link" and kind not in kinds:
        yield f"link: {label} has no link posts; write the address into the text."
        return
    if kind not in kinds:
        known = f"{', '.join(kinds[:-1])} and {kinds[-1]}" if len(kinds) > 1 else f"only {kinds[0]}"
        yield f"kind: {label} has no {kind} posts; it takes {known}."
        return
    carried = _CARRIED[kind]
    for number in range(len(post.media)):
        file = found.get(_media(number))
        if file is not None and file.kind not in carried:
            wants = " or ".join(f"a {_NAMES[each]}" for each in carried) or "no files"
            what = f"{file.name} is a {_NAMES[file.kind]}"
            yield f"media {number + 1}: {what}; a {kind} post takes {wants}."
    if carried and not post.media and kind != "thread":
        yield f"media: a {kind} post needs a {_NAMES[carried[0]]}."
    if kind == "thread":
        if len(post.parts) < 2:
            yield "parts: a thread has two at least."
        elif post.text and post.text != post.parts[0]:
            yield "text: in a thread it is the first of parts; leave it out."
    elif post.parts:
        yield "parts: they belong to a thread; write one text, or leave kind out."
    if kind == "poll" and post.poll is None:
        yield "poll: it is missing; write its options."
    if kind != "poll" and post.poll is not None:
        yield f"poll: a {kind} post cannot have one; leave one of the two out."
    if kind == "link" and post.link is None:
        yield "link: it is missing; write the address."
    if kind != "link" and post.link is not None:
        yield f"link: a {kind} post has no card; write the address into the text."
    if post.captions and kind not in ("video", "reel"):
        yield f"captions: a {kind} post has none; leave them out."
    if post.thumbnail is not None and kind not in _COVERED.get(post.service, ()):
        yield f"thumbnail: {_shown_instead(post.service, kind)}"


def _shown_instead(service: Service, kind: PostKind) -> str:
    """What is shown before a post that takes no picture for that, and what to do."""
    if service is Service.TIKTOK and kind == "video":
        return "TikTok shows a moment of the video; name its second as the option cover_at instead."
    if kind == "video":
        return f"{service.label} picks a frame of the video itself; leave it out."
    return f"a {kind} post on {service.label} shows none; leave it out."


def _wrong_files(post: WrittenPost, found: _Files) -> Iterator[str]:
    wanted: dict[tuple[int | str, ...], Literal["image", "captions"]] = {
        ("thumbnail", "path"): "image"
    }
    wanted |= {("captions", n, "path"): "captions" for n in range(len(post.captions))}
    for loc, kind in wanted.items():
        file = found.get(loc)
        if file is not None and file.kind != kind:
            what = "a picture" if kind == "image" else "an SRT or VTT file"
            yield f"{place(*loc)}: {file.name} is a {_NAMES[file.kind]}; give {what}."


def _keep(store: MediaStore, path: Path, file: MediaFile) -> None:
    """Copy a file into the store. Raises InputError if it is not the one that was measured."""
    if store.exists(file.key):
        return
    with store.scratch() as folder:
        copy = folder / "copy"
        shutil.copyfile(path, copy)
        if sha256_of(copy) != file.sha256:
            raise InputError(f"{path.name} was changed while it was read; try again.")
        store.put_file(file.key, copy)


def _outgoing(post: WrittenPost, kind: PostKind, found: _Files) -> Outgoing:
    return Outgoing(
        service=post.service,
        kind=kind,
        text=post.parts[0] if post.parts else post.text,
        parts=post.parts,
        title=post.title,
        link=post.link,
        media=tuple(
            found[_media(number)].model_copy(update={"alt_text": written.alt_text})
            for number, written in enumerate(post.media)
        ),
        thumbnail=found.get(("thumbnail", "path")),
        captions=tuple(
            CaptionTrack(
                file=found["captions", number, "path"],
                language=written.language,
                name=written.name,
            )
            for number, written in enumerate(post.captions)
        ),
        poll=post.poll,
        language=post.language,
        options=post.options,
    )
