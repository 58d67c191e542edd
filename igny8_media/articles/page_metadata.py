"""What a page's head says about its article: OpenGraph, JSON-LD, meta elements."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

from selectolax.lexbor import LexborNode
from trafilatura import extract_metadata

from igny8_media.articles.dom import inline_text
from igny8_media.articles.metadata import (
    Metadata,
    is_http_url,
    language_code,
    parse_time,
    split_keywords,
)
from igny8_media.articles.text import clean_text, clean_value

# trafilatura also guesses dates from the text and from copyright lines, often wrongly. A window
# that no page falls into turns the guessing off; `_times` reads the dates that are declared.
_NO_DATES = {"extensive_search": False, "min_date": "1995-01-01", "max_date": "1995-01-01"}
_PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "publish-date")
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_MAX_JSON_NODES = 5_000
# A shorter heading may stand before any title.
_TELLING = 8


def page_metadata(body: LexborNode, html: str, url: str | None) -> Metadata:
    root = body.parent or body
    found = extract_metadata(html, default_url=url, date_config=dict(_NO_DATES))
    named = _named_values(root)
    published, updated = _times(root, named)
    address = found.url if found.url and is_http_url(found.url) else None
    language = (
        root.attributes.get("lang") or root.attributes.get("xml:lang") or named.get("og:locale")
    )
    return Metadata(
        title=_title(root, clean_value(found.title or "")) or None,
        description=clean_value(found.description or "") or None,
        keywords=split_keywords(",".join(found.tags or [])),
        language=language_code(language) or language_code(named.get("content-language")),
        canonical_url=address or url,
        author=clean_value(re.sub(r"\s*;\s*", ", ", found.author or "")) or None,
        published_at=published,
        updated_at=updated,
        image=found.image if found.image and is_http_url(found.image) else None,
        image_alt=clean_value(named.get("og:image:alt", "")),
    )


def _named_values(root: LexborNode) -> dict[str, str]:
    """The first content of each `<meta>`, by its property, name, itemprop or http-equiv."""
    values: dict[str, str] = {}
    for meta in root.css("meta[content]"):
        attributes = meta.attributes
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := attributes.get(key):
                values.setdefault(name.lower(), attributes.get("content") or "")
    return values


def _title(root: LexborNode, title: str) -> str:
    """The title as the page's heading has it: without the site's name, and well spaced."""
    headings = [clean_text(inline_text(node)) for node in root.css("h1, h2")]
    same = next((text for text in headings if _bare(text) == _bare(title)), None)
    if same:
        return same
    tops = [clean_text(inline_text(node)) for node in root.css("h1")]
    if len(tops) == 1 and len(tops[0]) >= _TELLING and title.startswith(tops[0]):
        return tops[0]
    return title


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _times(root: LexborNode, named: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    published = next((t for n in _PUBLISHED if (t := parse_time(named.get(n)))), None)
    updated = next((t for n in _UPDATED if (t := parse_time(named.get(n)))), None)
    for values in _json_ld(root):
        published = published or parse_time(values.get("datePublished"))
        updated = updated or parse_time(values.get("dateModified"))
    if published is None:
        marked = root.css_first(
            "time[pubdate], time[itemprop=datePublished], article time[datetime]"
        )
        published = parse_time(marked.attributes.get("datetime")) if marked is not None else None
    return published, updated


def _json_ld(root: LexborNode) -> Iterator[dict[str, object]]:
    """Every object in the page's JSON-LD, nested ones included; broken scripts are passed over."""
    for script in root.css('script[type="application/ld+json"]'):
        try:
            waiting: list[object] = [json.loads(script.text(deep=True) or "")]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_JSON_NODES):
            if not waiting:
                break
            value = waiting.pop(0)
            if isinstance(value, dict):
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
