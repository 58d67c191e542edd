"""Which music suits a script: the mood its words tell, and one of that mood's tracks."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final
from zlib import crc32

from igny8_media.frozen import Frozen
from igny8_media.music.tracks import MOODS, Mood, Track, bundled_tracks, own_tracks
from igny8_media.music.words import SOMBRE, STEMS
from igny8_media.video.model import VideoScript

AUTO: Final = "auto"
NONE: Final = "none"

_NAMED = 3.0  # a word of the title or the tags weighs as much as so many of the narration
_CODE, _FIGURE, _CHEER = 2.0, 0.5, 0.25  # points of a code section, a statistic, an exclamation
_LEAST = 2.0  # points that a mood needs to be believed
_NEUTRAL: Final[tuple[Mood, ...]] = ("calm", "tender")
_SOMBRE_LEAST = 3.0


class MoodChoice(Frozen):
    """A mood, and in one sentence why."""

    mood: Mood
    because: str


class MusicChoice(Frozen):
    """The track to play, or None for no music, and in one sentence why."""

    track: Track | None
    because: str


def choose_music(script: VideoScript, wanted: str = AUTO) -> MusicChoice:
    """Music for a script. `wanted` is "auto", "none", a mood, or the path of a file or folder.

    The same script gets the same track, and the scripts of a site get different ones. Raises
    InputError if there is no music at the path.
    """
    if wanted == NONE:
        return MusicChoice(track=None, because="No music was wanted.")
    seed = crc32(script.title.encode())  # the title alone: an edited section keeps its music
    if wanted in MOODS:
        named: Mood = next(mood for mood in MOODS if mood == wanted)
        return MusicChoice(
            track=_pick(bundled_tracks(named), seed), because=f"{named.capitalize()} was wanted."
        )
    chosen = choose_mood(script)
    if wanted == AUTO:
        return MusicChoice(track=_pick(bundled_tracks(chosen.mood), seed), because=chosen.because)
    tracks = own_tracks(Path(wanted))
    suited = tuple(track for track in tracks if track.mood == chosen.mood)
    because = chosen.because if suited else f"It is what {wanted} holds."
    return MusicChoice(track=_pick(suited or tracks, seed), because=because)


def choose_mood(script: VideoScript) -> MoodChoice:
    """The mood that a script's words, figures, code and exclamations speak for."""
    points: defaultdict[str, float] = defaultdict(float)
    found: dict[str, list[str]] = {}
    named = _words(" ".join((script.title, *script.tags)))
    said = _words(" ".join(section.narration for section in script.sections))
    for mood, stems in STEMS.get(script.language.split("-")[0], {}).items():
        pattern = re.compile(rf"(?:{'|'.join(stems.split())})")
        for words, weight in ((named, _NAMED), (said, 1.0)):
            hits = [word for word in words if pattern.match(word)]
            points[mood] += weight * len(hits)
            found.setdefault(mood, []).extend(hits)
    code = sum(section.visual_cue == "code_snippet" for section in script.sections)
    figures = sum(section.visual_cue == "statistic" for section in script.sections)
    cheers = sum(section.narration.count("!") for section in script.sections)
    points["calm"] += code * _CODE
    points["energetic"] += figures * _FIGURE
    points["happy"] += cheers * _CHEER
    if points[SOMBRE] >= _SOMBRE_LEAST:
        return MoodChoice(mood="calm", because=f"Calm, as it speaks of {_list(found[SOMBRE])}.")
    best = max(MOODS, key=lambda mood: (points[mood], mood))
    if points[best] < _LEAST:
        neutral = _NEUTRAL[crc32(script.title.encode()) % len(_NEUTRAL)]
        return MoodChoice(
            mood=neutral, because=f"{neutral.capitalize()}, as its words tell no mood."
        )
    reasons = [f"the words {_list(found[best])}"] if found.get(best) else []
    extra = {"calm": (code, "code"), "energetic": (figures, "figures"), "happy": (cheers, "cheer")}
    if best in extra and extra[best][0]:
        reasons.append(extra[best][1])
    return MoodChoice(mood=best, because=f"{best.capitalize()}, for {' and '.join(reasons)}.")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _list(words: list[str]) -> str:
    return ", ".join(repr(word) for word, _ in Counter(words).most_common(3))


def _pick(tracks: tuple[Track, ...], seed: int) -> Track:
    return tracks[seed % len(tracks)]
