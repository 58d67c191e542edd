"""A script that a person wrote anew by hand, put where the pipeline finds it."""

from typing import Any

from igny8_media.database.scripts import Script
from igny8_media.errors import InputError
from igny8_media.stages.edited_script import read_edited, without_estimates
from igny8_media.stages.rewriting import kept_article
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import fingerprint
from igny8_media.video.model import VideoForm, VideoScript


def change(shop: Workshop, script_id: int, written: VideoScript) -> Script:
    """Put the script as a person wrote it beside this one, which it replaces.

    Raises InputError with one sentence that names the section and the field, where nothing was
    changed, or where the script was replaced meanwhile.
    """
    old = shop.scripts.get(script_id)
    newest = shop.scripts.newest(old.content_id, old.form)
    if newest is not None and newest.id != old.id:
        raise InputError(
            f"Script {newest.id} has taken the place of script {old.id}: change that, with "
            f"`igny8-media video edit {newest.id}`."
        )
    pictures = [i.picture.key for i in kept_article(shop, old.content_id).images if i.picture]
    script = read_edited(
        without_estimates(written.model_dump(mode="json")), VideoForm(old.form), pictures
    )
    values = script.model_dump(mode="json")
    if _words(values) == _words(old.script):
        raise InputError(f"Nothing is different: script {old.id} stays as it is.")
    mark = fingerprint("by hand", old.id, values)
    return shop.scripts.get(shop.films.revise_script(old.content_id, old.form, mark, values))


def _words(values: Any) -> Any:
    told = without_estimates(values)
    return {name: told.get(name) for name in ("title", "description", "tags", "sections")}
