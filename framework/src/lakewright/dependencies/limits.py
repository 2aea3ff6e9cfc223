"""How much an archive may hold."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of an archive: who expects more says so.

    Attributes:
        entries: how many entries there may be, folders included.
        depth: how many folders may lie in each other.
        entry_bytes: what one entry may unpack to.
        total_bytes: what all of them may unpack to.
        text_bytes: what a file may have that is read as a whole: requirements, settings of projects.
        ratio: how many times its compressed size an entry may unpack to. Text compresses to a tenth, rarely to a
            hundredth; a bomb of zeros to a thousandth, which is the most that deflate can do.
        ratio_from: entries that unpack to less than this are not asked for their ratio: many small files compress well.

    >>> Limits(entries=100).entries
    100
    """

    entries: int = 10_000
    depth: int = 32
    entry_bytes: int = 2 * 2**30
    total_bytes: int = 4 * 2**30
    text_bytes: int = 4 * 2**20
    ratio: int = 200
    ratio_from: int = 2**20

    def __post_init__(self) -> None:
        wrong = [field.name for field in fields(self) if getattr(self, field.name) < 1]
        if wrong:
            raise ValueError(f"a limit is a positive number: {', '.join(wrong)}")
