"""Pictures made to measure: a face, photographs, diagrams; and contrast as WCAG defines it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from igny8_media.imaging.theme import Theme

THEME = Theme(name="Field Notes")
LIGHT = Theme(
    name="Nordlys",
    background="#faf7f2",
    surface="#efe7da",
    text="#1f1b16",
    muted="#8a8073",
    accent="#d9480f",
    accent_2="#1c7ed6",
)


def wcag(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Contrast written from the text of WCAG 2.2, apart from the code under test."""

    def light(colour: tuple[int, ...]) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def drawn_face(size: int) -> Image.Image:
    """A face plain enough to draw and real enough for a detector trained on photographs."""
    s = size * 2
    image = Image.new("RGB", (s, s), (120, 140, 120))
    draw = ImageDraw.Draw(image)
    draw.ellipse((s * 0.16, s * 0.02, s * 0.84, s * 0.9), fill=(70, 48, 38))
    draw.ellipse((s * 0.22, s * 0.12, s * 0.78, s * 0.97), fill=(224, 182, 150))
    for x in (0.37, 0.63):
        draw.ellipse((s * (x - 0.115), s * 0.37, s * (x + 0.115), s * 0.50), fill=(165, 120, 98))
        draw.rectangle((s * (x - 0.11), s * 0.345, s * (x + 0.11), s * 0.375), fill=(60, 42, 35))
        draw.ellipse((s * (x - 0.07), s * 0.405, s * (x + 0.07), s * 0.465), fill=(225, 220, 215))
        draw.ellipse((s * (x - 0.032), s * 0.40, s * (x + 0.032), s * 0.47), fill=(35, 25, 25))
    nose = [
        (s * 0.47, s * 0.45),
        (s * 0.53, s * 0.45),
        (s * 0.575, s * 0.66),
        (s * 0.425, s * 0.66),
    ]
    draw.polygon(nose, fill=(240, 200, 170))
    draw.ellipse((s * 0.425, s * 0.64, s * 0.575, s * 0.69), fill=(180, 130, 110))
    draw.ellipse((s * 0.37, s * 0.745, s * 0.63, s * 0.82), fill=(150, 70, 70))
    draw.line((s * 0.37, s * 0.782, s * 0.63, s * 0.782), fill=(90, 30, 30), width=s // 60)
    return image.filter(ImageFilter.GaussianBlur(s / 50)).resize((size, size))


def noise(size: tuple[int, int], mean: int = 128, spread: int = 12, seed: int = 1) -> Image.Image:
    """Grain like a photograph's."""
    grain = np.random.default_rng(seed).normal(mean, spread, (size[1], size[0], 3))
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def portrait(size: tuple[int, int], at: tuple[int, int], face: int = 420) -> Image.Image:
    """Grain with a face in it."""
    image = noise(size)
    image.paste(drawn_face(face), at)
    return image


def diagram(size: tuple[int, int] = (1600, 700)) -> Image.Image:
    """Boxes and lines from edge to edge on white."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    step = size[0] // 5
    for i in range(5):
        left = 30 + i * step
        draw.rectangle(
            (left, 250, left + step - 90, 430), outline="#223344", width=4, fill="#ddeeff"
        )
        draw.line((left + step - 90, 340, left + step, 340), fill="#223344", width=4)
    return image
