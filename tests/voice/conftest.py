"""One real voice and one real narration for all tests of this room: loading Piper costs seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voice_scripts import TEXTS, make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.piper import Piper
from igny8_media.ai.voices import Speaker
from igny8_media.narration.narrate import narrate
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration


@pytest.fixture(scope="session")
def espeak() -> Iterator[Espeak]:
    with Espeak() as engine:
        yield engine


@pytest.fixture(scope="session")
def piper(espeak: Espeak) -> Iterator[Piper]:
    with Piper(espeak) as engine:
        yield engine


@pytest.fixture(scope="session")
def joe(piper: Piper) -> Speaker:
    return Speaker(piper, piper.voices()[0])


@pytest.fixture(scope="session")
def robot(espeak: Espeak) -> Speaker:
    voice = next(voice for voice in espeak.voices() if voice.name == "en-us")
    return Speaker(espeak, voice)


@pytest.fixture
def takes(tmp_path_factory: pytest.TempPathFactory) -> FolderCache:
    return FolderCache(tmp_path_factory.mktemp("takes"), 10**9)


@pytest.fixture(scope="session")
def spoken(joe: Speaker, tmp_path_factory: pytest.TempPathFactory) -> tuple[Narration, Path]:
    """A real narration in three sections, and the folder it lies in."""
    folder = tmp_path_factory.mktemp("narration")
    kept = FolderCache(tmp_path_factory.mktemp("spoken-takes"), 10**9)
    return narrate(make_script(*TEXTS), folder, speakers=[joe], takes=kept), folder
