"""Job definitions written by hand, as they are generated, and a place to run them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lakewright.databricks.expressions import references
from lakewright.emulator.outcomes import IsolatedResult, Outcome
from lakewright.emulator.plan import IsolatedPlan, plan
from lakewright.emulator.run import run
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.binding import Argument, Binding, Constant, Output, ParameterValue
from lakewright.model.invocation import Invocation, parameter_reference
from lakewright.model.parameter import ParameterType
from lakewright.model.reference import Reference

if TYPE_CHECKING:
    from lakewright.execution.events import TaskEvent

Definition: TypeAlias = dict[str, Any]

MODULE: Final = "tests.contract.isolated_tasks"
START: Final = datetime(2026, 11, 20, 6, tzinfo=timezone.utc)
BUNDLE: Final = {
    "bundle.target": "dev",
    "var.catalog": "cat",
    "var.schema": "sch",
    "var.volume": "vol",
    "var.data": "/Volumes/raw/flights",
}


def wheel(key: str, function: str, values: Mapping[str, object] | None = None, **fields: object) -> Definition:
    """A task that calls a function of `isolated_tasks`.

    Args:
        key: the task's key.
        function: its name.
        values: its arguments: constants, outputs, and texts with references, which the platform fills in.
        **fields: any other field of the task.
    """
    given = values or {}
    texts = {name: str(value) for name, value in given.items() if isinstance(value, str) and "{{" in value}
    invocation = Invocation(
        job="j",
        task=key,
        function=Reference(MODULE, function),
        arguments=tuple(Argument(name, _binding(name, value, texts)) for name, value in given.items()),
        parameters=tuple((name, ParameterType(kind="str")) for name in texts),
    )
    filled = {**references(()), **{parameter_reference(name): text for name, text in texts.items()}}
    started = {
        "package_name": "lakewright",
        "entry_point": "lakewright-run",
        "parameters": invocation.to_argv(filled),
    }
    return {"task_key": key, "python_wheel_task": started, **fields}


def _binding(name: str, value: object, texts: Mapping[str, str]) -> Binding:
    if isinstance(value, Output):
        return value
    return ParameterValue(name) if name in texts else Constant.of(value)


def condition(key: str, compared: tuple[str, str, str], **fields: object) -> Definition:
    """A condition task that compares a left operand, by an operator, with a right one."""
    left, op, right = compared
    return {"task_key": key, "condition_task": {"left": left, "op": op, "right": right}, **fields}


def loop(key: str, inputs: str, inner: Definition, *, concurrency: int = 1, **fields: object) -> Definition:
    """A for-each task."""
    return {"task_key": key, "for_each_task": {"inputs": inputs, "task": inner, "concurrency": concurrency}, **fields}


def after(*needs: str) -> list[Definition]:
    """What a task depends on; `check=true` is the outcome of a condition.

    >>> after("load", "check=true")
    [{'task_key': 'load'}, {'task_key': 'check', 'outcome': 'true'}]
    """
    parts = [need.partition("=") for need in needs]
    return [{"task_key": key, **({"outcome": outcome} if outcome else {})} for key, _, outcome in parts]


class Runs:
    """Runs definitions as run 4711 of job `j`, below a folder of its own, and keeps what was told meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.root = str(folder / "lakewright")
        self.paths = RunPaths(self.root, "j", "4711")
        self.events: list[TaskEvent] = []

    def plan(self, *tasks: Definition, given: Mapping[str, str] | None = None, **fields: object) -> IsolatedPlan:
        """The plan of a definition with these tasks and fields."""
        return plan(
            {"name": "j", "tasks": list(tasks), **fields},
            paths=self.paths,
            bundle=BUNDLE,
            parameters=given,
            places={"/Volumes/cat/sch/vol": self.root, "/Volumes": f"{self.root}/volumes"},
            started=START,
        )

    def __call__(
        self, *tasks: Definition, given: Mapping[str, str] | None = None, workers: int = 4, **fields: object
    ) -> IsolatedResult:
        planned = self.plan(*tasks, given=given, **fields)
        return run(replace(planned, max_workers=workers, listener=self.events.append))

    def value(self, key: str) -> object:
        """The output that a task has committed; None without one."""
        record = read_record(self.paths, key)
        return record.stored.value if record and record.stored else None


def log(outcome: Outcome, attempt: int = 1) -> str:
    """What an attempt printed."""
    return Path(outcome.attempts[attempt - 1].log).read_text(encoding="utf-8")


def spans(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """When tasks that call `sleep` started and ended, by their own clock."""
    found = [log(outcome).split() for outcome in outcomes]
    return [(float(started), float(ended)) for started, ended in found]
