"""One picture of a whole video: a frame of every scene, side by side."""

import math
from pathlib import Path

from PIL import Image

from igny8_media.video.compose import Composer
from igny8_media.video.plan import ScenePlan
from igny8_media.video.planes import Frame

_WIDEST = 1600
_GAP = 8


def contact_sheet(plan: ScenePlan, folder: Path) -> Image.Image:
    """A frame from late in each scene, when everything has arrived; at most 1600 pixels wide."""
    composer, frame = Composer(plan, folder), Frame(*plan.size)
    count = len(plan.scenes)
    columns = min(count, 8 if plan.height > plan.width else 4)
    width = min(plan.width, (_WIDEST - _GAP) // columns - _GAP)
    height = round(width * plan.height / plan.width)
    rows = math.ceil(count / columns)
    sheet = Image.new(
        "RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), "#111111"
    )
    for number, scene in enumerate(plan.scenes):
        composer.paint(number, scene.frames * 4 // 5, frame)
        place = (
            _GAP + number % columns * (width + _GAP),
            _GAP + number // columns * (height + _GAP),
        )
        sheet.paste(frame.rgb().resize((width, height), Image.Resampling.BICUBIC), place)
    return sheet
