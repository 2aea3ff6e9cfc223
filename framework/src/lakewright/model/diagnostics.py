"""Findings: what a check has to say, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.errors.base import LakewrightError, Location

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or doubtful, where, and the way out."""

    code: str
    message: str
    severity: Severity = "error"
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = self.location
        column = f":{place.column}" if place and place.column else ""
        where = f"{place}{column}: " if place else ""
        return f"{where}{self.severity}: {self.message} [{self.code}]"

    @classmethod
    def from_error(cls, error: LakewrightError) -> Finding:
        """The finding for an error that stopped a check."""
        code = type(error).__name__.removesuffix("Error")
        return cls(code=_kebab(code), message=error.message, location=error.location, hint=error.hint)


def findings_of(error: LakewrightError) -> tuple[Finding, ...]:
    """The findings for all that stopped a check at the same time."""
    return tuple(map(Finding.from_error, (error, *error.more)))


def _kebab(name: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name).lstrip("-")
