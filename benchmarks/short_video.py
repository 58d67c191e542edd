"""Where the CPU of a short goes, and its render to encoding the same ready-made frames.

The ready-made frames are the finished video's own, decoded by another process and piped into the
same encoder with the same settings: one that has nothing to paint and no captions to draw.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from measure import cpu, report

from igny8_media.articles.parse import parse_file
from igny8_media.settings import Settings
from igny8_media.stages.catalog import VIDEO, wanted_stages
from igny8_media.stages.fetching import file_ref, still_there
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video import ffmpeg
from igny8_media.video.encoder import segment_arguments
from igny8_media.video.model import VideoForm
from igny8_media.video.presets import FORM_COMPOSITIONS, Quality

_ARTICLE = Path(__file__).parents[1] / "examples" / "articles" / "faster-web-page.md"
_PARTS = {
    "script": "script",
    "voiceover": "speech",
    "captions": "captions",
    "scenes": "pictures",
    "thumbnail": "pictures",
    "render": "render",
    "seo": "metadata",
}


def _encode_again(video: Path, folder: Path) -> float:
    """CPU seconds of the encoder alone."""
    composition = FORM_COMPOSITIONS[VideoForm.SHORT]
    decoder = subprocess.Popen(
        [
            ffmpeg.executable(),
            "-v",
            "error",
            "-i",
            str(video),
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-",
        ],
        stdout=subprocess.PIPE,
    )
    encoder = subprocess.Popen(
        [
            ffmpeg.executable(),
            *segment_arguments(
                composition, Quality.STANDARD, first=0, captions=False, threads=1, out="again.mp4"
            ),
        ],
        stdin=decoder.stdout,
        cwd=folder,
    )
    assert decoder.stdout is not None
    decoder.stdout.close()
    _, status, usage = os.wait4(encoder.pid, 0)
    encoder.returncode = os.waitstatus_to_exitcode(status)
    assert encoder.returncode == 0
    assert decoder.wait() == 0
    return usage.ru_utime + usage.ru_stime


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
        record = shop.records.current(ref.content_id, "video/short/render")
        assert record is not None
        video = shop.store.local_path(record.named("video.mp4").key)
        encoding = _encode_again(video, Path(name))
    total = sum(spent.values())
    for part, used in spent.items():
        print(f"     {part}: {used:.1f} s, {100 * used / total:.0f} %")
    render = float(record.facts["cpu_seconds"])
    report("render to encoding ready-made frames", render / encoding, 1.15, ours=render, a=encoding)


if __name__ == "__main__":
    main()
