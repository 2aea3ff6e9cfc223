"""A line of source with the offending span underlined."""

from __future__ import annotations


def excerpt(line_text: str, line: int, *, column: int | None = None, end_column: int | None = None) -> str:
    r"""The line with its number and, where the columns are known (1-based, end exclusive), carets below it.

    >>> print(excerpt("    if len(x) > 0:\n", 14, column=8, end_column=14))
        14 |     if len(x) > 0:
           |        ^^^^^^
    """
    text = line_text.rstrip()
    shown = f"{line:>6} | {text}"
    if column is None or column > len(text):
        return shown
    width = max(1, min(end_column or column + 1, len(text) + 1) - column)
    # A tab stays a tab, so that the carets stand below what they mean however wide a terminal shows it.
    indent = "".join("\t" if char == "\t" else " " for char in text[: column - 1])
    return f"{shown}\n{'':>6} | {indent}{'^' * width}"
