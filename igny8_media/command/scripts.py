"""`igny8-media video scripts`, `show`, `edit`, `approve`, `reject`: from what was typed to the
table of scripts, and back."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from igny8_media.command.filming import Failed, film_alone, told_of_waiting
from igny8_media.command.scripts_shown import show_list, show_one
from igny8_media.database.scripts import Script
from igny8_media.errors import InputError, OutsideError
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoScript
from igny8_media.video.scriptfile import parse_script, read_script


def list_scripts(status: str | None, *, as_json: bool) -> int:
    """Every script that no other has replaced."""
    shop = _shop()
    found = [one for one in shop.scripts.list() if status in (None, one.status)]
    if as_json:
        print(json.dumps({"scripts": [_plain(one) for one in found]}, ensure_ascii=False))
    else:
        show_list(found)
    return 0


def show_script(script_id: int, out: Path | None = None, *, as_json: bool) -> int:
    """One script; `out` is where to write it as a file."""
    one = _shop().scripts.get(script_id)
    if out is not None:
        try:
            out.write_text(_as_file(one), encoding="utf-8")
        except OSError as error:
            raise OutsideError(f"{out} cannot be written: {error.strerror}.") from error
    _say([one], as_json=as_json, whole=True)
    return 0


def edit(script_id: int, file: Path | None, *, as_json: bool) -> int:
    """A new script, with a person's words, in the place of this one."""
    from igny8_media.stages.script_by_hand import change

    shop = _shop()
    written = read_script(file) if file is not None else _from_editor(shop.scripts.get(script_id))
    new = change(shop, script_id, written)
    _say([new], as_json=as_json, whole=True)
    if not as_json:
        print(f"Script {new.id} has taken the place of script {script_id}.", file=sys.stderr)
        if new.status != "draft":
            print("Make the video again: what changed is spoken and drawn anew.", file=sys.stderr)
    return 0


def approve(script_ids: Sequence[int], *, now: bool, as_json: bool) -> int:
    """These are to be filmed: by the daemon, or `now` by this command; all of them, or, where one
    cannot be, none."""
    shop = _shop()
    for script_id in script_ids:
        shop.scripts.check_approvable(script_id)
    failed: Failed = []
    if now:
        failed = _film(shop, script_ids)
    else:
        for script_id in script_ids:
            shop.scripts.approve(script_id)
    found = [shop.scripts.get(script_id) for script_id in script_ids]
    _say(found, as_json=as_json)
    for asset, message in failed:
        print(f"{asset}: {message}", file=sys.stderr)
    if not now:
        typed = " ".join(str(one.id) for one in found)
        print(
            "`igny8-media dev` films them within a minute, one after the other. Without it, "
            f"`igny8-media video approve {typed} --now` does it here.",
            file=sys.stderr,
        )
    elif not failed:
        print("Their posts wait for you: `igny8-media posts list`.", file=sys.stderr)
    return 1 if failed else 0


def reject(script_id: int, note: str, *, as_json: bool) -> int:
    """Send it back; what becomes of it is said on stderr, for stdout may be read by a machine."""
    note = " ".join(note.split())
    if not note:
        raise InputError("Say in --note what should be different.")
    shop = _shop()
    one = shop.scripts.reject(script_id, note)
    _say([one], as_json=as_json)
    if shop.settings.text_sources:
        comes = "`igny8-media dev` has it written anew; at once does"
    else:
        comes = (
            f"No model is set up that could follow the note: change it yourself with `igny8-media "
            f"video edit {one.id}`. Once one is set up (docs/ai.md), it is written anew by"
        )
    again = f"`igny8-media video regenerate {one.content_id} {one.form}`."
    print(f"{comes} {again}", file=sys.stderr)
    return 0


def _film(shop: Workshop, script_ids: Sequence[int]) -> Failed:
    """Each is approved when it is begun: whoever stops this leaves the others undecided, and not
    begun by nobody."""
    from igny8_media.command.log_shown import shown_log
    from igny8_media.command.runner import opened_runner

    failed: Failed = []
    contents = [shop.scripts.get(script_id).content_id for script_id in script_ids]
    console = Console(stderr=True, highlight=False)
    with shown_log(console), opened_runner(shop, contents) as runner:
        for script_id in script_ids:
            failed += film_alone(runner, shop, script_id)
    return failed


def _from_editor(one: Script) -> VideoScript:
    text = click.edit(_as_file(one), extension=".json")
    if text is None:
        raise InputError(f"Nothing was saved: script {one.id} stays as it is.")
    return parse_script(text, "What you saved")


def _as_file(one: Script) -> str:
    return json.dumps(one.script, indent=1, ensure_ascii=False) + "\n"


def _say(scripts: Sequence[Script], *, as_json: bool, whole: bool = False) -> None:
    if as_json:
        found = [_plain(one) for one in scripts]
        print(json.dumps(found[0] if whole else {"scripts": found}, ensure_ascii=False))
    elif whole:
        for one in scripts:
            show_one(one)
            if one.status in ("draft", "rejected"):
                print(told_of_waiting(one), file=sys.stderr)
    else:
        show_list(scripts)


def _plain(one: Script) -> Any:
    return one.model_dump(mode="json")


def _shop() -> Workshop:
    return Workshop(load_settings())
