"""Names made from other text: slugs for keys, folders and suffixes."""

from __future__ import annotations


def slug(text: str, *, limit: int = 40) -> str:
    """`text` as letters, digits and `_`, at most `limit` characters; empty when nothing is left.

    >>> slug("New York/JFK")
    'New_York_JFK'
    >>> slug("…")
    ''
    """
    kept = "".join(char if char.isascii() and (char.isalnum() or char == "-") else "_" for char in text)
    parts = [part for part in kept.split("_") if part]
    return "_".join(parts)[:limit].strip("_")


def quoted(names: list[str] | tuple[str, ...]) -> str:
    """Names in quotes, joined by commas.

    >>> quoted(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(f"'{name}'" for name in names)


def plural(count: int, noun: str) -> str:
    """A count with its noun, thousands grouped.

    >>> plural(1, "task"), plural(27004, "row")
    ('1 task', '27,004 rows')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
