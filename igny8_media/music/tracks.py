"""Where music comes from: the tracks of the package immich-memories-music, or one's own files."""

from importlib import metadata
from pathlib import Path
from typing import Final, Literal, get_args

from immich_memories_music import tracks_dir

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen

Mood = Literal["calm", "energetic", "happy", "nostalgic", "tender"]
MOODS: Final[tuple[Mood, ...]] = get_args(Mood)

_PACKAGE: Final = "immich-memories-music"
_AUTHOR: Final = "Immich Memories Contributors, made with ACE-Step 1.5"  # LICENSE-MUSIC of 0.1.0
_LICENCE: Final = "MIT"
_SOUNDS: Final = frozenset(
    {".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma"}
)


class Credit(Frozen):
    """Whose music it is. `mood`, `author` and `licence` are empty where nobody said so."""

    name: str
    mood: str = ""
    author: str = ""
    licence: str = ""
    source: str

    @property
    def line(self) -> str:
        """What a video's description says: "Music: Calm acoustic 1 by ... (MIT)"."""
        author = f" by {self.author}" if self.author else ""
        return f"Music: {self.name}{author}" + (f" ({self.licence})" if self.licence else "")


class Track(Credit):
    """One piece of music, and where it lies on this machine."""

    path: Path

    @property
    def credit(self) -> Credit:
        return Credit.model_validate(self.model_dump(exclude={"path"}))


def bundled_tracks(mood: Mood) -> tuple[Track, ...]:
    """The tracks of a mood that come with the project, by name.

    Raises OutsideError if the package is incomplete.
    """
    files = sorted((tracks_dir() / mood).glob("*.opus"))
    if not files:
        raise OutsideError(f"The music for {mood!r} is missing; reinstall the package {_PACKAGE}.")
    source = f"{_PACKAGE} {metadata.version(_PACKAGE)}"
    return tuple(
        Track(
            name=file.stem.replace("_", " ").capitalize(),
            path=file,
            mood=mood,
            author=_AUTHOR,
            licence=_LICENCE,
            source=source,
        )
        for file in files
    )


def own_tracks(path: Path) -> tuple[Track, ...]:
    """One's own music: a file, or every sound file of a folder, sorted by path.

    A file whose name or folder names a mood ("calm/piano.mp3", "happy-1.wav") has that mood.
    Raises InputError if there is none.
    """
    found = path.expanduser()  # sentences name it as it was typed
    if found.is_file():
        return (_own(found, found.parent),)
    if not found.is_dir():
        raise InputError(
            f"There is no music at {path}; give a sound file, a folder of them, a mood or none."
        )
    files = sorted(file for file in found.rglob("*") if file.suffix.lower() in _SOUNDS)
    if not files:
        raise InputError(f"The music folder {path} holds no sound files; put an MP3 or WAV there.")
    return tuple(_own(file, found) for file in files)


def _own(file: Path, root: Path) -> Track:
    named = str(file.relative_to(root)).lower()
    mood = next((mood for mood in MOODS if mood in named), "")
    return Track(name=file.stem, path=file, mood=mood, source=file.name)
