"""Pictures by image models, looked at before they are believed, and kept."""

import hashlib
import io
import math
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock
from PIL import Image

from igny8_media.ai.image import Drawing, ImageError, ImageProvider, ImageRequest
from igny8_media.ai.image_router import Drawn, ImageRouter
from igny8_media.ai.text import Fault
from igny8_media.articles.picture_file import inspect
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.imaging.crop import crop_window, cropped
from igny8_media.imaging.decode import decode
from igny8_media.imaging.theme import Theme
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.records import fingerprint
from igny8_media.visuals.painting import AVOID, PROMPT_VERSION, PaintedScene

_VERSION: Final = 1
_STEP: Final = 64
"""What most models take sides in multiples of."""
_PIXELS: Final = 1024 * 1024
_BETTER_PIXELS: Final = 1920 * 1088
_LEAST_SIDE: Final = 0.5
"""Of what was asked for, along either side: a smaller picture is mush on the screen."""
_LEAST_KEPT: Final = 0.6
"""Of a picture, when it is cut to the shape that was asked for."""
_SAME_SHAPE: Final = 0.97
_LEAST_CONTRAST: Final = 3.0
"""Standard deviation of grey levels: what is all black or grey is a failure, not a picture."""
_ABOUT: Final = "about.json"
_LOCKS: Final = 16
"""Enough that pictures seldom wait for others than themselves."""


class _About(Frozen):
    file: str
    provider: str
    model: str
    seed: int | None
    cost: Decimal | None
    passed_over: tuple[str, ...]


class Painter:
    """Has pictures drawn by whoever can, and keeps them: the same prompt and size is the same
    picture, from the cache, whoever of the providers drew it.

    `better` asks for more pixels; `locks` is a folder that processes share.
    """

    def __init__(
        self,
        router: ImageRouter,
        cache: FolderCache,
        locks: Path,
        theme: Theme,
        *,
        better: bool = False,
    ) -> None:
        self._router, self._cache, self._locks = router, cache, locks
        self._theme, self._better = theme, better

    def make(self, prompt: str, size: tuple[int, int]) -> PaintedScene:
        """A picture in the shape of `size`. Raises NobodyDrewError."""
        request = request_for(prompt, size, better=self._better)
        self._locks.mkdir(parents=True, exist_ok=True)
        # Posts and video of an article are made side by side and share a picture: whoever comes
        # second waits, and finds it.
        with FileLock(self._locks / f"painting.{request.seed % _LOCKS}.lock"):
            return self._kept_or_drawn(request, prompt)

    def _kept_or_drawn(self, request: ImageRequest, prompt: str) -> PaintedScene:
        for provider in self._router.providers:
            kept = self._cache.get(_mark(provider, request))
            if kept is not None:
                return _scene(kept, prompt, fresh=False)
        drawn = self._router.draw(request, lambda name, drawing: look(name, drawing, request))
        provider = next(p for p in self._router.providers if p.name == drawn.provider)
        mark = _mark(provider, request)
        kept = self._cache.fetch(mark, lambda folder: self._fill(folder, drawn, request))
        return _scene(kept, prompt, fresh=True)

    def _fill(self, folder: Path, drawn: Drawn, request: ImageRequest) -> None:
        content = drawn.drawing.content
        path = folder / f"picture.{inspect(content, drawn.provider).suffix}"
        path.write_bytes(content)
        path = _in_shape(path, request.width / request.height, self._theme)
        about = _About(
            file=path.name,
            provider=drawn.provider,
            model=drawn.drawing.model,
            seed=drawn.drawing.seed,
            cost=drawn.drawing.cost,
            passed_over=tuple(one.reason for one in drawn.passed_over),
        )
        (folder / _ABOUT).write_text(about.model_dump_json(indent=1), encoding="utf-8")


def request_for(prompt: str, size: tuple[int, int], *, better: bool = False) -> ImageRequest:
    """The request for a picture in the shape of `size`: about a megapixel, two for `better`, and
    always the same seed for the same words."""
    ratio = size[0] / size[1]
    pixels = _BETTER_PIXELS if better else _PIXELS
    width, height = (
        _STEP * max(1, round(side / _STEP))
        for side in (math.sqrt(pixels * ratio), math.sqrt(pixels / ratio))
    )
    digest = hashlib.sha256(f"{prompt} {width}x{height}".encode()).digest()
    seed = int.from_bytes(digest[:4], "big") >> 1
    return ImageRequest(prompt=prompt, avoid=AVOID, width=width, height=height, seed=seed)


def look(name: str, drawing: Drawing, request: ImageRequest) -> None:
    """Raises ImageError, MALFORMED, for what is no picture, shows nothing, or has a size that
    cannot be cut to the one that was asked for."""
    try:
        found = inspect(drawing.content, f"The picture of {name}")
    except InputError as error:
        raise ImageError(str(error), Fault.MALFORMED, unsure=True) from None
    across, along = found.width / request.width, found.height / request.height
    if min(across, along) < _LEAST_SIDE or min(across, along) / max(across, along) < _LEAST_KEPT:
        raise ImageError(
            f"{name} drew {found.width}×{found.height} pixels instead of "
            f"{request.width}×{request.height}.",
            Fault.MALFORMED,
            unsure=True,
        )
    if _contrast(drawing.content) < _LEAST_CONTRAST:
        raise ImageError(
            f"{name} drew a picture of one colour, as models do that failed or that hide what "
            "they drew.",
            Fault.MALFORMED,
            unsure=True,
        )


def painted_facts(scenes: Mapping[str, PaintedScene]) -> list[dict[str, object]]:
    """Who drew what, under which name, as it is kept beside the result."""
    return [
        {
            "picture": name,
            "provider": scene.provider,
            "model": scene.model,
            "seed": scene.seed,
            "prompt": scene.prompt,
            "prompt_version": PROMPT_VERSION,
            **({"dollars": str(scene.cost)} if scene.cost is not None else {}),
            **({"passed_over": list(scene.passed_over)} if scene.passed_over else {}),
        }
        for name, scene in scenes.items()
    ]


def _mark(provider: ImageProvider, request: ImageRequest) -> str:
    return fingerprint("painted", _VERSION, provider.name, provider.mark, request.model_dump())


def _scene(folder: Path, prompt: str, *, fresh: bool) -> PaintedScene:
    about = _About.model_validate_json((folder / _ABOUT).read_bytes())
    return PaintedScene(
        path=folder / about.file,
        prompt=prompt,
        fresh=fresh,
        **about.model_dump(exclude={"file"}),
    )


def _in_shape(path: Path, ratio: float, theme: Theme) -> Path:
    """The file, or in its place one that is cut to the shape around what matters."""
    picture = decode(path, theme)
    own = picture.width / picture.height
    if min(own, ratio) / max(own, ratio) >= _SAME_SHAPE:
        return path
    box = crop_window(picture.size, ratio, picture.attention).box
    made = cropped(picture.pixels, box, (box[2] - box[0], box[3] - box[1]))
    path.unlink()
    cut = path.with_name("picture-cut.jpg")
    made.save(cut, quality=95, subsampling=0)
    return cut


def _contrast(content: bytes) -> float:
    with Image.open(io.BytesIO(content)) as opened:
        opened.draft("L", (128, 128))
        grey = opened.convert("L").resize((64, 64), Image.Resampling.BOX)
    return float(np.asarray(grey).std())
