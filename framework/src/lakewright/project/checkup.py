"""What `lakewright doctor` finds: a value for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lakewright.errors.base import LakewrightError

if TYPE_CHECKING:
    from collections.abc import Callable

State: TypeAlias = Literal["right", "wrong", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """One thing that was looked at.

    Attributes:
        about: `this machine`, `GitHub`, or a target.
        state: unknown where it could not be looked at.
        told: what was found.
        way_out: what to do, on lines of its own; also a command that is needed once.
    """

    about: str
    state: State
    told: str
    way_out: str = ""


def right(about: str, told: str, way_out: str = "") -> Checkup:
    """What is as it must be."""
    return Checkup(about=about, state="right", told=told, way_out=way_out)


def wrong(about: str, told: str, way_out: str = "") -> Checkup:
    """What keeps a deploy from working."""
    return Checkup(about=about, state="wrong", told=told, way_out=way_out)


def unknown(about: str, told: str, way_out: str = "") -> Checkup:
    """What could not be looked at, and why."""
    return Checkup(about=about, state="unknown", told=told, way_out=way_out)


def looked_at(about: str, look: Callable[[], Checkup]) -> Checkup:
    """What was found; an error while looking is what is wrong."""
    try:
        return look()
    except LakewrightError as error:
        place = f"{error.location}: " if error.location else ""
        return wrong(about, f"{place}{error.message}", error.hint)
