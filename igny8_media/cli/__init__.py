"""The command line: what can be typed. What it does lives in `igny8_media.command`."""

import sys
from pathlib import Path

import click

from igny8_media.cli.accounts import accounts
from igny8_media.cli.ai import ai
from igny8_media.cli.analytics import analytics
from igny8_media.cli.automation import automation
from igny8_media.cli.calendar import calendar
from igny8_media.cli.credits import credits
from igny8_media.cli.metrics import metrics
from igny8_media.cli.notices import notices
from igny8_media.cli.posts import posts, publish_due
from igny8_media.cli.video import video
from igny8_media.cli.voices import voices

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
        except Exception as error:
            told = _told(error)
            if told is None:
                raise
            click.echo(f"igny8-media: {told}", err=True)
            sys.exit(2 if isinstance(told, InputError) else 1)


def _told(error: Exception) -> Exception | None:
    """What a database refused, in a sentence; nothing for an error that is a mistake of ours."""
    if "sqlalchemy" not in sys.modules:
        return None
    from igny8_media.database.refusals import refused

    return refused(error)


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=_Cli, context_settings=_CONTEXT)
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


for command in (
    video,
    voices,
    accounts,
    ai,
    analytics,
    posts,
    calendar,
    publish_due,
    credits,
    metrics,
    notices,
    automation,
):
    main.add_command(command)
