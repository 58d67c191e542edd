"""Scripts on a terminal: a list of two lines each, and one script to be read."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from igny8_media.database.scripts import Script

_COLOURS: Final = {"draft": "yellow", "ready": "green", "failed": "bold red"}


def show_list(scripts: Sequence[Script]) -> None:
    """What each script is and where its video stands, and below it its title."""
    out = _console()
    if not scripts:
        out.print("No scripts.")
    for one in scripts:
        head = Text(f"{one.id:>4}  {one.form:<5}  ")
        status = "approved" if one.status == "script_ready" and one.approved_at else one.status
        head.append(f"{status:<18}", _COLOURS.get(one.status, ""))
        head.append(f"  {one.content_id}", "dim")
        out.print(head, soft_wrap=True)
        out.print(Text(f"      {one.script.get('title', '')}{_length(one)}"), soft_wrap=True)
        if one.note:
            out.print(Text(f"      Rejected: {one.note}", "yellow"), soft_wrap=True)


def show_one(one: Script) -> None:
    """Every section: what is said, and below it what is seen meanwhile."""
    out = _console()

    def say(line: str = "", style: str = "") -> None:
        out.print(Text(line, style), soft_wrap=True)

    say(f"{one.id}  {one.form} video of {one.content_id}: {one.status}", "bold")
    say(f"{one.script.get('title', '')}{_length(one)}", "bold")
    for number, section in enumerate(_sections(one), start=1):
        say()
        say(f"{number:>3}  {section.get('narration', '')}")
        say(f"     {_seen(section)}", "dim")
    if one.note:
        say(f"\nRejected: {one.note}", "yellow")
    for note in one.script.get("notes") or ():
        say(f"\n{note}", "dim")


def _seen(section: dict[str, Any]) -> str:
    """In words, as in "image: A loaf on a table"."""
    code = section.get("code_block")
    shown = [
        section.get("text_overlay"),
        *(section.get("items") or ()),
        code.get("text") if isinstance(code, dict) else code,
        section.get("image"),
    ]
    cue = str(section.get("visual_cue") or "").replace("_", " ")
    return ": ".join(filter(None, (cue, " · ".join(str(s) for s in shown if s))))


def _length(one: Script) -> str:
    """Nothing where a person left it out."""
    seconds = one.script.get("total_duration_estimate")
    return f" (about {seconds:.0f} s)" if isinstance(seconds, int | float) else ""


def _sections(one: Script) -> list[dict[str, Any]]:
    """What a person wrote into the table may be less than a script."""
    found = one.script.get("sections")
    return [
        section if isinstance(section, dict) else {"narration": section}
        for section in (found if isinstance(found, list) else ())
    ]


def _console() -> Console:
    # Nothing in a script is for the terminal: [words] and :words: stay as they are.
    return Console(highlight=False, markup=False, emoji=False)
