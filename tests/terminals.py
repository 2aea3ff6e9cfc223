"""Commands on terminals of their own, where Ctrl-C is a key."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CTRL_C: Final = b"\x03"
# The process makes the terminal its own, as a shell would for it.
LAUNCHER: Final = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\]8;[^\x1b]*\x1b\\|\r")


class Terminal:
    """A command on a terminal.

    Args:
        *command: to run.
        cwd: where.
        environment: its variables.

    Attributes:
        said: what can be read on the terminal, without colours.
    """

    def __init__(self, *command: str, cwd: Path, environment: Mapping[str, str]) -> None:
        self.said = ""
        self._screen, keyboard = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, *command],
            cwd=cwd,
            env={**environment, "TERM": "xterm", "COLUMNS": "160", "LINES": "50"},
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            start_new_session=True,
        )
        os.close(keyboard)

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._screen, key)

    def reads(self, text: str) -> None:
        """Read until a text is there."""
        end = time.monotonic() + 30
        while text not in self.said:
            assert time.monotonic() < end, self.said
            if not self._read(0.1):
                assert text in self.said, self.said

    def ends(self) -> int:
        """Read to the end, for five minutes at most; the exit code."""
        end = time.monotonic() + 300
        while self._read(1):
            assert time.monotonic() < end, self.said
        os.close(self._screen)
        return self._process.wait(30)

    def _read(self, wait: float) -> bool:
        """Read what is there; whether there may be more."""
        if not select.select([self._screen], [], [], wait)[0]:
            return True
        try:
            chunk = os.read(self._screen, 65536)
        except OSError:  # the other end is closed
            return False
        self.said = _ESCAPES.sub("", self.said + chunk.decode(errors="replace"))
        return bool(chunk)
