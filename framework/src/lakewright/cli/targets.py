"""`lakewright targets`: where pipelines are deployed to, in the order of promotion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from lakewright.cli.output import say
from lakewright.project.repository import Repository
from lakewright.project.targets import PLACEHOLDER, read_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = Mapping[str, str | bool]


def targets(
    *,
    form: Annotated[
        Literal["text", "json", "github"],
        typer.Option("--format", help="For people, programs, or the outputs of a step on GitHub."),
    ] = "text",
) -> None:
    """List the targets of `targets.yml` in the order of promotion: where each is, and whether it is planned.

    On pull requests those are planned that are shared and have their host; a development target is a copy of whoever
    deploys it.

    Examples: `lakewright targets`, `lakewright targets --format github`
    """
    say(_FORMATS[form](_rows(Repository.around(Path.cwd()).root)), end="")


def _rows(root: Path) -> list[Row]:
    found, _ = read_targets(root)
    hosts = {name: target.workspace.host or found.workspace.host or "" for name, target in found.targets.items()}
    return [
        {
            "target": name,
            "mode": target.mode or "",
            "host": hosts[name],
            "planned": not target.is_development and PLACEHOLDER not in hosts[name],
        }
        for name, target in found.targets.items()
    ]


def _text(rows: Sequence[Row]) -> str:
    width = max(len(str(row["target"])) for row in rows)
    told = (f"{row['target']:{width}}  {row['mode'] or '-':11}  {row['host'] or '-'}" for row in rows)
    return "".join(
        f"{line}{'' if row['planned'] else '  (not planned)'}\n" for line, row in zip(told, rows, strict=True)
    )


def _json(rows: Sequence[Row]) -> str:
    return json.dumps(rows, indent=2) + "\n"


def _github(rows: Sequence[Row]) -> str:
    """Lines for `$GITHUB_OUTPUT`."""
    outputs = {
        "targets": [row["target"] for row in rows],
        "planned": [row["target"] for row in rows if row["planned"]],
    }
    return "".join(f"{name}={json.dumps(value, separators=(',', ':'))}\n" for name, value in outputs.items())


_FORMATS: Final[Mapping[str, Callable[[Sequence[Row]], str]]] = {"text": _text, "json": _json, "github": _github}
