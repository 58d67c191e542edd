"""Content IDs: the one name an article has everywhere, from the partition to the file key."""

import hashlib
import re
import unicodedata

_VALID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SLUG_LENGTH = 48
_HASH_LENGTH = 10


def content_id(original_id: str) -> str:
    """Map what a source calls an article to an ID that matches `^[A-Za-z0-9_-]{1,64}$`.

    A valid ID maps to itself. Anything else becomes a readable slug, a hyphen and ten hexadecimal
    digits of the original's SHA-256, so two originals with one slug keep two IDs, and the same
    original has the same ID on every machine.
    """
    if _VALID.fullmatch(original_id):
        return original_id
    digest = hashlib.sha256(original_id.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    slug = slugify(original_id)[:_SLUG_LENGTH].strip("-")
    return f"{slug}-{digest}" if slug else digest


def slugify(text: str) -> str:
    """Lower-case ASCII letters and digits joined by single hyphens; accents fall off letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
