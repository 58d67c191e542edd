"""The three ways in: Markdown, a fragment of HTML from a CMS, and a whole web page."""

import re
from pathlib import Path, PurePosixPath

from igny8_media.articles.build import build_article
from igny8_media.articles.decode import check_size, read_source
from igny8_media.articles.dom import parse
from igny8_media.articles.frontmatter import split_front_matter
from igny8_media.articles.markdown import to_html
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article, Block, Image
from igny8_media.articles.references import (
    Reference,
    Resolve,
    resolver_for_folder,
    resolver_for_url,
)
from igny8_media.articles.walker import blocks_below
from igny8_media.errors import InputError

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm"})

# What a whole page begins with, and a fragment does not.
_PAGE = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.I)
_BLOCK = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|dl|table|pre|br|blockquote|section|article|figure)\b", re.I
)


def parse_markdown(
    text: str,
    *,
    original_id: str,
    id_from: str | None = None,
    where: str | None = None,
    resolve: Resolve | None = None,
    metadata: Metadata | None = None,
) -> Article:
    """An article from Markdown with optional front matter.

    `where` names the text in error messages (default: `original_id`), `resolve` makes picture
    references absolute (default: against the canonical URL), `metadata` fills what the front
    matter leaves open. Raises InputError.
    """
    where = where or original_id
    check_size(len(text), where)
    front, body = split_front_matter(text, where)
    known = front.over(metadata or Metadata())
    return _assemble(to_html(body), known, original_id, id_from, where, resolve)


def parse_fragment(
    html: str,
    *,
    original_id: str,
    id_from: str | None = None,
    where: str | None = None,
    resolve: Resolve | None = None,
    metadata: Metadata | None = None,
) -> Article:
    """An article from the HTML of its body alone, as a CMS stores it. Raises InputError."""
    where = where or original_id
    check_size(len(html), where)
    if not _BLOCK.search(html):
        html = "".join(f"<p>{part}</p>" for part in html.split("\n\n"))
    return _assemble(html, metadata or Metadata(), original_id, id_from, where, resolve)


def parse_html(
    html: str,
    *,
    original_id: str,
    id_from: str | None = None,
    where: str | None = None,
    url: str | None = None,
    resolve: Resolve | None = None,
    metadata: Metadata | None = None,
) -> Article:
    """An article from a web page, or from a fragment of one, with optional front matter.

    A page is reduced to its main content first and its metadata is read. `url` is where the page
    was found; its own canonical address wins. Raises InputError.
    """
    where = where or original_id
    check_size(len(html), where)
    front, body = split_front_matter(html, where)
    known = front.over(metadata or Metadata())
    if not _PAGE.search(body[:100_000]):
        return parse_fragment(
            body,
            original_id=original_id,
            id_from=id_from,
            where=where,
            resolve=resolve or resolver_for_url(known.canonical_url or url),
            metadata=known,
        )
    # trafilatura takes a second to import, and Markdown never needs it.
    from igny8_media.articles.webpage import read_page

    page, found = read_page(body, where, url)
    known = known.over(found)
    tracked = _Tracked(resolve or resolver_for_url(known.canonical_url or url))
    blocks = page.blocks(tracked)
    return _finish(blocks, known, original_id, id_from, where, tracked)


def parse_file(path: Path, *, root: Path | None = None) -> Article:
    """The article in one Markdown or HTML file.

    Pictures are looked for below `root` (default: the file's folder). `original_id` is the path
    below `root`, and the ID is made of that path without its suffix, whatever the front matter
    says, so that a listing knows the ID without opening the file. Raises InputError.
    """
    root = root or path.parent
    where = str(path)
    suffix = path.suffix.lower()
    if suffix not in MARKDOWN_SUFFIXES | HTML_SUFFIXES and path.is_file():
        raise InputError(f"{where} is neither Markdown (.md) nor HTML (.html); convert it first.")
    text, notes = read_source(path, where)
    original_id = path_below(path, root)
    front, _ = split_front_matter(text, where)
    parse_text = parse_markdown if suffix in MARKDOWN_SUFFIXES else parse_html
    return parse_text(
        text,
        original_id=original_id,
        id_from=id_source(original_id),
        where=where,
        resolve=resolver_for_folder(path, root, front.canonical_url),
        metadata=Metadata(notes=notes),
    )


def path_below(path: Path, root: Path) -> str:
    """What a file is called as an article: its POSIX path below `root`."""
    return PurePosixPath(path.absolute().relative_to(root.absolute())).as_posix()


def id_source(original_id: str) -> str:
    """The part of a path that makes the ID: without the suffix, so that IDs stay readable."""
    return PurePosixPath(original_id).with_suffix("").as_posix()


class _Tracked:
    """Remembers how each picture was resolved, because the version counts its identity."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self.found: dict[str, Reference] = {}

    def __call__(self, source: str) -> Reference:
        reference = self._resolve(source)
        self.found[reference.source] = reference
        return reference


def _assemble(
    html: str,
    metadata: Metadata,
    original_id: str,
    id_from: str | None,
    where: str,
    resolve: Resolve | None,
) -> Article:
    tracked = _Tracked(resolve or resolver_for_url(metadata.canonical_url))
    blocks = blocks_below(parse(html, where), tracked)
    return _finish(blocks, metadata, original_id, id_from, where, tracked)


def _finish(
    blocks: list[Block],
    metadata: Metadata,
    original_id: str,
    id_from: str | None,
    where: str,
    resolve: _Tracked,
) -> Article:
    lead = _lead_picture(blocks, metadata, resolve)
    return build_article(
        [*lead, *blocks],
        metadata,
        original_id=original_id,
        id_from=id_from,
        where=where,
        references=resolve.found,
    )


def _lead_picture(blocks: list[Block], metadata: Metadata, resolve: Resolve) -> list[Block]:
    """The picture named in the metadata, unless the text shows it or pictures of its own.

    A page's sharing picture is often a logo or a crop of the first picture, so it only serves an
    article that has no other.
    """
    if not metadata.image or any(isinstance(b, Image) and not b.missing for b in blocks):
        return []
    found = resolve(metadata.image)
    return [Image(source=found.source, alt=metadata.image_alt, missing=found.missing)]
