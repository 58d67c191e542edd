"""A picture as the base of a shot: cropped to what matters, shown whole, or sunk behind type."""

import math
from typing import Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from igny8_media.imaging.backdrop import backdrop
from igny8_media.imaging.crop import crop_box
from igny8_media.imaging.decode import Decoded
from igny8_media.imaging.shapes import rounded_mask, shadow
from igny8_media.imaging.theme import Theme

_LEAST_KEPT: Final = 0.45
"""Share of a photograph's attention that a crop must keep."""
_MOSTLY: Final = 0.68
"""The same, of one that is to be seen as good as whole."""
_MARGIN: Final = 0.05
"""Beside a picture that is seen whole, of the frame's width, at the least."""
_THINNEST: Final = 0.2
"""Of the frame's shorter side: a picture seen whole that is thinner than this shows nothing."""
_LARGEST_SCALE: Final = 2.2
"""Beyond this enlargement pixels are seen."""
_SUNK: Final = 0.82
"""Share of the background colour: white text then keeps 4.5:1 on a white picture."""

Size = tuple[int, int]
Box = tuple[int, int, int, int]


def shows_whole(seen: Decoded, frame: Size) -> bool:
    """Whether a picture is to be seen whole, because a crop would cost too much.

    Half a drawing explains nothing; of a photograph, the crop may not take away what matters, and
    need not be enlarged until it is mush.
    """
    if seen.attention.graphic:
        return True
    crop = crop_box(seen.image, frame[0] / frame[1], seen.attention)
    enlarged = frame[0] / (crop.box[2] - crop.box[0])
    return crop.kept < _LEAST_KEPT or crop.cuts_face or enlarged > _LARGEST_SCALE


def framing(seen: Decoded, size: Size, closeness: float = 1.0) -> Box:
    """The part of a picture that matters, in the shape of `size`, in pixels.

    `closeness` below 1 takes that much less of the picture, around its centre of attention, unless
    that would cut a face.
    """
    box = crop_box(seen.image, size[0] / size[1], seen.attention).box
    if closeness == 1:
        return box
    focus = centre_of_attention(seen, box)
    width, height = (box[2] - box[0]) * closeness, (box[3] - box[1]) * closeness
    left = box[0] + min(max(focus[0] * (box[2] - box[0]) - width / 2, 0), box[2] - box[0] - width)
    top = box[1] + min(max(focus[1] * (box[3] - box[1]) - height / 2, 0), box[3] - box[1] - height)
    closer = (round(left), round(top), round(left + width), round(top + height))
    return closer if all(_holds(face) for face in faces_in(seen, closer)) else box


def faces_in(seen: Decoded, box: Box) -> list[tuple[float, float, float, float]]:
    """The picture's faces (left, top, right, bottom) in fractions of `box`, cut ones too."""
    width, height = seen.image.size
    across, down = box[2] - box[0], box[3] - box[1]
    return [
        (
            (left * width - box[0]) / across,
            (top * height - box[1]) / down,
            (right * width - box[0]) / across,
            (bottom * height - box[1]) / down,
        )
        for left, top, right, bottom in seen.attention.faces
    ]


def cut(seen: Decoded, size: Size, box: Box) -> Image.Image:
    """A part of a picture in exactly `size`."""
    return seen.image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _holds(face: tuple[float, float, float, float]) -> bool:
    return min(face[:2]) >= 0 and max(face[2:]) <= 1


def centre_of_attention(seen: Decoded, box: Box) -> tuple[float, float]:
    """Where the eye goes inside `box`, as fractions of it, kept off its edges."""
    weight = seen.attention.weight
    height, width = weight.shape
    x = (np.arange(width) + 0.5) / width * seen.image.width
    y = (np.arange(height) + 0.5) / height * seen.image.height
    inside = weight * ((x >= box[0]) & (x < box[2])) * ((y >= box[1]) & (y < box[3]))[:, None]
    total = float(inside.sum()) or 1.0
    across = (float((inside.sum(axis=0) * x).sum()) / total - box[0]) / (box[2] - box[0])
    down = (float((inside.sum(axis=1) * y).sum()) / total - box[1]) / (box[3] - box[1])
    return min(0.7, max(0.3, across)), min(0.7, max(0.3, down))


def margins(frame: Size) -> tuple[float, float]:
    """Where a picture that is seen whole may begin and end across a frame, in pixels."""
    return frame[0] * _MARGIN, frame[0] * (1 - _MARGIN)


def thinness(seen: Decoded, frame: Size, tall: float) -> int | None:
    """Pixels to which a picture seen whole would shrink, if that is too few to see anything.

    `tall` is the height in pixels that it may take.
    """
    across = frame[0] * (1 - 2 * _MARGIN)
    scale = min(across / seen.image.width, tall / seen.image.height, _LARGEST_SCALE)
    thin = min(seen.image.size) * scale
    return round(thin) if thin < _THINNEST * min(frame) else None


def whole(
    seen: Decoded,
    size: Size,
    theme: Theme,
    seed: int,
    room: tuple[float, float, float, float],
) -> Image.Image:
    """The whole picture on a ground of its own, in a `room` (left, top, right, bottom; pixels).

    A photograph may lose a little at its sides to fill the room better, and stands before a blurred
    and darkened enlargement of itself; a drawing, which is mostly paper, before the theme's
    backdrop.
    """
    if seen.attention.graphic:
        behind = backdrop(size, theme, seed)
    else:
        behind = ImageEnhance.Brightness(_blurred(seen.image, size)).enhance(0.45)
    widest, tallest = room[2] - room[0], room[3] - room[1]
    picture = _nearly_whole(seen, widest / tallest)
    inside = min(widest / picture.width, tallest / picture.height, _LARGEST_SCALE)
    front = picture.resize(
        (max(1, round(picture.width * inside)), max(1, round(picture.height * inside))),
        Image.Resampling.LANCZOS,
    )
    left = round(room[0] + (widest - front.width) / 2)
    top = round(room[1] + (tallest - front.height) / 2)
    area = (left, top, left + front.width, top + front.height)
    shadow(behind, area, size[0] * 0.02, 0.5)
    mask = rounded_mask(front.width, front.height, round(min(size) * 0.012))
    behind.paste(front, (left, top), mask)
    return behind


def _nearly_whole(seen: Decoded, shape: float) -> Image.Image:
    """A photograph cut towards a shape (width over height) as far as nothing that matters goes."""
    own = seen.image.width / seen.image.height
    if seen.attention.graphic:
        return seen.image
    for ratio in (shape, math.sqrt(shape * own)):
        crop = crop_box(seen.image, ratio, seen.attention)
        if crop.kept >= _MOSTLY and not crop.cuts_face:
            return seen.image.crop(crop.box)
    return seen.image


def sunk(seen: Decoded, size: Size, theme: Theme, seed: int) -> Image.Image:
    """The picture blurred and sunk into the theme's background: type stays legible on it.

    A drawing, which would only be a grey cloud, gives way to the theme's own backdrop.
    """
    if seen.attention.graphic:
        return backdrop(size, theme, seed)
    ground = Image.new("RGB", size, theme.background)
    return Image.blend(_blurred(seen.image, size), ground, _SUNK)


def _blurred(picture: Image.Image, size: Size) -> Image.Image:
    """A soft enlargement that covers `size`, computed small: a blur has no detail to lose."""
    small = (max(8, size[0] // 16), max(8, size[1] // 16))
    soft = ImageOps.fit(picture, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2.5))
    return soft.resize(size, Image.Resampling.BICUBIC)
