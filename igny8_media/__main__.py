"""`python -m igny8_media` is `igny8-media`."""

from igny8_media.cli import main

main(prog_name="igny8-media")
