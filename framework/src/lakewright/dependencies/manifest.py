"""What became of everything that was handed in, and what the result is: one value, one text for equal content."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from lakewright.dependencies.contents import to_json, wheelhouse_digest

if TYPE_CHECKING:
    from lakewright.dependencies.contents import WheelEntry
    from lakewright.dependencies.formats import Layout
    from lakewright.dependencies.platforms import WheelTarget

FORMAT: Final = "lakewright-dependencies/1"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fate:
    """What became of a file.

    Attributes:
        file: its name in the archive.
        what: what was done with it.
        detail: into which wheel and under which name, or why it was left out.
    """

    file: str
    what: Literal["built into", "copied as", "read as", "ignored"]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Every file that was handed in, and every wheel that came of it."""

    layout: Layout
    target: WheelTarget
    wheels: tuple[WheelEntry, ...]
    fates: tuple[Fate, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The manifest as it stands beside the wheels; it says nothing about the run or the machine."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "digest": wheelhouse_digest(self.wheels),
            "python": self.target.python,
            "platform": self.target.platform,
            "input": {"format": self.layout.format, "parts": list(self.layout.parts), "root": self.layout.root},
            "wheels": [asdict(wheel) for wheel in self.wheels],
            "files": [asdict(fate) for fate in sorted(self.fates)],
            "notes": list(self.notes),
        }
        return to_json(content)
