"""Runs one command for as long as its standard input stays open, and kills it afterwards.

A small supervisor, run as a script (`python guard.py COMMAND...`), so that a server started by us
cannot outlive us: when our process ends in whatever way, the kernel closes the pipe. On Linux the
command is also told to die with this supervisor. Standard library only: it starts in milliseconds.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def main(command: Sequence[str]) -> int:
    on_linux = sys.platform == "linux"
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_parent if on_linux else None,  # safe: no threads run yet
    )

    def wait_for_owner() -> None:
        # Not through sys.stdin: a blocked read would hold its lock when this process ends.
        while os.read(0, 1024):
            pass
        child.kill()

    threading.Thread(target=wait_for_owner, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
