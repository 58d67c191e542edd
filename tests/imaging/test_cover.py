"""Covers: huge words that stay readable when a profile page shows them small and cut to 3:4."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from imaging_samples import THEME, diagram, portrait

from igny8_media.errors import StorageError
from igny8_media.imaging.cover import cover
from igny8_media.imaging.social import SourcePicture


@pytest.mark.parametrize("kind", ["photo", "diagram", "none", "unreadable"])
@pytest.mark.parametrize("title", ["How we cut our cloud bill by 43%", "كيف خفضنا فاتورة السحابة"])
def test_letters_are_large_and_stand_out_at_160_pixels(
    kind: str, title: str, tmp_path: Path
) -> None:
    sources = []
    if kind != "none":
        path = tmp_path / "source.png"
        if kind == "unreadable":
            path.write_bytes(b"no")
        else:
            (diagram() if kind == "diagram" else portrait((1600, 1000), (900, 200))).save(path)
        sources = [SourcePicture(path=path, alt="", key="k")]
    made = cover(title, sources, THEME, tmp_path / "cover.jpg")
    assert made.contrast >= 4.5
    assert made.source == ("k" if kind in ("photo", "diagram") else "card")
    assert bool(made.notes) == (kind == "unreadable")
    shown = cv2.imread(str(tmp_path / "cover.jpg"))
    assert shown.shape[:2] == (1920, 1080)
    words = shown[960 if sources and not made.notes else 480 : 1680]
    bright = (words.min(axis=2) > 200).any(axis=1)
    runs = np.flatnonzero(np.diff(np.concatenate(([0], bright.view(np.int8), [0]))))
    assert (runs[1::2] - runs[::2]).max() * 160 / 1080 >= 9
    below = shown[1680:]
    assert not (below.min(axis=2) > 200).any(), "nothing to read outside the 3:4 middle"


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cover cannot be written"):
        cover("Title", [], THEME, tmp_path / "missing" / "cover.jpg")
