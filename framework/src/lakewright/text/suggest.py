"""The word that a typo probably meant."""

from __future__ import annotations

from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 12


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause `; did you mean 'clean'?`, or what there is to choose from when nothing comes close.

    >>> did_you_mean("claen", ["load", "clean"])
    "; did you mean 'clean'?"
    >>> did_you_mean("zzz", ["load", "clean"])
    '; known are: clean, load'
    >>> did_you_mean("zzz", [])
    ''
    """
    # `difflib` is paid for by errors only: a task that starts never needs it.
    from difflib import get_close_matches

    choices = sorted(set(known))
    close = get_close_matches(word, choices, n=1)
    if close:
        return f"; did you mean '{close[0]}'?"
    shown = ", ".join(choices[:_SHOWN]) + (", …" if len(choices) > _SHOWN else "")
    return f"; known are: {shown}" if choices else ""
