"""Every picture of one post: main image, carousel slides, document, story and reel cover."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.imaging.compose import Composed, Words, card_image, picture_image, suits, usable
from igny8_media.imaging.decode import Decoded, decode
from igny8_media.imaging.document import jpeg_document
from igny8_media.imaging.encode import Encoded, choose_format, encode
from igny8_media.imaging.frame import Size
from igny8_media.imaging.sizes import CAROUSEL, COVER, DOCUMENT_LIMIT, JPEG, MAIN, Canvas
from igny8_media.imaging.slides import Deck, picture_room, slide_image
from igny8_media.imaging.theme import Theme
from igny8_media.social.model import Platform, Slide, SocialPost

_CANDIDATES = 4  # pictures looked at for the best; an article's first ones say what it is about
_HERO = 0.25  # how much better a later picture must suit than the first


class SourcePicture(Frozen):
    """A picture of the article: where its file is, its alt text, its key in the media store."""

    path: Path
    alt: str
    key: str


class MadePicture(Frozen):
    """One file made for a post; `file` is its name in the output folder, sizes are pixels.

    `index` counts slides from 1, and is 0 elsewhere. `source` is the article picture's key, or
    "card". `contrast` is the least between headline and the pixels behind it (0 for a document).
    """

    file: str
    role: Literal["image", "slide", "cover", "document"]
    index: int
    width: int
    height: int
    mime: str
    size: int
    alt_text: str
    source: str
    format_reason: str
    contrast: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Chosen:
    key: str
    alt: str
    picture: Decoded


def post_images(
    post: SocialPost,
    pictures: Sequence[SourcePicture],
    theme: Theme,
    out_dir: Path,
    told: Mapping[int, str] | None = None,
) -> tuple[MadePicture, ...]:
    """Make the pictures of one post in `out_dir`; the best article picture, or designed cards.

    `told` names pictures by their key for slides that tell of them, by the slide's number from 1.
    A picture that cannot be read is left out and named in the notes. Raises InputError when the
    headline's script has no font.
    """
    found, lost = _readable(pictures, theme)
    canvas = MAIN[post.platform]
    words = Words(post.headline, language=post.language)
    made = [_single(post, canvas, "image", words, found, lost, theme, out_dir)]
    if post.slides and post.platform in CAROUSEL:
        beside = _beside(told or {}, found, CAROUSEL[post.platform].size)
        made += _carousel(post, found, beside, theme, out_dir)
    if post.platform is Platform.INSTAGRAM:
        made.append(_single(post, COVER, "cover", words, found, lost, theme, out_dir))
    return tuple(made)


def _readable(
    pictures: Sequence[SourcePicture], theme: Theme
) -> tuple[list[_Chosen], tuple[str, ...]]:
    found: list[_Chosen] = []
    lost: list[str] = []
    for source in pictures[: 2 * _CANDIDATES]:
        if len(found) == _CANDIDATES:
            break
        try:
            picture = decode(source.path, theme)
        except InputError as error:
            lost.append(str(error))
            continue
        if usable(picture):
            found.append(_Chosen(source.key, source.alt, picture))
        else:
            lost.append(
                f"The picture {source.path.name} is only {picture.width}×{picture.height} pixels; "
                f"it is not used."
            )
    return found, tuple(lost)


def _best(found: Sequence[_Chosen], size: Size) -> _Chosen | None:
    ranked = [
        (suits(chosen.picture, size) + (_HERO if number == 0 else 0.0), -number)
        for number, chosen in enumerate(found)
    ]
    return found[-max(ranked)[1]] if ranked else None


def _single(
    post: SocialPost,
    canvas: Canvas,
    role: Literal["image", "cover"],
    words: Words,
    found: Sequence[_Chosen],
    lost: tuple[str, ...],
    theme: Theme,
    out_dir: Path,
) -> MadePicture:
    chosen = _best(found, canvas.size)
    composed = _composed(chosen.picture if chosen else None, canvas.size, words, theme)
    encoded = encode(composed.image, canvas.formats, canvas.limit)
    name = role + encoded.suffix
    (out_dir / name).write_bytes(encoded.data)
    alt = post.alt_text or (chosen.alt if chosen else "") or post.headline
    return _made(name, role, 0, canvas.size, encoded, alt, chosen, composed, lost)


@lru_cache(maxsize=2)
def _composed(picture: Decoded | None, size: Size, words: Words, theme: Theme) -> Composed:
    """The picture or card; a TikTok image and a story cover of the same words are one."""
    if picture is not None:
        return picture_image(picture, size, words, theme)
    return card_image(size, words, theme)


def _beside(told: Mapping[int, str], found: Sequence[_Chosen], size: Size) -> dict[int, _Chosen]:
    """The pictures for slides that may stand there; the title's has been seen."""
    title = _best(found, size)
    free = {one.key: one for one in found if one is not title and picture_room(one.picture, size)}
    return {number: free[key] for number, key in told.items() if key in free}


