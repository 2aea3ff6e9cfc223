"""How long work on wheels tells what it does, without knowing who shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Who shows what is fetched; called from several threads."""

    def begins(self, *, files: int, size: int) -> None:
        """So many files are to come, of so many bytes as far as that is known."""
        ...

    def advances(self, size: int) -> None:
        """More bytes have arrived."""
        ...

    def ends(self, filename: str) -> None:
        """A file is there, whole."""
        ...


class Silent:
    """Shows nothing."""

    def begins(self, *, files: int, size: int) -> None:
        """Nothing is shown."""

    def advances(self, size: int) -> None:
        """Nothing is shown."""

    def ends(self, filename: str) -> None:
        """Nothing is shown."""
