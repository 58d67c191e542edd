"""Videos on the command line: from the article to the film, or to a script that a person reads."""

from typing import TYPE_CHECKING

from igny8_media.database.scripts import Script
from igny8_media.errors import InputError
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.reviewing import production, reviewed
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm

if TYPE_CHECKING:
    from igny8_media.command.runner import Runner

Failed = list[tuple[str, str]]
"""(asset, message) of what could not be made."""


def make_video(runner: "Runner", shop: Workshop, content_id: str, form: VideoForm) -> Failed:
    """The video; where the site wants its scripts read first, its script, and the video only of
    one that was approved."""
    stages = [stage.asset for stage in wanted_stages((), (form,))]
    if not reviewed(shop, content_id):
        return runner.run("video_job", content_id, stages)
    from igny8_media.assets.factory import SCRIPTS_ONLY

    later = {stage.asset for stage in production(form)}
    before = [asset for asset in stages if asset not in later]
    failed = runner.run("video_job", content_id, before, SCRIPTS_ONLY)
    if failed or waiting(shop, content_id, form):
        return failed
    script = shop.scripts.newest(content_id, form)
    if script is not None and script.approved_at is not None:
        # What is filmed already is only looked through for what has changed since.
        ready = script.status == "ready"
        return film(runner, script) if ready else film_alone(runner, shop, script.id)
    return runner.run("video_job", content_id, [asset for asset in stages if asset in later])


def film_alone(runner: "Runner", shop: Workshop, script_id: int) -> Failed:
    """Approve it and film it, unless somebody else does; whoever stops this leaves nothing that
    looks busy."""
    try:
        script = shop.scripts.approve(script_id, begin=True)
    except InputError as error:  # also replaced, while the ones before it were filmed
        return [(f"script {script_id}", str(error))]
    try:
        return film(runner, script)
    finally:
        if script.approved_at is not None:
            shop.scripts.give_up(script.id, script.approved_at)


def film(runner: "Runner", script: Script) -> Failed:
    """Voice, pictures and film of a script that was approved."""
    from igny8_media.assets.approvals import filming_tags

    assets = [stage.asset for stage in production(VideoForm(script.form))]
    return runner.run("video_job", script.content_id, assets, filming_tags(script))


def waiting(shop: Workshop, content_id: str, form: VideoForm) -> Script | None:
    """The script that a person decides about before anything more is made, if there is one."""
    if not reviewed(shop, content_id):
        return None
    script = shop.scripts.newest(content_id, form)
    return script if script is not None and script.status in ("draft", "rejected") else None


def told_of_waiting(script: Script) -> str:
    """What to do about it, in a sentence."""
    if script.status == "rejected":
        return (
            f"Script {script.id} of the {script.form} video was rejected: {script.note} "
            f"Change it with `igny8-media video edit {script.id}`, or have it written anew with "
            f"`igny8-media video regenerate {script.content_id} {script.form}`."
        )
    return (
        f"Script {script.id} of the {script.form} video waits for you: read it with `igny8-media "
        f"video show {script.id}`, then `igny8-media video approve {script.id}`."
    )
