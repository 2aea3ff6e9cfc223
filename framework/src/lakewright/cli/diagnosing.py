"""`lakewright doctor`: what is missing for a deploy, and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Optional

import typer

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say
from lakewright.cli.telling import tell
from lakewright.errors.project import UsageError
from lakewright.project.repository import Repository
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.project.checkup import Checkup
    from lakewright.project.probing import Probing

_MARKS: Final = {"right": ("✔", "green"), "wrong": ("✘", "bold red"), "unknown": ("–", "yellow")}


def doctor(
    *,
    target: Annotated[
        Optional[list[str]],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
        typer.Option("--target", metavar="NAME", help="Only this target of targets.yml; may be repeated."),
    ] = None,
    probe: Annotated[
        bool, typer.Option("--probe", help="Try on the workspace of a target what is only read about the platform.")
    ] = False,
    out: Annotated[
        Optional[Path],  # noqa: UP045  as above
        typer.Option("--out", metavar="DIR", help="With --probe: only write its bundle, into a new folder."),
    ] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people or programs.")] = "text",
) -> int:
    """Look at all that a deploy needs: this machine, GitHub, each target; what is wrong comes with the way out.

    Nothing is changed. What cannot be looked at, for want of a network, a token or a permission, is said. Exit code 1
    if something is wrong. It also prints the command that lets this repository's workflows sign in to Databricks.

    With `--probe` it deploys a bundle of small jobs below your own home on the workspace, runs each once on serverless
    compute, tells which facts about the platform hold, and takes all of it away again: a quarter of an hour.

    Examples: `lakewright doctor`, `lakewright doctor --target prod`, `lakewright doctor --probe --target dev`
    """
    from lakewright.project.doctor import examine

    repository, targets = Repository.around(Path.cwd()), target or []
    if out is not None and not probe:
        raise UsageError("--out is for the bundle of --probe")
    if probe and out is not None:
        return _written(repository.root, targets, out)
    found = _probed(repository.root, targets) if probe else examine(repository, targets)
    if form == "json":
        every = list(found)
        say(json.dumps([asdict(each) for each in every], indent=2, ensure_ascii=False))
        return _code(every)
    return _code(_shown(found))


def _probing(root: Path, targets: list[str]) -> Probing:
    from lakewright.project.probing import Probing

    if len(targets) != 1:
        raise UsageError("--probe wants one target", hint="Say whose workspace is tried: --target NAME.")
    return Probing.of(root, targets[0])


def _probed(root: Path, targets: list[str]) -> Iterator[Checkup]:
    from lakewright.project.bundle_cli import find_cli

    return _probing(root, targets).judge(find_cli(tell))


def _written(root: Path, targets: list[str], out: Path) -> int:
    _probing(root, targets).write(out)
    say(f" ✔ {out}   cd {out} && databricks bundle deploy && databricks bundle run JOB", "green")
    return DONE


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
