"""Glyphs and masks onto pixels: HarfBuzz rasterises, so no system library is needed."""

import io

import numpy as np
import uharfbuzz as hb
from PIL import Image, ImageColor

from igny8_media.imaging.fontfiles import face
from igny8_media.imaging.shaping import Glyph, glyph_box

Fill = str | tuple[int, int, int] | tuple[int, int, int, int]
_EMOJI = 0.86  # emoji fonts fill lines to the brim; a little smaller sits better among letters


def draw_glyphs(
    image: Image.Image, glyphs: list[tuple[Glyph, float, float]], size: float, fill: Fill
) -> None:
    raster = hb.RasterDraw()
    left, top, right, bottom = _bounds(glyphs, size, image.size)
    if right <= left or bottom <= top:
        return
    raster.extents = hb.RasterExtents(left, -bottom, right - left, bottom - top, 0)
    for glyph, x, y in glyphs:
        if glyph.file.colour:
            _draw_emoji(image, glyph, x, y, size)
            continue
        scale = size / face(glyph.file.path, glyph.file.index).upem
        raster.transform = (scale, 0, 0, scale, x, -y)
        raster.draw_glyph(glyph.font, glyph.glyph_id)
    rendered = raster.render()
    rows = np.frombuffer(rendered.buffer, np.uint8)
    rows = rows.reshape(bottom - top, rendered.extents.stride)[::-1, : right - left]
    paint(image, Image.fromarray(np.ascontiguousarray(rows)), (left, top), fill)


def paint(image: Image.Image, mask: Image.Image, xy: tuple[int, int], fill: Fill) -> None:
    """Lay a colour over an image through an 8-bit coverage mask, transparency kept right."""
    colour = ImageColor.getrgb(fill) if isinstance(fill, str) else fill
    alpha = colour[3] if len(colour) == 4 else 255
    if alpha < 255:
        mask = mask.point([round(v * alpha / 255) for v in range(256)])
    if image.mode == "RGBA":
        layer = Image.new("RGBA", mask.size, (*colour[:3], 0))
        layer.putalpha(mask)
        image.alpha_composite(layer, xy)
    else:
        # Pillow lays a picture on faster than a bare colour, with the same result.
        image.paste(Image.new(image.mode, mask.size, colour[:3]), xy, mask)


def _bounds(
    glyphs: list[tuple[Glyph, float, float]], size: float, limit: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The pixels the glyphs touch, inside the image."""
    boxes = [
        (x + box[0] * size, y - box[3] * size, x + box[2] * size, y - box[1] * size)
        for glyph, x, y in glyphs
        if (box := glyph_box(glyph.file, glyph.font, glyph.glyph_id))
    ]
    if not boxes:
        return (0, 0, 0, 0)
    return (
        max(0, int(min(box[0] for box in boxes)) - 1),
        max(0, int(min(box[1] for box in boxes)) - 1),
        min(limit[0], int(max(box[2] for box in boxes)) + 2),
        min(limit[1], int(max(box[3] for box in boxes)) + 2),
    )


def _draw_emoji(image: Image.Image, glyph: Glyph, x: float, y: float, size: float) -> None:
    png = glyph.font.get_glyph_color_png(glyph.glyph_id).data
    extents = glyph.font.get_glyph_extents(glyph.glyph_id)
    if not png or extents is None:
        return
    em = face(glyph.file.path, glyph.file.index).upem
    scale = size * _EMOJI / em
    width = max(1, round(extents.width * scale))
    height = max(1, round(-extents.height * scale))
    picture = Image.open(io.BytesIO(png)).convert("RGBA").resize((width, height))
    spare = (1 / _EMOJI - 1) / 2
    at = (
        round(x + extents.x_bearing * scale + spare * width),
        round(y - extents.y_bearing * scale - spare * height * 0.6),
    )
    image.paste(picture, at, picture)
