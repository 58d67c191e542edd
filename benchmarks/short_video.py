"""Where the CPU of a short goes, and the whole of it to encoding the same ready-made frames.

From an article's finished script: speech, captions, pictures, music, render and probe.
"""

import tempfile
from pathlib import Path

import cv2
from baselines import encode_alone
from measure import cpu, report
from timeline import Timeline

from igny8_media.articles.parse import parse_file
from igny8_media.settings import Settings
from igny8_media.stages.catalog import VIDEO, wanted_stages
from igny8_media.stages.fetching import file_ref, still_there
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import Narration, VideoForm, VideoScript
from igny8_media.video.plan import ScenePlan
from igny8_media.video.presets import FORM_COMPOSITIONS

_ARTICLE = Path(__file__).parents[1] / "examples" / "articles" / "faster-web-page.md"
_PARTS = {
    "script": "script",
    "voiceover": "speech",
    "captions": "captions",
    "scenes": "pictures",
    "thumbnail": "pictures",
    "render": "render, sound and probe",
    "seo": "metadata",
    "posts": "metadata",
}


def _finished(shop: Workshop, content_id: str, folder: Path) -> Timeline:
    """What the stages made, laid out as the baseline wants it."""
    for asset in ("voiceover", "captions", "scenes"):
        record = shop.records.current(content_id, f"video/short/{asset}")
        assert record is not None
        for artifact in record.artifacts:
            base = folder / "scenes" if asset == "scenes" else folder
            link = base / artifact.name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(shop.store.local_path(artifact.key))
    settings = shop.settings
    return Timeline(
        folder,
        VideoScript.model_validate_json((folder / "script.json").read_bytes()),
        Narration.model_validate_json((folder / "narration.json").read_bytes()),
        ScenePlan.model_validate_json((folder / "scenes" / "plan.json").read_bytes()),
        folder / "narration.wav",
        folder / "captions.ass",
        FORM_COMPOSITIONS[VideoForm.SHORT],
        {},
        settings.theme,
    )


def main() -> None:
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        shop = Workshop(Settings(home=Path(name), _env_file=None))  # type: ignore[call-arg]
        ref = file_ref(_ARTICLE.parent, _ARTICLE, parse_file(_ARTICLE).id, "")
        shop.contents.register([ref], still_there)
        run_stage(shop, wanted_stages((), ())[0], ref.content_id)
        for stage in VIDEO[VideoForm.SHORT]:
            part = _PARTS[stage.asset.rsplit("/", 1)[1]]
            used = cpu(lambda: run_stage(shop, stage, ref.content_id))  # noqa: B023
            spent[part] = spent.get(part, 0.0) + used
        cv2.setNumThreads(1)
        folder = Path(name) / "baseline"
        folder.mkdir()
        made = _finished(shop, ref.content_id, folder)
        alone = encode_alone(made, shop.settings.video_quality)
    total = sum(spent.values())
    for part, used in spent.items():
        print(f"     {part}: {used:.1f} s, {100 * used / total:.0f} %")
    print(f"     {made.plan.duration:.0f} s of video, {total:.0f} s of CPU")
    rest = total - spent["speech"] - spent["script"]
    report("a short without its speech to encoding alone", rest / alone, 1.6, b=rest, a=alone)


if __name__ == "__main__":
    main()
