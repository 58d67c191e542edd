"""Where the pictures of an article are: references as written, made absolute and checked."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

# A picture inside the text: bigger ones bloat whatever carries the article about.
MAX_DATA_URI = 5_000_000


@dataclass(frozen=True)
class Reference:
    """A picture's absolute source, or a sentence why there is none.

    `identity` stands for the picture in the article's version: the same on every machine.
    """

    source: str
    identity: str
    missing: str | None = None


Resolve = Callable[[str], Reference]


def refused(source: str, why: str) -> Reference:
    return Reference(source=source, identity=source, missing=why)


def _data_uri(source: str) -> Reference:
    digest = hashlib.sha256(source.encode()).hexdigest()
    name = f"{source[: source.find(',') if ',' in source else 0][:40]},sha256={digest[:12]}"
    if len(source) > MAX_DATA_URI:
        why = (
            f"A picture written into the text takes {len(source) / 1e6:.1f} MB; "
            f"at most {MAX_DATA_URI / 1e6:.0f} MB are read, so save it as a file and link to it."
        )
        return Reference(source=name, identity=digest, missing=why)
    return Reference(source=source, identity=digest)


def resolver_for_url(base_url: str | None) -> Resolve:
    """Resolve against the article's own address; without one, only absolute addresses work."""

    def resolve(source: str) -> Reference:
        if source.startswith("data:"):
            return _data_uri(source)
        try:
            absolute = urljoin(base_url, source) if base_url else source
            parts = urlsplit(absolute)
        except ValueError:
            return refused(source, f"The picture address {source[:120]!r} is not a valid URL.")
        if parts.scheme in {"http", "https"} and parts.netloc:
            return Reference(source=absolute, identity=absolute)
        if parts.scheme and parts.scheme not in {"http", "https"}:
            return refused(source, f"The picture {source[:120]!r} is not an http(s) address.")
        return refused(
            source,
            f"The picture {source[:120]!r} has no address of its own; give the article a "
            "canonical_url or write the picture's full http(s) address.",
        )

    return resolve


def resolver_for_folder(document: Path, root: Path, base_url: str | None = None) -> Resolve:
    """Resolve against the document's folder; nothing outside `root` is ever named.

    Symbolic links are followed before the check, so a link that leads out of `root` is refused.
    A path that starts with a slash is looked for under `root`, as web servers do. If no such file
    exists and `base_url` is known, the picture is taken from the published page instead.
    """
    real_root = root.resolve()

    def resolve(source: str) -> Reference:
        if source.startswith("data:"):
            return _data_uri(source)
        try:
            parts = urlsplit(source)
        except ValueError:
            return refused(source, f"The picture path {source[:120]!r} cannot be read.")
        if parts.scheme or parts.netloc:
            return resolver_for_url(base_url)(source)
        written = unquote(parts.path)
        if "\x00" in written or not written:
            return refused(source, f"The picture path {source[:120]!r} cannot be read.")
        start = real_root if written.startswith("/") else document.resolve().parent
        try:
            path = (start / written.lstrip("/")).resolve()
            inside = path.is_relative_to(real_root)
            is_file = inside and path.is_file()
            content = path.read_bytes() if is_file and path.stat().st_size <= 50_000_000 else None
        except (OSError, RuntimeError, ValueError) as error:
            return refused(source, f"The picture {source[:120]!r} cannot be opened: {error}.")
        if not inside:
            return refused(
                source,
                f"The picture path {source[:120]!r} leads out of the article's folder; "
                "put the picture inside it.",
            )
        if content is not None:
            return Reference(source=str(path), identity=hashlib.sha256(content).hexdigest())
        if is_file:
            return refused(source, f"The picture {source[:120]!r} is larger than 50 MB.")
        if base_url:
            return resolver_for_url(base_url)(source)
        return refused(
            source,
            f"The picture {source[:120]!r} does not exist; check the path beside the article.",
        )

    return resolve
