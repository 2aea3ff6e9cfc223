"""Whether what a task gives can be what another one takes, as far as their annotations tell."""

from __future__ import annotations

import types
import typing
from typing import Any, Final

_UNIONS: Final = (typing.Union, types.UnionType)
# What type checkers let pass although no class says so.
_PROMOTED: Final = frozenset({(int, float), (int, complex), (float, complex)})


def excludes(wanted: object, given: object) -> bool:
    """Whether no value of one type can be of another; False wherever that is not sure.

    Args:
        wanted: the type of a parameter.
        given: the type of a value.

    >>> excludes(str, int), excludes(float, int), excludes(list[str], list[int]), excludes(int | None, None)
    (True, False, True, False)
    """
    wanted, given = _plain(wanted), _plain(given)
    if typing.get_origin(given) in _UNIONS:
        return all(excludes(wanted, each) for each in typing.get_args(given))
    if typing.get_origin(wanted) in _UNIONS:
        return all(excludes(each, given) for each in typing.get_args(wanted))
    wanted_class, given_class = (typing.get_origin(each) or each for each in (wanted, given))
    if not isinstance(wanted_class, type) or not isinstance(given_class, type):
        return False
    if (given_class, wanted_class) in _PROMOTED:
        return False
    if not _related(wanted_class, given_class):
        return True
    return wanted_class is given_class and _parts_exclude(wanted, given)


def _plain(kind: Any) -> object:  # noqa: ANN401  any annotation
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    return type(None) if kind is None else getattr(kind, "__supertype__", kind)


def _related(wanted: type, given: type) -> bool:
    """Whether one class is the other, or made from it, or says that it does as one."""
    if wanted is object or given is object or typing.Any in {wanted, given}:
        return True
    try:
        return issubclass(given, wanted) or issubclass(wanted, given)
    except TypeError:
        # Protocols that no value can be held against.
        return True


def _parts_exclude(wanted: object, given: object) -> bool:
    """Of two types of one container; an empty one is of both, but nobody means that."""
    inner, other = typing.get_args(wanted), typing.get_args(given)
    return len(inner) == len(other) and any(map(excludes, inner, other))