def _carousel(
    post: SocialPost,
    found: Sequence[_Chosen],
    beside: Mapping[int, _Chosen],
    theme: Theme,
    out_dir: Path,
) -> Iterator[MadePicture]:
    canvas = CAROUSEL[post.platform]
    chosen = _best(found, canvas.size)
    deck = Deck(
        canvas.size,
        theme,
        post.language,
        len(post.slides),
        Words(post.headline).seed,
        chosen.picture if chosen else None,
    )
    pages: list[bytes] = []
    for number, slide in enumerate(post.slides, start=1):
        shown = beside.get(number)
        composed, jpeg = _slide(slide, number, deck, shown.picture if shown else None)
        encoded = _slide_file(composed, jpeg, canvas)
        name = f"slide-{number:02d}{encoded.suffix}"
        (out_dir / name).write_bytes(encoded.data)
        pages.append(jpeg.data)
        alt = _sentences(shown.alt if shown else "", slide.heading, slide.body)
        pictured = chosen if slide.kind == "title" else shown
        yield _made(name, "slide", number, canvas.size, encoded, alt, pictured, composed, ())
    if post.platform is Platform.LINKEDIN:
        yield _document(post, pages, canvas, out_dir)


@lru_cache(maxsize=12)
def _slide(
    slide: Slide, number: int, deck: Deck, picture: Decoded | None
) -> tuple[Composed, Encoded]:
    """A slide and its JPEG; carousels of one article share the slides they agree on."""
    composed = slide_image(slide, number, deck, picture)
    least = min(canvas.limit for canvas in CAROUSEL.values())
    return composed, encode(composed.image, (JPEG,), least)


def _sentences(*parts: str) -> str:
    """Parts read out one after the other, each ended once: a question keeps its mark."""
    said = [part for part in parts if part]
    ended = [p if p.endswith(tuple(".!?…。！？؟")) else f"{p}." for p in said[:-1]]
    return " ".join([*ended, *said[-1:]])


def _slide_file(composed: Composed, jpeg: Encoded, canvas: Canvas) -> Encoded:
    """The slide in the platform's best format."""
    mime, reason = choose_format(composed.image, canvas.formats)
    if mime == JPEG:
        return replace(jpeg, reason=reason)
    return encode(composed.image, canvas.formats, canvas.limit)


def _document(
    post: SocialPost, pages: Sequence[bytes], canvas: Canvas, out_dir: Path
) -> MadePicture:
    data = jpeg_document(pages, canvas.size, post.headline)
    if len(data) > DOCUMENT_LIMIT:
        raise InputError(
            f"The document of {len(pages)} slides has {len(data):,} bytes, more than LinkedIn's "
            f"{DOCUMENT_LIMIT:,}; use fewer slides."
        )
    name = "carousel.pdf"
    (out_dir / name).write_bytes(data)
    return MadePicture(
        file=name,
        role="document",
        index=0,
        width=canvas.width,
        height=canvas.height,
        mime="application/pdf",
        size=len(data),
        alt_text=post.headline,
        source="card",
        format_reason="LinkedIn shows documents as carousels",
        contrast=0.0,
    )


def _made(
    name: str,
    role: Literal["image", "slide", "cover"],
    index: int,
    size: Size,
    encoded: Encoded,
    alt: str,
    chosen: _Chosen | None,
    composed: Composed,
    lost: tuple[str, ...],
) -> MadePicture:
    return MadePicture(
        file=name,
        role=role,
        index=index,
        width=size[0],
        height=size[1],
        mime=encoded.mime,
        size=len(encoded.data),
        alt_text=alt,
        source=chosen.key if chosen else "card",
        format_reason=encoded.reason,
        contrast=round(composed.contrast, 2),
        notes=(*composed.notes, *lost),
    )
