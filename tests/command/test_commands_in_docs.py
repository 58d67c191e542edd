"""Every command that the documents name can be typed, and docs/command-line.md names them all."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from igny8_media.cli import main

_ROOT = Path(__file__).parents[2]
_PAGES = [_ROOT / "README.md", *sorted((_ROOT / "docs").rglob("*.md"))]
_GROUPS_OF_OTHER_PAGES = {"accounts", "credits", "notices", "analytics"}


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name)


def _typed(text: str) -> Iterator[str]:
    """What stands behind `igny8-media` in code: a line of a block, or between backticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    code = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    code += [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    for line in code:
        found = re.match(r"(?:\$ )?(?:[A-Z0-9_]+=\S+ )*(?:\S*/)?igny8-media (.*)", line)
        if found:
            yield found[1]


def _wrong(line: str) -> str | None:
    words = shlex.split(re.sub(r"\s#.*", "", line))
    command: click.Command = main
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        # `voices list|sample` and a group's name alone are ways to speak of commands.
        name = words.pop(0)
        if name not in command.commands:
            return f"there is no `{name}`"
        command = command.commands[name]
    known = {"--help", "--version"}
    known |= {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
    for word in words:
        if word.startswith("--") and word.rstrip("]").split("=")[0] not in known:
            return f"`{command.name}` has no {word}"
    return None


def test_what_the_documents_type_can_be_typed() -> None:
    wrong = [
        f"{page.name}: igny8-media {line}: {problem}"
        for page in _PAGES
        for line in _typed(page.read_text())
        if (problem := _wrong(line))
    ]
    assert wrong == []


def test_the_page_of_commands_names_them_all() -> None:
    page = (_ROOT / "docs" / "command-line.md").read_text()
    missing = []
    for path in _commands(main):
        where = page
        if path[0] in _GROUPS_OF_OTHER_PAGES:
            where = (_ROOT / "docs" / f"{path[0]}.md").read_text()
        if not re.search(rf"\b{re.escape(path[-1])}\b", where):
            missing.append(" ".join(path))
    assert missing == []


def test_the_documents_name_every_option() -> None:
    told = set(re.findall(r"--[a-z][a-z-]+", "".join(p.read_text() for p in _PAGES)))
    missing = []
    for path in _commands(main):
        command: click.Command = main
        for name in path:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        missing += [
            f"{' '.join(path)} {option.opts[0]}"
            for option in command.params
            if isinstance(option, click.Option) and not set(option.opts) & told
        ]
    assert missing == []
