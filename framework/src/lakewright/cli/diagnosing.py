"""`lakewright doctor`: what is missing for a deploy, and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Optional

import typer

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say
from lakewright.project.repository import Repository
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lakewright.project.checkup import Checkup

_MARKS: Final = {"right": ("✔", "green"), "wrong": ("✘", "bold red"), "unknown": ("–", "yellow")}


def doctor(
    *,
    target: Annotated[
        Optional[list[str]],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
        typer.Option("--target", metavar="NAME", help="Only this target of targets.yml; may be repeated."),
    ] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people or programs.")] = "text",
) -> int:
    """Look at all that a deploy needs: this machine, GitHub, each target; what is wrong comes with the way out.

    Nothing is changed. What cannot be looked at, for want of a network, a token or a permission, is said. Exit code 1
    if something is wrong. It also prints the command that lets this repository's workflows sign in to Databricks.

    Examples: `lakewright doctor`, `lakewright doctor --target prod`
    """
    from lakewright.project.doctor import examine

    found = examine(Repository.around(Path.cwd()), target or ())
    if form == "json":
        every = list(found)
        say(json.dumps([asdict(each) for each in every], indent=2, ensure_ascii=False))
        return _code(every)
    return _code(_shown(found))


def _shown(found: Iterable[Checkup]) -> list[Checkup]:
    """Everything that is found, printed as it is found."""
    every: list[Checkup] = []
    for each in found:
        if not every or every[-1].about != each.about:
            say(f"{'' if not every else chr(10)}{each.about}", "bold")
        mark, style = _MARKS[each.state]
        say(f" {mark} {each.told}", style)
        for line in each.way_out.splitlines():
            say(f"     {line}")
        every.append(each)
    counts = {state: sum(each.state == state for each in every) for state in _MARKS}
    said = [f"{plural(counts['wrong'], 'thing')} to mend"] if counts["wrong"] else ["nothing is wrong"]
    say("\n" + ", ".join([*said, *([f"{counts['unknown']} not looked at"] if counts["unknown"] else [])]))
    return every


def _code(found: Iterable[Checkup]) -> int:
    return FAILED if any(each.state == "wrong" for each in found) else DONE
