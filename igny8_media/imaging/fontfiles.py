"""Where fonts come from: the bundled families, a person's own file, and the system's folders.

Families travel as Python packages, so Latin, Greek, Cyrillic, Devanagari, Arabic and Hebrew work
on any machine; a package of Noto fonts adds one-coloured emoji and two dozen scripts. Chinese,
Japanese and Korean fonts and colour emoji are too heavy to bundle and are looked for where
operating systems keep fonts.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import fontpkg
import uharfbuzz as hb

from igny8_media.errors import InputError

BUNDLED = ("Inter", "Noto Sans", "Noto Sans Arabic", "Heebo", "JetBrains Mono")
_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_OPTICAL_SIZE = 32.0  # points; the display cut, since nothing here is set smaller than a caption


@dataclass(frozen=True)
class FontFile:
    """One face of one font file; `index` counts faces in a collection."""

    path: Path
    index: int
    family: str
    bundled: bool
    weight: int = 400
    colour: bool = False


@cache
def face(path: Path, index: int = 0) -> hb.Face:
    """The memory-mapped face; raises InputError for a file that is no font."""
    try:
        loaded = hb.Face(hb.Blob.from_file_path(str(path)), index)
    except Exception as error:  # the binding raises its own bare classes for unreadable files
        raise InputError(f"The font file {path.name} cannot be read: {error}.") from error
    if not loaded.glyph_count:
        raise InputError(f"{path.name} is not a TrueType or OpenType font; choose another file.")
    return loaded


@cache
def codepoints(font: FontFile) -> hb.Set:
    """Every character the face has a glyph for (`ord(c) in codepoints(font)`)."""
    return face(font.path, font.index).unicodes


@lru_cache(maxsize=256)
def sized(font: FontFile, weight: int, path: Path) -> hb.Font:
    """The face at a weight (100 to 900), in font units; axes it lacks are left alone."""
    made = hb.Font(face(path, font.index))
    axes = {axis.tag: axis for axis in face(path, font.index).axis_infos}
    wanted = {"wght": float(weight), "opsz": _OPTICAL_SIZE}
    made.set_variations(
        {
            tag: min(max(value, axes[tag].min_value), axes[tag].max_value)
            for tag, value in wanted.items()
            if tag in axes
        }
    )
    return made


def shaped_font(font: FontFile, weight: int) -> hb.Font:
    """The font HarfBuzz shapes with: the variable face at a weight, or the nearest static file."""
    best = nearest_weight(font, weight)
    return sized(best, weight, best.path)


@cache
def bundled(family: str) -> FontFile:
    """A family that came with the installation; raises InputError when its package is gone."""
    try:
        path = fontpkg.path(family, nearest=True)
    except fontpkg.FontpkgError as error:
        package = "fontpkg-" + family.lower().replace(" ", "-")
        raise InputError(
            f"The font family “{family}” is not installed: `pip install {package}`, or name a "
            f"bundled family ({', '.join(BUNDLED)}) or a TTF/OTF file in the theme."
        ) from error
    return FontFile(path=path, index=0, family=family, bundled=True)


@cache
def named(font: str) -> FontFile:
    """The font a theme names: a family, or the path of a TTF, OTF or TTC file."""
    path = Path(font)
    if path.suffix.lower() not in _SUFFIXES:
        return bundled(font)
    if not path.is_file():
        raise InputError(f"The theme's font file {path.name} does not exist; correct `font`.")
    return _describe(path, 0, bundled=True)


@cache
def system_fonts() -> tuple[FontFile, ...]:
    """Every readable face in the system's font folders, those best for headlines first.

    The folders are walked once a process; a broken file costs that file.
    """
    found: list[FontFile] = []
    for path in _font_paths():
        try:
            faces = range(face(path).count)
            found += [_describe(path, index, bundled=False) for index in faces]
        except InputError:  # a system may hold fonts of kinds we do not draw (bitmap, damaged)
            continue
    return tuple(sorted(found, key=lambda f: (_awkwardness(f.family), f.family, f.weight, f.index)))


def _describe(path: Path, index: int, *, bundled: bool) -> FontFile:
    loaded = face(path, index)
    family = loaded.get_name(hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY) or loaded.get_name(
        hb.OTNameIdPredefined.FONT_FAMILY
    )
    os2 = loaded.reference_table("OS/2").data
    weight = int.from_bytes(os2[4:6], "big") if len(os2) >= 6 else 400
    style = loaded.get_name(hb.OTNameIdPredefined.FONT_SUBFAMILY) or ""
    slanted = " Italic" if "Italic" in style or "Oblique" in style else ""
    return FontFile(
        path=path,
        index=index,
        family=(family or path.stem) + slanted,
        bundled=bundled,
        weight=weight,
        colour=bool(loaded.has_color_png),
    )


def nearest_weight(font: FontFile, weight: int) -> FontFile:
    """The sibling of a static system font whose weight is closest to the one asked for."""
    if font.bundled or "fvar" in face(font.path, font.index).table_tags:
        return font
    siblings = [f for f in system_fonts() if f.family == font.family]
    return min(siblings, key=lambda f: abs(f.weight - weight), default=font)


def _awkwardness(family: str) -> int:
    """How badly a face suits a headline: sans upright first, then serif, monospaced, slanted."""
    penalties = {"Italic": 8, "Oblique": 8, "Condensed": 4, "Mono": 4, "Serif": 2, "Display": 1}
    score = sum(cost for word, cost in penalties.items() if word in family)
    return score - (3 if family.startswith("Noto Sans") else 0) - ("Sans" in family)


def _font_paths() -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in _font_folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in _SUFFIXES and (real := path.resolve()) not in seen:
                seen.add(real)
                yield path


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "darwin":
        system = (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    elif sys.platform == "win32":
        system = (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",)
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        system = tuple(Path(entry) / "fonts" for entry in shared.split(":") if entry)
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts"
    return (*_packaged(), *system, own, home / ".fonts")


def _packaged() -> tuple[Path, ...]:
    """Folders of fonts that came as Python packages: emoji and many scripts, and CJK if wanted."""
    found = (find_spec(name) for name in _PACKAGES)
    return tuple(Path(spec.origin).parent for spec in found if spec and spec.origin)
