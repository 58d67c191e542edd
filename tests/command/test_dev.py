"""`igny8-media dev`, as far as it goes without starting Dagster."""

import socket

import pytest

from igny8_media.command.dev import dev
from igny8_media.errors import OutsideError


def test_a_port_in_use_is_told_before_anything_is_started() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutsideError, match="choose another one with --port"):
            dev("127.0.0.1", taken.getsockname()[1])
