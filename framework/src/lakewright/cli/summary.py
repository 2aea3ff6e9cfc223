"""How a run ended: what it gave, in how long, and where all of it lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.table import Table
from rich.text import Text

from lakewright.cli.output import out, say, shown_path
from lakewright.cli.values import render_value
from lakewright.execution.report.critical import critical_path
from lakewright.model.states import State
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.emulator.outcomes import IsolatedResult, Outcome
    from lakewright.execution.result import RunResult, TaskOutcome
    from lakewright.model.dag import Dag

_MOST_OUTPUTS: Final = 20
_MOST_FILES: Final = 3


def print_values(result: RunResult[object]) -> None:
    """What the body returns; where it returns nothing, what the tasks gave that nothing hangs on."""
    if result.dag.result is not None:
        shown = {result.dag.name: result.value}
    else:
        shown = {key: result[key] for key in result.leaves[:_MOST_OUTPUTS] if _gave(result.outcomes[key])}
    for name, value in shown.items():
        for rendered in render_value(value, name=name, width=out.width):
            out.print(rendered)


def print_outputs(result: RunResult[object]) -> None:
    """Where every output lies, below the folder that the summary names."""
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    table.add_column("output", no_wrap=True)
    table.add_column("rows", justify="right")
    table.add_column("kept in", overflow="fold")
    ended = [
        task.key for task in result.dag.tasks if result.outcomes[task.key].state is State.SUCCESS and not task.operator
    ]
    for key in ended[:_MOST_OUTPUTS]:
        table.add_row(Text(key), *_kept(result, key))
    if ended:
        out.print(table)
    if ended[_MOST_OUTPUTS:]:
        say(f"and {plural(len(ended) - _MOST_OUTPUTS, 'more output')}", "dim")
    if ended:
        out.print()


def print_summary(result: RunResult[object] | IsolatedResult, *, critical: float, report: str | None) -> None:
    """The line that is read first, and the places to go to.

    Args:
        result: how the run ended.
        critical: seconds of the chain of tasks that took longest.
        report: the page of the run, if there is one.
    """
    done = sum(outcome.state is State.SUCCESS for outcome in result.outcomes.values())
    all_of_them = plural(len(result.outcomes), "task")
    counted = all_of_them if done == len(result.outcomes) else f"{done} of {all_of_them}"
    path = f" (critical path {seconds(critical)})" if critical else ""
    note = " · a success on the platform, by its leaf tasks" if result.leaf_status != result.status else ""
    mark, style = ("✔", "green") if result.status == State.SUCCESS.value else ("✘", "red")
    say(f" {mark} {counted} · {seconds(result.seconds)}{path}{note}", style)
    logs = f"{result.paths.folder}/logs"
    places = {"outputs": result.paths.folder, "report": report, "logs": logs if Path(logs).is_dir() else None}
    for name, place in places.items():
        if place:
            link = Style(link=Path(place).absolute().as_uri()) if out.is_terminal else ""
            out.print(Text.assemble((f"   {name:<8} ", "dim"), (shown_path(place), link)), soft_wrap=True)
    out.print()


def critical_seconds(dag: Dag, outcomes: Mapping[str, TaskOutcome] | Mapping[str, Outcome]) -> float:
    """How long the chain of tasks took that took longest, without pauses."""
    took = {key: sum(outcome.seconds) for key, outcome in outcomes.items() if outcome.seconds}
    upstream = {key: dag.upstream(key) for key in dag.nodes}
    return sum(took[key] for key in critical_path(dag.topological_sort(), upstream, took))


def _gave(outcome: TaskOutcome) -> bool:
    return outcome.record is not None and outcome.record.stored is not None


def _kept(result: RunResult[object], key: str) -> Iterator[str]:
    """How many rows an output has, and where it lies."""
    record = result.outcomes[key].record
    if record is None or record.stored is None:
        yield from ("", "nothing: it returned None")
        return
    yield f"{record.rows:,}" if record.rows is not None else ""
    files = [file.path for file in record.stored.all_files] or [result.paths.record(key)]
    places = [path.removeprefix(f"{result.paths.folder}/") for path in files[:_MOST_FILES]]
    if files[_MOST_FILES:]:
        places.append(f"and {plural(len(files) - _MOST_FILES, 'more file')}")
    yield "\n".join(places)
