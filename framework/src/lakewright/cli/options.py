"""What several commands take, and `lakewright run` in full: each option with the words that teach it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal, Optional

import typer

# typer reads annotations at run time, on Python 3.10 too: `str | None` would not do inside of `Annotated`.
# ruff: noqa: UP045

LOCAL: Final = "local"
DEFAULT_WORKERS: Final = min(4, os.cpu_count() or 1)
_GO_ON: Final = "Going on with a run"
_FILES: Final = "What is written"

Reference = Annotated[
    Optional[str],
    typer.Argument(
        metavar="REF",
        help="`flights` (every job of a pipeline), `flights.jobs:delays`, `delays`, or `FILE.py:NAME`. "
        "None: every job of the pipeline folder you stand in, or of all pipelines.",
    ),
]

Parameters = Annotated[
    Optional[list[str]],
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A job parameter; may be repeated."),
]
Target = Annotated[
    str, typer.Option(help="The target whose values tasks see; others than `local` only with --isolated.")
]
Workers = Annotated[int, typer.Option(min=1, help="How many tasks run side by side.")]
Executor = Annotated[
    Optional[Literal["serial", "threads", "processes"]],
    typer.Option(
        help="How tasks run: side by side on `threads`, the default, or in `processes`; or one after the other, "
        "with the terminal for `print`, `input` and `breakpoint`: `serial`.",
    ),
]
Isolated = Annotated[
    bool, typer.Option("--isolated", help="Run the generated job definition, each task in a process of its own.")
]
Resume = Annotated[
    Optional[str],
    typer.Option(
        metavar="RUN",
        rich_help_panel=_GO_ON,
        help="Go on with a run that was interrupted or failed: its id, or `latest`.",
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        rich_help_panel=_GO_ON,
        help="Run again what failed and all that hangs on it, with the present code.",
    ),
]
Select = Annotated[
    Optional[str],
    typer.Option(
        metavar="EXPR",
        help="Run some tasks only, as in `clean+`, `+report`, `load_*`, `tag:gold`; their inputs come from the "
        "latest runs that have them.",
    ),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="Start nothing more once a task has failed, but what cleans up or alerts.")
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Run all tasks, also those with `cache=True` whose output would be the same.")
]
Events = Annotated[
    Optional[Path],
    typer.Option(metavar="FILE", rich_help_panel=_FILES, help="Write what happens, as it happens, as JSON lines."),
]
Report = Annotated[
    Optional[Path],
    typer.Option(
        metavar="FILE",
        rich_help_panel=_FILES,
        help="Put the page of what happened there, instead of `report.html` in the folder of the run; of several "
        "jobs, one page each.",
    ),
]
NoReport = Annotated[bool, typer.Option("--no-report", rich_help_panel=_FILES, help="Write no page of what happened.")]

DeployTarget = Annotated[str, typer.Option("--target", metavar="NAME", help="A target of targets.yml.")]
AllowDeletes = Annotated[
    bool,
    typer.Option("--allow-deletes/--no-allow-deletes", help="Delete or replace what is there, where the plan says so."),
]
DeletesLabel = Annotated[
    Optional[str],
    typer.Option(
        metavar="LABEL",
        help="Allow it too if a pull request since the last deploy has this label, as in allow-deletes.",
    ),
]
Smoke = Annotated[bool, typer.Option("--smoke", help="Run each job once afterwards, and fail if it does.")]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings of the bundle for errors.")]
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", help="Deploy what is not committed; that is not recorded.")]
Static = Annotated[
    bool,
    typer.Option(
        "--static", help="Import nothing: read the files alone. What only an import could tell stays unknown."
    ),
]
MovedSince = Annotated[
    Optional[str],
    typer.Option(
        "--base",
        metavar="REV",
        help="Warn of tasks whose numbered key was that of another call at this branch, tag or commit.",
    ),
]
Pipelines = Annotated[Optional[list[str]], typer.Argument(metavar="PIPELINE…", help="By default all.")]
Picture = Annotated[Literal["tree", "mermaid", "dot", "json", "html"], typer.Option("--format", help="How to draw it.")]
Findings = Annotated[
    Literal["text", "json", "markdown", "sarif", "github"],
    typer.Option("--format", help="For people, programs, pull requests, code scanning, or a workflow of GitHub."),
]
Form = Annotated[
    Literal["text", "json", "markdown"], typer.Option("--format", help="For people, programs or pull requests.")
]
