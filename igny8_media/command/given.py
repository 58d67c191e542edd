"""What was given to the command line, turned into contents that the pipeline knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from igny8_media.articles.ids import content_id
from igny8_media.articles.parse import (
    HTML_SUFFIXES,
    MARKDOWN_SUFFIXES,
    id_source,
    path_below,
)
from igny8_media.database.contents import ContentRef, Contents
from igny8_media.errors import Igny8Error, InputError
from igny8_media.report.gallery import REPORT_TITLE
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.fetching import URL, fetch_article, file_ref, still_there
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm

_UNTELLING = {"index", "readme"}
_Choice = TypeVar("_Choice", bound=StrEnum)
_SUFFIXES = MARKDOWN_SUFFIXES | HTML_SUFFIXES


@dataclass(frozen=True)
class Given:
    """An article that can be used."""

    content_id: str
    title: str


@dataclass(frozen=True)
class Refused:
    """One that cannot, and why."""

    content_id: str
    title: str
    message: str


def read_sources(settings: Settings, sources: Sequence[str]) -> tuple[list[Given], list[Refused]]:
    """Read and register every article that `sources` name.

    Raises InputError when a source does not exist, holds no article, or nothing at all is usable;
    an unusable article among usable ones is refused alone.
    """
    shop = Workshop(settings)
    contents = shop.contents  # a database that cannot be opened is no fault of what was given
    given: list[Given] = []
    refused: list[Refused] = []
    for ref in dict.fromkeys(ref for source in sources for ref in _refs(settings, source)):
        try:
            given.append(_register(settings, contents, ref))
        except Igny8Error as error:
            refused.append(Refused(ref.content_id, _name(ref), str(error)))
    if not given:
        raise InputError(" ".join(r.message for r in refused))
    return given, refused


def read_choices(
    settings: Settings, platforms: str | None, videos: str | None
) -> tuple[tuple[Platform, ...], tuple[VideoForm, ...]]:
    """The platforms and video forms of two options, or of the settings where they are not given.

    Raises InputError naming what is none.
    """
    forms = _choices(videos, VideoForm, "--videos", none=True)
    return (
        _choices(platforms, Platform, "--platforms") or settings.platforms,
        settings.videos if forms is None else forms,
    )


def _choices(
    typed: str | None, kind: type[_Choice], option: str, *, none: bool = False
) -> tuple[_Choice, ...] | None:
    if typed is None:
        return None
    if none and typed.strip() == "none":
        return ()
    names = list(dict.fromkeys(part.strip() for part in typed.split(",") if part.strip()))
    known = [member.value for member in kind]
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        what = f"{', '.join(wrong)} is not one of them" if wrong else "none is named"
        raise InputError(
            f"{option} takes a list of {', '.join(known)}{' or none' if none else ''}, "
            f"separated by commas: {what}."
        )
    return tuple(kind(name) for name in names)


def _register(settings: Settings, contents: Contents, ref: ContentRef) -> Given:
    article = fetch_article(settings, ref)
    ref = ref.model_copy(update={"version": article.version})
    for sentence in contents.register([ref], still_there).refused.values():
        raise InputError(sentence)
    return Given(ref.content_id, article.title)


def _refs(settings: Settings, source: str) -> Iterator[ContentRef]:
    if source.startswith(("http://", "https://")):
        name = source.split("://", 1)[1].rstrip("/")
        yield ContentRef(content_id=content_id(name), source=URL, reference=source, version="")
        return
    path = Path(source)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if _is_article(p, path) and not _is_report(p))
        if not files:
            raise InputError(
                f"The folder {source} holds no article: put a .md or .html file into it."
            )
        for file in files:
            yield _file(path, file)
    elif path.exists():
        watched = settings.content_dir
        inside = path.absolute().is_relative_to(watched.absolute())
        # `index.md` is a name that many folders use, and theirs tells more.
        own = path.absolute().parent.parent if path.stem.lower() in _UNTELLING else path.parent
        yield _file(watched if inside else own, path)
    else:
        raise InputError(f"There is no file, folder or web address {source}: check its spelling.")


def _is_report(path: Path) -> bool:
    """Whether this is a report of ours, which an output folder among the articles would offer."""
    if path.name != "report.html":
        return False
    with path.open("rb") as file:
        return REPORT_TITLE.encode() in file.read(1000)


def _is_article(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.suffix.lower() in _SUFFIXES and path.is_file() and not hidden


def _file(root: Path, path: Path) -> ContentRef:
    return file_ref(root, path, content_id(id_source(path_below(path, root))), version="")


def _name(ref: ContentRef) -> str:
    return ref.reference.rsplit("/", 1)[-1]
