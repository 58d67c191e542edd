"""What a picture is, as a platform finds when it opens it."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Picture:
    """`mime` is that of the bytes, whatever a header says; pixels."""

    mime: str
    width: int
    height: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


def picture_of(data: bytes) -> Picture | None:
    """The picture that these bytes are, or None; its pixels are not decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                return Picture(Image.MIME.get(image.format or "", ""), *image.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
