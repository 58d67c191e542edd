"""The S3 server of this test session."""

from collections.abc import Iterator

import pytest

from tests.s3_server import Server, environment, serving


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3_settings(s3_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server's settings in the environment."""
    for name, value in environment(s3_server.url).items():
        monkeypatch.setenv(name, value)
    return s3_server
