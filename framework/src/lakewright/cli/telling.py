"""What is told while something is done: on the stream for people, so that results can go to a program."""

from __future__ import annotations

from lakewright.cli.output import errors


def tell(line: str) -> None:
    """Print a command that is run, as it can be typed, or a line of what it prints."""
    style = "bold" if line.startswith("$ ") else "dim"
    errors.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print what should be known, and stops nothing."""
    errors.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)
