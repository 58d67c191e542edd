"""What can be typed about videos."""

import sys
from pathlib import Path

import click

from igny8_media.cli.scripts import approve, edit, reject, scripts, show

# As in `video.presets`, which is imported only when a video is made.
_PRESETS = ("youtube_long", "youtube_short", "instagram_reel", "tiktok")
_QUALITIES = ("draft", "fast", "standard", "high")
_FILE = click.Path(path_type=Path)


@click.group()
def video() -> None:
    """Read, change and approve the scripts of articles, render one of yours, measure a video."""


@video.command()
@click.argument("script", type=_FILE)
@click.option("--preset", type=click.Choice(_PRESETS), default="youtube_short", show_default=True)
@click.option("--out", type=_FILE, help="The MP4 file to write; by default the script's name.")
@click.option("--preview", is_flag=True, help="A quick draft at 540p.")
@click.option("--quality", type=click.Choice(_QUALITIES), help="Default: IGNY8_VIDEO_QUALITY.")
@click.option(
    "--music",
    metavar="CHOICE",
    help="auto, none, calm, energetic, happy, nostalgic, tender, or a sound file or folder; "
    "default: IGNY8_MUSIC.",
)
@click.option(
    "--captions",
    type=_FILE,
    multiple=True,
    help="Also write the captions to this .srt, .vtt or .ass file; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def render(
    script: Path,
    preset: str,
    out: Path | None,
    preview: bool,
    quality: str | None,
    music: str | None,
    captions: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Render the video script in a JSON file; see docs/video.md for what it may hold."""
    from igny8_media.command.video_render import video_render

    sys.exit(
        video_render(
            script,
            preset,
            out,
            quality=quality,
            preview=preview,
            music=music,
            captions=captions,
            as_json=as_json,
        )
    )


@video.command()
@click.argument("file", type=_FILE)
@click.option("--script", type=_FILE, help="The script that it was made from.")
@click.option("--captions", type=_FILE, help="Its captions, as SRT, VTT or ASS.")
@click.option("--preset", type=click.Choice(_PRESETS), help="Where it is to go.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def inspect(
    file: Path, script: Path | None, captions: Path | None, preset: str | None, as_json: bool
) -> None:
    """Measure a video file; the exit status is 1 when something is wrong with it."""
    from igny8_media.command.video_inspect import video_inspect

    sys.exit(video_inspect(file, script=script, captions=captions, preset=preset, as_json=as_json))


@video.command()
@click.argument("content")
@click.argument("form", type=click.Choice(("short", "long")))
@click.option("--section", type=int, metavar="N", help="Only this section; its number, from 1.")
@click.option(
    "--instruction",
    default="",
    metavar="TEXT",
    help='What should be different, as in "more formal"; default: why the script was rejected.',
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def regenerate(
    content: str, form: str, section: int | None, instruction: str, as_json: bool
) -> None:
    """Have a model write the script of an article's video, or a section of it, once more."""
    from igny8_media.command.regenerate import regenerate_script, regenerate_section

    if section is None:
        sys.exit(regenerate_script(content, form, instruction, as_json=as_json))
    sys.exit(regenerate_section(content, form, section, instruction, as_json=as_json))


for command in (scripts, show, edit, approve, reject):
    video.add_command(command)
