"""Carousel slides: a title that stops the thumb, points with room to breathe, a closing."""

from dataclasses import dataclass, replace

from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.compose import (
    MAX_ENLARGEMENT,
    Composed,
    Words,
    card_image,
    picture_image,
    word_notes,
)
from igny8_media.imaging.crop import crop_window, cropped
from igny8_media.imaging.decode import Decoded
from igny8_media.imaging.frame import (
    Frame,
    Size,
    accent_bar,
    fitted,
    footer,
    footer_height,
    frame,
    headline,
    inks,
    reads_rtl,
)
from igny8_media.imaging.overlay import least_contrast, line_boxes
from igny8_media.imaging.shapes import panel
from igny8_media.imaging.text import draw_text
from igny8_media.imaging.theme import Theme
from igny8_media.social.model import Slide

_BAND = 0.46  # of a point's slide, for the picture of what it tells: across the top,
_SIDE = 0.42  # or, if it is tall, down the right
_LEAST_KEPT = 0.5  # share of attention; of less, what is cut out is another picture


@dataclass(frozen=True)
class Deck:
    """What all slides of a carousel share. `picture` stands behind the title."""

    size: Size
    theme: Theme
    language: str
    total: int
    seed: int
    picture: Decoded | None = None


def picture_room(picture: Decoded, size: Size) -> Size | None:
    """How much of a point's slide a picture takes; None for diagrams and what a cut would ruin."""
    rooms = ((size[0], round(size[1] * _BAND)), (round(size[0] * _SIDE), size[1]))
    crops = [(crop_window(picture.size, w / h, picture.attention), (w, h)) for w, h in rooms]
    crop, room = max(crops, key=lambda pair: pair[0].kept)
    sharp = room[0] / (crop.box[2] - crop.box[0]) <= MAX_ENLARGEMENT
    whole = crop.kept >= _LEAST_KEPT and not crop.cuts_face
    return room if sharp and whole and not picture.attention.graphic else None


def slide_image(slide: Slide, number: int, deck: Deck, picture: Decoded | None = None) -> Composed:
    """One slide; `number` counts from 1, `picture` is shown beside a point if it has room there."""
    words = Words(slide.heading, slide.body, f"{number}/{deck.total}", deck.language)
    if slide.kind == "title" and deck.picture is not None:
        composed = picture_image(deck.picture, deck.size, words, deck.theme)
        _progress(composed.image, frame(deck.size), number, deck)
        return composed
    if slide.kind == "title":
        composed = card_image(deck.size, words, deck.theme, deck.seed)
        _progress(composed.image, frame(deck.size), number, deck)
        return composed
    return _text_slide(slide, number, deck, picture)


def _text_slide(slide: Slide, number: int, deck: Deck, picture: Decoded | None) -> Composed:
    image, box = backdrop(deck.size, deck.theme, deck.seed), frame(deck.size)
    unit, colours = box.unit, inks(deck.theme)
    closing = slide.kind == "closing"
    if picture is not None:
        box = _shown(image, picture, box)
    room = box.height - footer_height(box, deck.theme, "1")
    top = box.top
    if not closing:
        size = (120 if picture is None else 60) * unit
        top = _step(image, box, size, number - 1, deck) + (36 if picture is None else 30) * unit
    room -= top - box.top
    gap = (34 if picture is None else 20) * unit
    body = (
        fitted(
            slide.body,
            deck.theme,
            box.width,
            room * 0.58,
            (54 if picture is None else 50) * unit,
            weight=450,
            language=deck.language,
            spacing=1.36,
            least=0.5,
        )
        if slide.body
        else None
    )
    below = gap + body.height if body else 0.0
    head = headline(
        slide.heading,
        deck.theme,
        box.width,
        room - below - (40 if picture is None else 10) * unit,
        (104 if closing else 96 if picture is None else 80) * unit,
        deck.language,
    )
    free = max(0.0, room - head.height - below - 40 * unit) if picture is None else 0.0
    y = top + free * (0.5 if closing else 0.55)  # points stand low, under their number
    if closing:
        y = accent_bar(image, box, y, deck.theme, rtl=reads_rtl(head)) + 32 * unit
    contrast = least_contrast(image, line_boxes(head, box.left, y), colours.text)
    draw_text(image, head, (box.left, y), colours.text)
    y += head.height + gap
    if body:
        contrast = min(
            contrast, least_contrast(image, line_boxes(body, box.left, y), colours.muted)
        )
        draw_text(image, body, (box.left, y), colours.muted)
    _progress(image, box, number, deck)
    footer(image, box, deck.theme, f"{number}/{deck.total}")
    dropped = head.dropped + (body.dropped if body else "")
    shortened = head.shortened or (body is not None and body.shortened)
    return Composed(image, contrast, word_notes(dropped, shortened))


def _shown(image: Image.Image, picture: Decoded, box: Frame) -> Frame:
    """Put the picture where it has room; returns the box that is left for words."""
    room = picture_room(picture, box.size)
    if room is None:
        return box
    crop = crop_window(picture.size, room[0] / room[1], picture.attention)
    image.paste(cropped(picture.pixels, crop.box, room), (box.size[0] - room[0], 0))
    gap = 36 * box.unit
    if room[0] == box.size[0]:
        return replace(box, top=room[1] + gap)
    return replace(box, right=box.size[0] - room[0] - gap)


def _step(image: Image.Image, box: Frame, size: float, step: int, deck: Deck) -> float:
    """The point's number, large; returns where it ends."""
    laid = fitted(
        f"{step:02d}",
        deck.theme,
        box.width,
        2 * size,
        size,
        weight=850,
        tracking=-0.03,
    )
    y = box.top - laid.ascent + laid.cap_height
    draw_text(image, laid, (box.left, y), inks(deck.theme).shape)
    return box.top + laid.cap_height


def _progress(image: Image.Image, box: Frame, number: int, deck: Deck) -> None:
    """A hairline along the lower edge that fills as the reader swipes."""
    bottom = deck.size[1]
    thick = 8 * box.unit
    panel(image, (0, bottom - thick, deck.size[0], bottom), 0, (*inks(deck.theme).text, 30))
    filled = deck.size[0] * number / deck.total
    panel(image, (0, bottom - thick, filled, bottom), 0, inks(deck.theme).shape)
