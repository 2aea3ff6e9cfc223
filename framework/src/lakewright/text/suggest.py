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
    choices = sorted(set(known))
    close = close_to(word, choices)
    if close:
        return f"; did you mean '{close}'?"
    shown = ", ".join(choices[:_SHOWN]) + (", …" if len(choices) > _SHOWN else "")
    return f"; known are: {shown}" if choices else ""


def close_to(word: str, known: Iterable[str]) -> str:
    """The one of some words that comes closest; empty where none comes close.

    >>> close_to("claen", ["load", "clean"]), close_to("zzz", ["load", "clean"])
    ('clean', '')
    """
    # `difflib` is paid for by errors only: a task that starts never needs it.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(set(known)), n=1)), "")
