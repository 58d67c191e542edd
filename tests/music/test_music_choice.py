"""Which music a script gets, and what is said about music that cannot be used."""

from pathlib import Path

import numpy as np
import pytest
from music_samples import RATE, narration, script, write

from igny8_media.errors import InputError
from igny8_media.music.choose import choose_mood, choose_music
from igny8_media.music.mix import mix
from igny8_media.music.tracks import MOODS, Track, bundled_tracks, own_tracks


def test_there_are_tracks_for_every_mood_and_their_makers_are_named() -> None:
    tracks = [track for mood in MOODS for track in bundled_tracks(mood)]
    assert len(tracks) == 28
    assert len({track.name for track in tracks}) == 28
    for track in tracks:
        assert track.path.is_file()
        assert (track.licence, track.source) == ("MIT", "immich-memories-music 0.1.0")
        assert "Immich Memories" in track.author


MOODY = [
    ("en", ("We celebrate with a fun recipe.", "Cook it with friends!"), "happy"),
    ("en", ("A guide to calm sleep.", "Breathe slowly and relax."), "calm"),
    ("en", ("Our startup grew faster than any record.", "Launch, scale, win."), "energetic"),
    ("en", ("The history of the museum goes back a century.",), "nostalgic"),
    ("en", ("A mother cares for her baby.", "The family trusts the animal."), "tender"),
    ("de", ("Ein schneller Start, ein neuer Rekord.", "Das Training bringt Leistung."),
     "energetic"),
    ("fr", ("Une recette de cuisine pour les vacances.", "La joie du jardin."), "happy"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "texts", "mood"), MOODY)
def test_the_mood_is_in_the_words(language: str, texts: tuple[str, ...], mood: str) -> None:
    chosen = choose_mood(script(*texts, language=language))
    assert chosen.mood == mood
    assert chosen.because.startswith(mood.capitalize())
    assert "'" in chosen.because  # it quotes the words


def test_no_cheerful_music_under_bad_news() -> None:
    chosen = choose_mood(
        script("The earthquake left many victims. Friends celebrate, fun, love, happy games.",
               "They mourn the dead.")
    )  # fmt: skip
    assert chosen.mood == "calm"
    assert "earthquake" in chosen.because


def test_code_and_figures_count() -> None:
    assert choose_mood(script("a", "b", cue="code_snippet")).mood == "calm"
    assert choose_mood(script(*"abcdef", cue="statistic")).mood == "energetic"


def test_the_same_script_keeps_its_track_and_a_site_varies() -> None:
    scripts = [script("Cook with friends, have fun.", title=f"Recipe {n}") for n in range(12)]
    tracks = [choose_music(each).track for each in scripts]
    assert tracks == [choose_music(each).track for each in scripts]
    assert len({track.name for track in tracks if track}) >= 4
    edited = script("Cook with friends, have more fun.", title="Recipe 3")
    assert choose_music(edited).track == tracks[3]


def test_wishes_are_kept(tmp_path: Path) -> None:
    text = script("Cook with friends, have fun.")
    assert choose_music(text, "none").track is None
    tender = choose_music(text, "tender").track
    assert tender is not None
    assert tender.mood == "tender"
    (tmp_path / "happy").mkdir()
    for name in ("happy/one.wav", "plain.mp3", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert [track.name for track in own_tracks(tmp_path)] == ["one", "plain"]
    own = choose_music(text, str(tmp_path)).track
    assert own is not None
    assert (own.name, own.mood) == ("one", "happy")
    single = choose_music(text, str(tmp_path / "plain.mp3")).track
    assert single is not None
    assert single.name == "plain"


def test_missing_music_is_named(tmp_path: Path) -> None:
    text = script("Hello.")
    with pytest.raises(InputError, match=r"There is no music at .*nowhere"):
        choose_music(text, str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="holds no sound files"):
        choose_music(text, str(tmp_path))
    with pytest.raises(InputError, match="no music at ~/nowhere;"):
        choose_music(text, "~/nowhere")


def _silent(path: Path) -> None:
    write(path, np.zeros((RATE * 5, 2)))


def _short(path: Path) -> None:
    write(path, np.sin(np.arange(RATE) / 20))


def _garbage(path: Path) -> None:
    path.write_bytes(b"<html>not music</html>" * 100)


def _truncated(path: Path) -> None:
    path.write_bytes(bundled_tracks("calm")[0].path.read_bytes()[:300])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_silent, "song.wav is silent; give another piece"),
        (_short, r"song.wav lasts 1\.0 s; give a piece of at least 3 s"),
        (_garbage, "song.wav cannot be read as sound; give an MP3"),
        (_truncated, "song.wav (cannot be read as sound|lasts)"),
        (_empty, "song.wav cannot be read as sound"),
    ],
)
def test_unusable_music_is_one_sentence(make, sentence: str, tmp_path: Path) -> None:
    song = tmp_path / "song.wav"
    make(song)
    sections = narration(tmp_path / "voice.wav", sections=1)
    track = Track(name="song", path=song, source="yours")
    with pytest.raises(InputError, match=sentence) as told:
        mix(tmp_path / "voice.wav", tmp_path / "out.wav", sections=sections, music=track)
    assert str(tmp_path) not in str(told.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["song.wav", "voice.wav"]
