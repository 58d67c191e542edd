"""The command line: what can be typed. What it does lives in `igny8_media.command`."""

import sys
from pathlib import Path

import click

# Everything else is imported inside the commands: `--help` must answer at once.


class _Cli(click.Group):
    """Turns every error meant for people into one sentence and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        from igny8_media.errors import Igny8Error, InputError

        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"igny8-media: {error}", err=True)
            sys.exit(2)
        except Igny8Error as error:
            click.echo(f"igny8-media: {error}", err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo(
                "igny8-media: stopped; what was finished is kept, the next run goes on from it.",
                err=True,
            )
            sys.exit(130)


@click.group(cls=_Cli, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="igny8-media")
def main() -> None:
    """Turn published articles into social posts and narrated videos."""


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--platforms", metavar="LIST", help="linkedin,twitter,facebook,instagram,tiktok")
@click.option("--videos", metavar="LIST", help="short,long or none")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="Where the results and report.html go.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.option("--force", is_flag=True, help="Make new revisions although nothing changed.")
def run(
    sources: tuple[str, ...],
    platforms: str | None,
    videos: str | None,
    out: Path,
    as_json: bool,
    force: bool,
) -> None:
    """Make posts and videos from articles.

    SOURCE is a Markdown or HTML file, a folder of them, or the http(s) address of an article.
    """
    from igny8_media.command.main_job import main_job

    sys.exit(main_job(sources, platforms, videos, out, as_json=as_json, force=force))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def doctor(as_json: bool) -> None:
    """Check what this machine has, and say what to do about what it lacks."""
    from igny8_media.command.doctor import doctor as examine

    sys.exit(examine(as_json=as_json))


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def dev(port: int, host: str) -> None:
    """Start the Dagster UI and daemon; new articles in ./content are picked up."""
    from igny8_media.command.dev import dev as start

    start(host, port)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it keeps what was published; by default in IGNY8_HOME.",
)
@click.option("--forget", is_flag=True, help="Begin with nothing: accounts and posts go.")
def sandbox(port: int, folder: Path | None, forget: bool) -> None:
    """Play all six platforms on this machine, to publish to without an account."""
    from igny8_media.command.sandbox import sandbox as start

    start(port, folder, forget=forget)


# As in `video.presets`, which is imported only when a video is made.
_PRESETS = ("youtube_long", "youtube_short", "instagram_reel", "tiktok")
_QUALITIES = ("draft", "fast", "standard", "high")
_FILE = click.Path(path_type=Path)


@main.group()
def video() -> None:
    """Render a script that you wrote, or measure a video file."""


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


_SERVICES = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")
_KIND = click.option("--kind", metavar="KIND", help="For LinkedIn: person or organization.")
_SANDBOX = click.option("--sandbox", is_flag=True, help="An account of the sandbox server.")


@main.group()
def accounts() -> None:
    """Connect the accounts that posts go out through."""


@accounts.command("connect")
@click.argument("platform", type=click.Choice(_SERVICES))
@_KIND
@_SANDBOX
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where the browser comes back to; default: IGNY8_CALLBACK_PORT, 8976.",
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def connect_account(
    platform: str, kind: str | None, sandbox: bool, port: int | None, no_browser: bool
) -> None:
    """Ask in the browser for leave to post, and keep it; connects again what was connected."""
    from igny8_media.command.accounts_connect import accounts_connect

    sys.exit(accounts_connect(platform, kind, sandbox=sandbox, port=port, browser=not no_browser))


@accounts.command("add")
@click.argument("platform", type=click.Choice(_SERVICES))
@click.option(
    "--token-file", "file", type=_FILE, required=True, help="A JSON file, see docs/accounts.md."
)
@click.option("--name", help="What to call it here.")
@_KIND
@_SANDBOX
def add_account(
    platform: str, file: Path, name: str | None, kind: str | None, sandbox: bool
) -> None:
    """Keep an account whose tokens you have already."""
    from igny8_media.command.accounts_connect import accounts_add

    sys.exit(accounts_add(platform, file, name, kind, sandbox=sandbox))


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def list_accounts(as_json: bool) -> None:
    """Show the accounts, and which of them need you."""
    from igny8_media.command.accounts import accounts_list

    sys.exit(accounts_list(as_json=as_json))


@accounts.command("check")
@click.argument("account", required=False)
def check_account(account: str | None) -> None:
    """Ask the platforms whether they still take our tokens; ACCOUNT is a number or a name."""
    from igny8_media.command.accounts import accounts_check

    sys.exit(accounts_check(account))


@accounts.command("remove")
@click.argument("account")
@click.option("--force", is_flag=True, help="Also cancel the posts that wait for it.")
def remove_account(account: str, force: bool) -> None:
    """Forget an account and its tokens; ACCOUNT is a number or a name."""
    from igny8_media.command.accounts import accounts_remove

    sys.exit(accounts_remove(account, force=force))


@accounts.command("rotate-key")
def rotate_key() -> None:
    """Encrypt all tokens with a new key."""
    from igny8_media.command.accounts import accounts_rotate_key

    sys.exit(accounts_rotate_key())
