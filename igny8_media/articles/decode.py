"""From the bytes of a source to its text: size limits, binary files, encodings."""

import codecs
import re
from pathlib import Path

from igny8_media.errors import InputError, OutsideError

MAX_SOURCE_BYTES = 10_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
# Control bytes that text never holds, in any encoding that keeps ASCII in its place.
_BINARY_BYTES = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)


def check_size(size: int, where: str) -> None:
    """Refuse what is empty or too large, before any of it is read or parsed."""
    if size == 0:
        raise InputError(f"{where} is empty; write the article into it or leave it out.")
    if size > MAX_SOURCE_BYTES:
        raise InputError(
            f"{where} has {size / 1e6:.1f} MB; an article may have "
            f"{MAX_SOURCE_BYTES / 1e6:.0f} MB, so move its pictures into files or split it."
        )


def read_source(path: Path, where: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and notes about its encoding."""
    try:
        if path.is_dir():
            raise InputError(f"{where} is a folder; name a Markdown or HTML file.")
        with path.open("rb") as file:
            check_size(path.stat().st_size, where)
            data = file.read(MAX_SOURCE_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{where} does not exist; check the path.") from None
    except PermissionError:
        raise InputError(f"{where} may not be read; check its permissions.") from None
    except OSError as error:
        raise OutsideError(f"{where} cannot be read: {error.strerror or error}.") from error
    return decode_source(data, where)


def decode_source(
    data: bytes, where: str, declared: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Decode by byte order mark, the transport's `declared` charset, UTF-8, the page's own
    `<meta charset>`, and at last by guessing; anything but UTF-8 is said in a note."""
    check_size(len(data), where)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data.decode(encoding, "replace")
            note = () if encoding == "utf-8-sig" else (f"Read as {encoding.upper()}.",)
            return text, note
    _refuse_binary(data, where)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        broken_at = error.start
    found = _META_CHARSET.search(data[:4096])
    said = found[1].decode() if found else None
    for name, origin in ((declared, "as the server said"), (said, "as the page says")):
        known = _decoded(data, name)
        if known is not None:
            return known, (f"Read as {name}, {origin}, since it is not UTF-8.",)
    if _mostly_utf8(data):
        lost = "Some bytes are not valid UTF-8 and were left out, the first at byte "
        return data.decode("utf-8", "ignore"), (f"{lost}{broken_at}.",)
    return _guess(data, where)


def _refuse_binary(data: bytes, where: str) -> None:
    head = data[:65536]
    kind = next((name for signature, name in _SIGNATURES if head.startswith(signature)), None)
    strange = len(head) - len(head.translate(None, _BINARY_BYTES))
    # A few stray control bytes happen in real text; NULs by the dozen do not.
    if kind or strange > max(16, len(head) // 30):
        raise InputError(
            f"{where} is {kind or 'binary data'}, not text; name a Markdown or HTML file."
        )


def _decoded(data: bytes, name: str | None) -> str | None:
    if not name:
        return None
    try:
        return data.decode("cp1252" if name.lower() in {"iso-8859-1", "latin1"} else name)
    except (LookupError, UnicodeDecodeError):
        return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether non-ASCII text is UTF-8 with a few broken bytes rather than another encoding."""
    decoded = data.decode("utf-8", "replace")
    broken = decoded.count("\ufffd")
    good = sum(ord(char) > 127 for char in decoded) - broken
    return good > 10 * broken


def _guess(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    # 250 ms to import, and nearly every article is UTF-8.
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data[:200_000]))
    best = matches[0] if matches else None
    for match in matches:
        # Of equally likely ones, the encoding that most of the world's old files are in.
        if (match.chaos, match.coherence) == (matches[0].chaos, matches[0].coherence):
            best = match if match.encoding == "cp1252" else best
    text = _decoded(data, best.encoding) if best else None
    if text is None or best is None:
        raise InputError(f"The encoding of {where} cannot be told; save it as UTF-8.")
    return text, (f"Read as {best.encoding}, a guess: save it as UTF-8 to be sure.",)
