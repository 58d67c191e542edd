"""Progress for people: lines that can be kept in a log, a bar where somebody looks on."""

import io

from rich.console import Console

from igny8_media.command.video_progress import Teller
from igny8_media.video.render import Progress


def _told(terminal: bool, *reached: Progress) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=100)
    with Teller(console) as teller:
        teller.tell("rendering")
        for one in reached:
            teller.rendering(one)
        teller.tell("measuring")
    return stream.getvalue()


STEPS = (
    Progress(done=0, total=300, fps=0, seconds_left=None),
    Progress(done=45, total=300, fps=60, seconds_left=300),
    Progress(done=50, total=300, fps=60, seconds_left=4.2),
    Progress(done=300, total=300, fps=61.4, seconds_left=0),
)


def test_without_a_terminal_every_tenth_is_one_plain_line() -> None:
    lines = [line.split(" s  ", 1)[1] for line in _told(False, *STEPS).splitlines()]
    assert lines == [
        "rendering",
        "10 % rendered, 60 frames/s, 5 min left",
        "100 % rendered, 61 frames/s",
        "measuring",
    ]


def test_a_terminal_gets_a_bar_that_is_cleared_away() -> None:
    shown = _told(True, *STEPS)
    assert "61 frames/s" in shown
    assert "100%" in shown
    assert shown.rstrip().endswith("measuring")


def test_the_bar_goes_when_the_work_fails() -> None:
    stream = io.StringIO()
    teller = Teller(Console(file=stream, force_terminal=True, width=100))
    try:
        with teller:
            teller.rendering(STEPS[1])
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert "\x1b[?25h" in stream.getvalue()  # the cursor is back
