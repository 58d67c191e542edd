"""Whether a script can be shown at all, asked before any of it costs time."""

from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.video.coverage import missing_glyphs
from igny8_media.video.model import VideoScript


def check_letters(script: VideoScript, theme: Theme) -> None:
    """Raises InputError naming the font to install if some letter of `script` has none."""
    missing = missing_glyphs(script, theme)
    if missing:
        raise InputError(" ".join(missing))
