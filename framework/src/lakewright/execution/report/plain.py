"""What tasks print, as text for a page."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

# What a terminal takes as colour, movement or a title.
_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def plain(text: str) -> str:
    r"""Text without what only a terminal understands; of a line that was written over, the last state.

    >>> plain("\x1b[31mred\x1b[0m")
    'red'
    >>> plain("10 %\r20 %\r\ndone\r\n")
    '20 %\ndone\n'
    """
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2] for line in lines)


def read_log(path: str, room: int) -> tuple[str, int]:
    """The end of a log, and how many bytes of it are left out; nothing where there is no such file.

    Args:
        path: the file; may be empty.
        room: how many bytes are read.
    """
    with suppress(OSError), open(path, "rb") as file:  # noqa: PTH123  text paths, as everywhere in io
        size = file.seek(0, 2)
        cut = max(0, size - room)
        file.seek(cut)
        return plain(file.read().decode(errors="replace")), cut
    return "", 0
