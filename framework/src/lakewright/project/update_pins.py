"""Pins that an update and a bot have both moved on: the newer one is taken, and nobody has to decide."""

from __future__ import annotations

import re
from typing import Final

_CONFLICT: Final = re.compile(
    r"^<{7} [^\n]*\n(?P<ours>.*?)(?:^\|{7} [^\n]*\n.*?)?^={7}\n(?P<theirs>.*?)^>{7} [^\n]*\n", re.MULTILINE | re.DOTALL
)
# An action at the commit of a release, and a package in a list of TOML: what is pinned, and its version.
_PINS: Final = (
    re.compile(r"(?P<what>\s*(?:- )?uses: [^@\s]+)@[0-9a-f]{40} # v(?P<version>\d+(?:\.\d+)*)"),
    re.compile(r'(?P<what>\s*"[\w.-]+(?:\[[\w,-]+\])?)==(?P<version>\d+(?:\.\d+)*)",'),
)


def settled(text: str) -> str:
    r"""A text in which conflicts that are about nothing but versions of pins have the newer ones.

    >>> print(settled('<<<<<<< ours\n"ruff==0.17.6",\n=======\n"ruff==0.18.0",\n>>>>>>> theirs\n'), end="")
    "ruff==0.18.0",

    Args:
        text: of a file, with the marks of a merge; other conflicts are left as they are.
    """
    return _CONFLICT.sub(_settled, text)


def _settled(conflict: re.Match[str]) -> str:
    ours, theirs = (conflict[side].splitlines(keepends=True) for side in ("ours", "theirs"))
    newer = [_newer(*pair) for pair in zip(ours, theirs, strict=False)]
    if len(ours) != len(theirs) or None in newer:
        return conflict[0]
    return "".join(line for line in newer if line is not None)


def _newer(ours: str, theirs: str) -> str | None:
    """The line that pins a newer version; None where the two are about something else."""
    if ours == theirs:
        return ours
    for pin in _PINS:
        one, other = pin.fullmatch(ours.rstrip("\n")), pin.fullmatch(theirs.rstrip("\n"))
        if one and other and one["what"] == other["what"]:
            return max((ours, one["version"]), (theirs, other["version"]), key=lambda each: _numbers(each[1]))[0]
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
