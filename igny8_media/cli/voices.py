"""What can be typed about voices."""

import sys
from pathlib import Path

import click

_PROVIDER = click.Choice(
    ["piper_server", "tts_server", "elevenlabs", "openai", "kokoro", "piper", "espeak"]
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


@click.group()
def voices() -> None:
    """Who can read videos aloud, and how they sound."""


@voices.command("list")
@click.option("--language", metavar="CODE", help="Only those that speak it: en, de, ja.")
@click.option("--provider", type=_PROVIDER, help="Only those of this one.")
@_JSON
def list_them(language: str | None, provider: str | None, as_json: bool) -> None:
    """Every voice of every provider that is set up. Nothing is spoken."""
    from igny8_media.command import voices as command

    sys.exit(command.voices_list(language, provider, as_json=as_json))


@voices.command()
@click.argument("text", required=False)
@click.option("--voice", metavar="PROVIDER:NAME", help="Default: who would read a video.")
@click.option("--language", metavar="CODE", default="en", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The .wav or .mp3 file to write; by default named after the voice.",
)
@_JSON
def sample(
    text: str | None, voice: str | None, language: str, out: Path | None, as_json: bool
) -> None:
    """Have TEXT read as it would be in a video, or a sentence of ours."""
    from igny8_media.command import voices as command

    sys.exit(command.voices_sample(text, voice, language, out, as_json=as_json))
