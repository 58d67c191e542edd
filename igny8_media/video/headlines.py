"""A line of type over a picture, and the room that it leaves for one that is seen whole."""

from dataclasses import replace
from typing import Final, NamedTuple

from PIL import Image

from igny8_media.imaging.frame import Size
from igny8_media.imaging.lowerthird import overlay_layer
from igny8_media.imaging.shaping import Style, paragraph
from igny8_media.imaging.theme import Theme
from igny8_media.video.areas import text_room
from igny8_media.video.photographs import margins

_COLUMN: Final = 0.4
"""Of a wide frame's width, what type beside a picture may take with the air around it."""
_GAP: Final = 0.02
"""Between type and picture, of the frame's longer side."""
_SOLID: Final = 160
"""Alpha of what is more than a shadow."""


class Free(NamedTuple):
    """Where a picture that is seen whole may begin and end, in pixels of the frame."""

    left: float
    top: float
    right: float


def free_of(size: Size) -> Free:
    """The room on a frame without type."""
    left, right = margins(size)
    return Free(left, text_room(size).top, right)


def headline_over(
    size: Size, text: str, theme: Theme, language: str, *, beside: bool
) -> tuple[Free, Image.Image]:
    """The type as a layer, and what it leaves free.

    It stands above the picture or, on a wide frame whose height a whole picture needs, `beside` it.
    """
    room, free = text_room(size), free_of(size)
    rtl = paragraph(text, Style()).rtl
    if beside:
        column = _COLUMN * size[0]
        left, right = (room.right - column, room.right) if rtl else (room.left, room.left + column)
        room = replace(room, left=left, right=right)
    layer = overlay_layer(size, text, theme, "top", language, room)
    solid = layer.getchannel("A").point(lambda alpha: 255 if alpha > _SOLID else 0).getbbox()
    if solid:
        gap = _GAP * max(size)
        if not beside:
            free = free._replace(top=max(free.top, solid[3] + gap))
        elif rtl:
            free = free._replace(right=solid[0] - gap)
        else:
            free = free._replace(left=solid[2] + gap)
    return free, layer
