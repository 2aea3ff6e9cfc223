"""Exceptions in words, whatever they do when they are asked."""

from __future__ import annotations

from typing import Final

MOST: Final = 10_000


def said(error: BaseException) -> str:
    """Type and message of an exception; a message that is very long is cut, and one that cannot be told is named so.

    >>> said(ValueError("no file today")), said(KeyError("day")), said(ConnectionError())
    ('ValueError: no file today', "KeyError: 'day'", 'ConnectionError')
    """
    name, message = name_of(error), message_of(error)
    return f"{name}: {message}" if message else name


def name_of(error: BaseException) -> str:
    """The name of an exception's class; of one that `stands_for` another, which another process has raised, that one's.

    >>> name_of(ValueError("no file today"))
    'ValueError'
    """
    return getattr(error, "stands_for", "") or type(error).__name__


def class_name(kind: type) -> str:
    """`module.name` of a class; of a builtin its name.

    >>> from json import JSONDecodeError
    >>> class_name(JSONDecodeError), class_name(KeyError)
    ('json.decoder.JSONDecodeError', 'KeyError')
    """
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def message_of(error: BaseException) -> str:
    """The message of an exception alone.

    >>> message_of(ValueError("no file today"))
    'no file today'
    """
    try:
        message = str(error)
    except Exception as failure:  # noqa: BLE001  the exception is the user's, and so is what telling it raises
        return f"(its message cannot be told: {type(failure).__name__})"
    return message if len(message) <= MOST else f"{message[:MOST]}… ({len(message):,} characters)"
