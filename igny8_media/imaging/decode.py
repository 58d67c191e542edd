"""Read any picture into upright 8-bit sRGB without transparency, once for all who need it."""

import io
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from igny8_media.errors import InputError
from igny8_media.imaging.attention import Attention, attention
from igny8_media.imaging.colour import luminance, luminances, rgb
from igny8_media.imaging.theme import Theme

MAX_PIXELS = 100_000_000
_WORKING_SIDE = 1920  # no output has a longer shorter side, so nothing finer is ever needed
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError)
_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, eq=False)
class Decoded:
    """The picture's RGB `pixels` (rows, columns, 3; shorter side at most 1920).

    `width` and `height` are those of the upright file, `notes` say what was done to it.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    notes: tuple[str, ...]

    @cached_property
    def attention(self) -> Attention:
        return attention(self.pixels)

    @cached_property
    def image(self) -> Image.Image:
        """The pixels as an image; callers must not change it."""
        return Image.fromarray(self.pixels)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of `pixels`."""
        return self.pixels.shape[1], self.pixels.shape[0]


def decode(path: Path, theme: Theme) -> Decoded:
    """The first frame of a picture file; raises InputError naming a file that cannot be used.

    Pictures are remembered by path and time of change: five platforms decode each one once.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"The picture {path.name} does not exist or cannot be read.") from error
    return _decode(path, state.st_mtime_ns, state.st_size, theme.background, theme.surface)


@lru_cache(maxsize=6)
def _decode(path: Path, _changed: int, _size: int, background: str, surface: str) -> Decoded:
    try:
        with Image.open(path) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise InputError(
                    f"The picture {path.name} has {width}×{height} pixels; make it smaller than "
                    f"{MAX_PIXELS // 1_000_000} megapixels."
                )
            notes = ["first frame of an animation"] if getattr(opened, "n_frames", 1) > 1 else []
            # A JPEG decodes at half or a quarter of its size in a fraction of the time.
            shrink = min(width, height) / _WORKING_SIDE
            if shrink >= 2:
                opened.draft(None, (round(width / shrink), round(height / shrink)))
            opened.load()
            profile = opened.info.get("icc_profile")
            orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
            image: Image.Image = opened if orientation == 1 else ImageOps.exif_transpose(opened)
    except InputError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(
            f"The picture {path.name} has too many pixels; make it smaller than "
            f"{MAX_PIXELS // 1_000_000} megapixels."
        ) from error
    except UnidentifiedImageError as error:
        raise InputError(
            f"{path.name} is not a picture we can read; use JPEG, PNG, WebP, GIF or TIFF."
        ) from error
    except _DAMAGE as error:
        raise InputError(
            f"The picture {path.name} is damaged or cut short ({error}); replace it."
        ) from error
    if orientation in range(2, 9):
        notes.append("turned upright")
    if orientation in range(5, 9):
        width, height = height, width
    image = _smaller(_eight_bits(image))
    image, converted = _to_srgb(image, profile)
    if converted:
        notes.append(converted)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image, flattened = _flatten(image.convert("RGBA"), background, surface)
        if flattened:
            notes.append(flattened)
    pixels = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    return Decoded(pixels, width, height, tuple(notes))


def _smaller(image: Image.Image) -> Image.Image:
    """At most the working size; palettes and odd modes wait until they are plain colours."""
    scale = _WORKING_SIDE / min(image.size)
    if scale >= 1:
        return image
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # A box reduction first keeps the quality and costs a fraction.
    shrunk: Image.Image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return shrunk


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scientific and 16-bit greys to 8 bits; everything else as it is."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image).astype(np.float32)
    if image.mode.startswith("I;16") or (image.mode == "I" and 255 < values.max() <= 65535):
        values /= 257
    elif values.max() > 255 or values.min() < 0 or image.mode == "F":
        low, high = float(values.min()), float(values.max())
        values = (values - low) * np.float32(255 / (high - low) if high > low else 0)
    return Image.fromarray(np.clip(values + 0.5, 0, 255).astype(np.uint8))


def _to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """Colours as a screen without colour management shows them."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return (
            (image.convert("RGB"), "CMYK without a profile")
            if image.mode == "CMYK"
            else (
                image,
                "",
            )
        )
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()
        if "sRGB" in name:
            return image, ""
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        made = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):  # the pixels are fine; only the label is not
        return image, "colour profile unreadable, taken as sRGB"
    return made or image, f"colours converted from {name} to sRGB"


def _flatten(image: Image.Image, background: str, surface: str) -> tuple[Image.Image, str]:
    """Transparent pictures on whichever ground their content stands out from."""
    alpha = np.asarray(image.getchannel("A"))
    if alpha.min() >= 250:
        return image.convert("RGB"), ""
    small = np.asarray(image.resize((64, 64), Image.Resampling.BOX))
    weight = small[..., 3].astype(np.float32)
    light = luminances(small[..., :3])

    # Alpha-weighted spread against a ground: how far the content is from it, on the whole.
    def distance(ground: str) -> float:
        gap = np.abs(np.log((light + 0.05) / (luminance(ground) + 0.05)))
        return float((gap * weight).sum() / max(1.0, float(weight.sum())))

    grounds = ("#ffffff", surface, background)
    best = max(grounds, key=distance)
    flat = Image.new("RGB", image.size, rgb(best))
    flat.paste(image, (0, 0), image.getchannel("A"))
    return flat, f"transparency laid on {best}"
