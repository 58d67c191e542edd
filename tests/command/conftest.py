"""The command line as a person meets it: a process with streams and an exit status."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

ARTICLE = """---
title: How we water the garden
canonical_url: https://example.com/garden
---
We water at six in the morning. At that hour 9 of 10 litres reach the roots.
At noon the sun takes half of them before they arrive.

## What it takes
A hose costs 20 euros and lasts for ten years. We bought ours in 2016 and it still does not leak.
A timer costs another 15 euros, and it never oversleeps.
"""


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def contents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["contents"]
        return found


Run = Callable[..., Answer]

YEAR = datetime.now(UTC).year + 1
"""Of times to come: nothing is planned for much later."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `igny8-media ARGUMENTS` in an empty folder, in this process to save its start."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, **environment: str) -> Answer:
        from igny8_media.cli import main

        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            done = CliRunner().invoke(main, [str(a) for a in arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "garden.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path
