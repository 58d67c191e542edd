"""Machines with no fonts but the bundled ones, or with a font folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from igny8_media.imaging import fontfiles, fonts, shaping, wrapping


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with nothing but the bundled fonts."""
    monkeypatch.setattr(fonts, "system_fonts", lambda: ())
    _forget()
    yield
    monkeypatch.undo()
    _forget()


@pytest.fixture
def own_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose only font folder is the one returned."""
    folder = tmp_path / "share" / "fonts"
    folder.mkdir(parents=True)
    monkeypatch.setattr(fontfiles, "_font_folders", lambda: (folder,))
    fontfiles.system_fonts.cache_clear()
    _forget()
    yield folder
    monkeypatch.undo()
    fontfiles.system_fonts.cache_clear()
    _forget()


def _forget() -> None:
    for cached in (fonts._first_covering, fonts.drawable, shaping.paragraph, wrapping.block_of):
        cached.cache_clear()
