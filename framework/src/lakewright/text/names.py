"""Names made from other text, and lists of names."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def slug(text: str, *, limit: int = 40) -> str:
    """`text` as ASCII letters, digits, `-` and `_`, at most `limit` characters; empty when nothing is left.

    >>> slug("New York/JFK"), slug("Köln")
    ('New_York_JFK', 'Koln')
    >>> slug("…")
    ''
    """
    if text.isascii() and text.isalnum():
        return text[:limit]
    # Folding accents is for the few who need it: a worker never does.
    from unicodedata import combining, normalize

    plain = (char for char in normalize("NFKD", text) if not combining(char))
    kept = "".join(char if char.isascii() and (char.isalnum() or char == "-") else "_" for char in plain)
    parts = [part for part in kept.split("_") if part]
    return "_".join(parts)[:limit].strip("_")


def quoted(names: Iterable[str]) -> str:
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


def some(names: Sequence[str], most: int) -> str:
    """The first names, joined by commas, and how many there are besides.

    >>> some(["a", "b", "c", "d"], 2), some(["a", "b"], 2)
    ('a, b and 2 more', 'a, b')
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def one_line(text: str) -> str:
    r"""Text without what would break a line or move a terminal's cursor: a space in place of each such character.

    >>> one_line("a\nb\x1b[31m"), one_line("Köln – ☂")
    ('a b [31m', 'Köln – ☂')
    """
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
