"""What a source says about an article besides its text, whatever form it says it in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from igny8_media.articles.text import clean_value

MAX_KEYWORDS = 30


@dataclass(frozen=True)
class Metadata:
    """What was given; None where nothing was. `image` is a reference as written."""

    title: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    image: str | None = None
    image_alt: str = ""
    notes: tuple[str, ...] = ()

    def over(self, weaker: "Metadata") -> "Metadata":
        """This, with gaps filled from `weaker`; notes of both."""
        gaps = {
            field.name: getattr(weaker, field.name)
            for field in fields(self)
            if not getattr(self, field.name)
        }
        return replace(self, **{**gaps, "notes": (*weaker.notes, *self.notes)})


# The names that people and systems use; the first one present counts.
_NAMES = {
    "title": ("title", "headline"),
    "description": ("description", "meta_description", "summary", "excerpt", "subtitle"),
    "keywords": ("target_keywords", "keywords", "tags", "categories"),
    "language": ("language", "lang", "locale"),
    "canonical_url": ("canonical_url", "canonical", "canonicalUrl", "url", "permalink"),
    "author": ("author", "authors", "by"),
    "published_at": ("published_at", "date", "published", "pubDate", "publishDate", "created_at"),
    "updated_at": ("updated_at", "updated", "lastmod", "modified", "last_modified_at"),
    "image": ("image", "cover", "cover_image", "featured_image", "thumbnail", "feature_image"),
}


def metadata_from_mapping(values: Mapping[str, object]) -> Metadata:
    """Read front matter: unknown names are left alone, unusable values are noted and left out."""
    notes: list[str] = []

    def given(name: str) -> object | None:
        present = (values[key] for key in _NAMES[name] if values.get(key) not in (None, "", []))
        return next(present, None)

    def text(name: str) -> str | None:
        value = given(name)
        if isinstance(value, list) and value and name == "author":
            return ", ".join(filter(None, map(_plain, value[:10]))) or None
        return _plain(value)

    def moment(name: str) -> datetime | None:
        value = given(name)
        found = parse_time(value)
        if value is not None and found is None:
            notes.append(
                f"The front matter's {name} {str(value)[:60]!r} is no date and is left out."
            )
        return found

    url = text("canonical_url")
    if url and not is_http_url(url):
        notes.append(f"The front matter's URL {url[:120]!r} is not an http(s) address: left out.")
        url = None
    language = text("language")
    code = language_code(language)
    if language and not code:
        notes.append(f"The front matter's language {language[:40]!r} is no ISO 639-1 code.")
    image = given("image")
    return Metadata(
        title=text("title"),
        description=text("description"),
        keywords=split_keywords(given("keywords")),
        language=code,
        canonical_url=url,
        author=text("author"),
        published_at=moment("published_at"),
        updated_at=moment("updated_at"),
        image=_plain(image.get("src") or image.get("url") if isinstance(image, dict) else image),
        image_alt=_plain(values.get("image_alt") or values.get("cover_alt")) or "",
        notes=tuple(notes),
    )


def _plain(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    return clean_value(str(value)) or None


def split_keywords(value: object) -> tuple[str, ...]:
    """Keywords from a list or from a comma-separated string, each once, in their order."""
    parts: Iterable[object]
    if isinstance(value, str):
        parts = re.split(r"[,;\n]", value)
    elif isinstance(value, list | tuple):
        parts = value
    else:
        return ()
    seen: dict[str, str] = {}
    for part in parts:
        if word := _plain(part):
            seen.setdefault(word.casefold(), word)
    return tuple(seen.values())[:MAX_KEYWORDS]


def parse_time(value: object) -> datetime | None:
    """A timezone-aware time from ISO 8601, RFC 2822 or a date; without a zone it is UTC."""
    if isinstance(value, str):
        value = _parse_time_text(value.strip())
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return None


def _parse_time_text(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    # "2024-05-01T10:00:00+0200" and "2024-05-01 10:00:00 +0200" are common and not quite ISO.
    loose = re.sub(r"\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text)
    try:
        return datetime.fromisoformat(loose)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def language_code(value: str | None) -> str | None:
    """The ISO 639-1 part of a language tag: "en-US" and "en_US" give "en"."""
    found = re.fullmatch(r"([A-Za-z]{2})(?:[-_].*)?", (value or "").strip())
    return found[1].lower() if found else None


def is_http_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
