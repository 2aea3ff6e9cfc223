"""`lakewright runs`: what has run on this machine."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Optional

import typer
from rich.table import Table
from rich.text import Text

from lakewright.cli.options import LOCAL
from lakewright.cli.output import out, say, shown_path
from lakewright.cli.progress import MARKS
from lakewright.errors.project import UsageError
from lakewright.execution.history import INTERRUPTED, RUNNING, actual, actual_attempts, forget
from lakewright.execution.report.plain import plain
from lakewright.execution.store import FILE, REMOVING, RunStore
from lakewright.io.local import local_target
from lakewright.io.paths import RunPaths
from lakewright.text.durations import seconds
from lakewright.text.names import plural
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.execution.rows import AttemptRow, RunRow

runs = typer.Typer(name="runs", help="What has run on this machine.", no_args_is_help=True)

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or programs.")]
OfJob = Annotated[Optional[str], typer.Option("--job", help="Only runs of this job.")]  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too

_SHOWN: Final = 20
_STYLES: Final = {RUNNING: "cyan", INTERRUPTED: "yellow", REMOVING: "yellow", "success": "green", "failed": "red"}


def root() -> str:
    """The folder that runs are kept in, from where one stands."""
    return local_target(None).root


@runs.command("list")
def list_runs(
    *,
    job: OfJob = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = _SHOWN,
    form: Form = "text",
) -> None:
    """List runs, the latest first.

    Examples: `lakewright runs list`, `lakewright runs list --job delays --limit 5`
    """
    found = _known(job, limit)
    if form == "json":
        _print_json([_run_json(run) for run in found])
        return
    if not found:
        out.print("nothing has run here", highlight=False)
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for name in ("run", "job", "status", "started", "took", "parameters"):
        table.add_column(name, no_wrap=name != "parameters")
    for run in found:
        given = " ".join([*(f"{name}={value}" for name, value in run.parameters.items()), *_kind(run)])
        took = seconds(run.seconds) if run.seconds is not None else ""
        table.add_row(
            run.run_id, Text(run.job), Text(run.status, style=_STYLES[run.status]), _moment(run), took, Text(given)
        )
    out.print(table)


@runs.command()
def show(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run id, or `latest`.")] = "latest",
    *,
    job: OfJob = None,
    form: Form = "text",
    opens: Annotated[bool, typer.Option("--open", help="Open its report in the browser.")] = False,
) -> None:
    """Show one run: its tasks, attempts, times, errors and logs.

    Examples: `lakewright runs show`, `lakewright runs show --open`, `lakewright runs show 20261120-1412-7f3a2c`
    """
    if opens:
        _open(_report(run_id, job))
        return
    run = named(run_id, job)
    with closing(_store()) as store:
        attempts = actual_attempts(run, store.attempts(run.job, run.run_id))
    if form == "json":
        _print_json({**_run_json(run), "attempts": [attempt._asdict() for attempt in attempts]})
        return
    _print_run(run)
    _print_attempts(_that_count(attempts))


@runs.command()
def status(
    run_id: Annotated[int, typer.Argument(metavar="RUN", help="The id of a run on the target's workspace.")],
    *,
    target: Annotated[str, typer.Option("--target", metavar="NAME", help="A target of targets.yml.")],
    waits: Annotated[bool, typer.Option("--wait", help="Wait until the run is over.")] = False,
    form: Form = "text",
) -> int:
    """Ask how a run on a target stands; with `--wait` again and again, with patience where the network is refused.

    Examples: `lakewright runs status 6320912 --target dev`, `lakewright runs status 6320912 --target dev --wait`
    """
    # Only this asks a workspace.
    from lakewright.cli.remote_runs import told

    return told(run_id, target, waits=waits, as_json=form == "json")


@runs.command()
def clean(
    *,
    keep: Annotated[int, typer.Option(min=0, help="How many runs of each job stay.")] = 10,
    job: OfJob = None,
) -> None:
    """Remove old runs with their outputs and logs; those that go on stay, and those whose outputs a later one uses.

    Examples: `lakewright runs clean`, `lakewright runs clean --keep 3 --job delays`
    """
    old: list[RunRow] = []
    seen: dict[str, int] = {}
    for run in _known(job, -1):
        seen[run.job] = seen.get(run.job, 0) + 1
        if seen[run.job] > keep and run.status != RUNNING:
            old.append(run)
    used: dict[str, str] = {}
    with closing(_store()) as store:
        for run in old:
            if not forget(store, run, root()):
                used[run.run_id] = ", ".join(store.users(run.job, run.run_id))
    out.print(f"removed {plural(len(old) - len(used), 'run')}", highlight=False)
    for run_id, users in used.items():
        out.print(f"kept {run_id}: its outputs are used by {users}", highlight=False, soft_wrap=True)


def _report(run_id: str, job: str | None) -> Path:
    """The report of a run; it is made where there is none, or where the run has not ended well."""
    # Only this needs it.
    from lakewright.project.reports import run_view, write_report

    run = named(run_id, job)
    paths = RunPaths(root(), run.job, run.run_id)
    if run.status in {RUNNING, INTERRUPTED} or not Path(paths.report).is_file():
        write_report(paths.report, run_view(paths))
    return Path(paths.report)


def _open(report: Path) -> None:
    """Show a page in the browser."""
    # Only this needs it.
    import webbrowser

    say(f"report {shown_path(str(report))}")
    if not webbrowser.open(report.as_uri()):
        say("No browser was found: open the file yourself.", "yellow")


def named(run_id: str, job: str | None) -> RunRow:
    """The run of this id, or the latest one.

    Raises:
        UsageError: there is none.
    """
    found = _known(job, -1)
    matching = found[:1] if run_id == "latest" else [run for run in found if run.run_id == run_id]
    if not matching:
        known = [run.run_id for run in found]
        raise UsageError(f"there is no run '{run_id}' in {shown_path(root())}{did_you_mean(run_id, known)}")
    return matching[0]


def _known(job: str | None, limit: int) -> list[RunRow]:
    if not (Path(root()) / FILE).is_file():
        return []
    with closing(_store()) as store:
        return [actual(run, root()) for run in store.runs(job, limit=limit)]


def _store() -> RunStore:
    return RunStore(Path(root()) / FILE)


def _print_run(run: RunRow) -> None:
    took = f"   {seconds(run.seconds)}" if run.seconds is not None else ""
    lines = [
        "   ".join([run.reference, f"run {run.run_id}", *_kind(run), f"{run.status}{took}"]),
        f"started {_moment(run)}   revision {run.revision or 'unknown'}",
        *(f"{name}={value}" for name, value in run.parameters.items()),
        *([f"selected {run.selection}"] if run.selection else []),
        f"outputs {shown_path(RunPaths(root(), run.job, run.run_id).folder)}",
    ]
    out.print("\n".join(lines) + "\n", markup=False, highlight=False, soft_wrap=True)


def _kind(run: RunRow) -> list[str]:
    """What the run was called with, if it executes a generated definition."""
    if not run.isolated:
        return []
    return ["--isolated", *([f"--target {run.target}"] if run.target != LOCAL else [])]


def _print_attempts(attempts: tuple[AttemptRow, ...]) -> None:
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for name in ("task", "attempt", "state", "rows", "took", "said"):
        table.add_column(name, no_wrap=name != "said", justify="right" if name in {"attempt", "rows"} else "left")
    for each in attempts:
        table.add_row(
            each.key,
            str(each.attempt or ""),
            _state(each.state),
            f"{each.rows:,}" if each.rows is not None else "",
            seconds(each.seconds) if each.seconds is not None else "",
            Text("\n".join(_said(each))),
        )
    out.print(table)


def _that_count(attempts: Sequence[AttemptRow]) -> tuple[AttemptRow, ...]:
    """In order of time, without the reasons of an earlier process why a task did not run that has run since."""
    latest: dict[str, float] = {}
    for each in attempts:
        latest[each.key] = max(each.began, latest.get(each.key, 0.0))
    in_order = sorted(attempts, key=lambda each: (each.began, each.started or float("inf")))
    return tuple(each for each in in_order if each.attempt or each.began == latest[each.key])


def _said(attempt: AttemptRow) -> Iterator[str]:
    """What is to be told of an attempt beside its numbers, a line each."""
    lines = (line for text in (attempt.error, attempt.reason) if text for line in plain(text).splitlines())
    yield from (line for line in lines if line.strip())
    if attempt.cache:
        yield f"not cached: {attempt.cache}"
    if attempt.log:
        yield shown_path(attempt.log)


def _state(state: str) -> Text:
    known = {each.value: mark for each, mark in MARKS.items()}
    mark, style = known.get(state, ("…", _STYLES.get(state, "")))
    return Text(f"{mark} {state.replace('_', ' ')}", style=style)


def _run_json(run: RunRow) -> dict[str, object]:
    content = run._asdict()
    del content["dag"]
    return content


def _print_json(content: object) -> None:
    out.print(json.dumps(content, indent=2, ensure_ascii=False), markup=False, highlight=False, soft_wrap=True)


def _moment(run: RunRow) -> str:
    return f"{datetime.fromtimestamp(run.started).astimezone():%Y-%m-%d %H:%M:%S}"
