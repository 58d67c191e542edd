"""Model servers: fakes on the loopback, and a real llama.cpp with a small model."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ai.servers import ModelServer, model_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as state:
        yield state


@pytest.fixture
def other_server() -> Iterator[ModelServer]:
    with model_server() as state:
        yield state


@pytest.fixture(scope="session")
def llama() -> Iterator[str]:
    """The address of llama.cpp's own server."""
    # In a process of its own: it and PyAV were built with Cythons that cannot share a process.
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("llama_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield next(line.split()[1] for line in server.stdout if line.startswith("READY "))
        server.stdin.close()  # it ends with us, however we end
        server.stdout.close()
        server.wait(30)
