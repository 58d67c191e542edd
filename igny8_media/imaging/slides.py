"""Carousel slides: a title that stops the thumb, points with room to breathe, a closing."""

from dataclasses import dataclass

from PIL import Image

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.compose import Composed, Words, card_image, picture_image, word_notes
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


@dataclass(frozen=True)
class Deck:
    """What all slides of a carousel share. `picture` stands behind the title."""

    size: Size
    theme: Theme
    language: str
    total: int
    seed: int
    picture: Decoded | None = None


def slide_image(slide: Slide, number: int, deck: Deck) -> Composed:
    """One slide; `number` counts from 1."""
    words = Words(slide.heading, slide.body, f"{number}/{deck.total}", deck.language)
    if slide.kind == "title" and deck.picture is not None:
        composed = picture_image(deck.picture, deck.size, words, deck.theme)
        _progress(composed.image, frame(deck.size), number, deck)
        return composed
    if slide.kind == "title":
        composed = card_image(deck.size, words, deck.theme, deck.seed)
        _progress(composed.image, frame(deck.size), number, deck)
        return composed
    return _text_slide(slide, number, deck)


def _text_slide(slide: Slide, number: int, deck: Deck) -> Composed:
    image, box = backdrop(deck.size, deck.theme, deck.seed), frame(deck.size)
    unit, colours = box.unit, inks(deck.theme)
    closing = slide.kind == "closing"
    room = box.height - footer_height(box, deck.theme, "1")
    top = box.top
    if not closing:
        top = _step(image, box, number - 1, deck) + 36 * unit
    room -= top - box.top
    gap = 34 * unit
    body = (
        fitted(
            slide.body,
            deck.theme,
            box.width,
            room * 0.58,
            54 * unit,
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
        room - below - 40 * unit,
        (104 if closing else 96) * unit,
        deck.language,
    )
    free = max(0.0, room - head.height - below - 40 * unit)
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


def _step(image: Image.Image, box: Frame, step: int, deck: Deck) -> float:
    """The point's number, large; returns where it ends."""
    laid = fitted(
        f"{step:02d}",
        deck.theme,
        box.width,
        200 * box.unit,
        120 * box.unit,
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
