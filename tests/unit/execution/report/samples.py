"""Runs to report on: a small one as the example gives it, and large ones."""

from dataclasses import replace
from random import Random
from typing import Final

from lakewright.execution.report.critical import critical_path
from lakewright.execution.report.view import (
    AttemptView,
    ErrorView,
    FileView,
    InputView,
    OutputView,
    RunView,
    SampleView,
    TaskView,
    WaitView,
)

SCHEMA: Final = (("carrier", "String"), ("flights", "UInt32"), ("mean_delay", "Float64"), ("origin", "String"))
ROWS: Final = (("UA", "4637", "8.3", "EWR"), ("B6", "4427", "9.5", "JFK"), ("EV", "4171", None, "EWR"))
EDGES: Final = {
    "load_flights": (),
    "clean": ("load_flights",),
    "check_flights": ("clean",),
    "load_weather": (),
    "load_planes": (),
    "enrich": ("clean", "load_weather", "load_planes"),
    "delays_by_carrier": ("enrich",),
    "report": ("delays_by_carrier", "check_flights"),
}


def output(rows: int = 26_483) -> OutputView:
    return OutputView(
        kind="polars.DataFrame",
        rows=rows,
        schema=SCHEMA,
        files=(FileView(path="clean/1/data.parquet", size=412_345),),
        sample=SampleView(columns=tuple(name for name, _ in SCHEMA), rows=ROWS),
    )


def run_of(tasks: tuple[TaskView, ...], *, status: str = "success") -> RunView:
    """A run of tasks in topological order."""
    seconds = {task.key: task.seconds for task in tasks if task.attempts}
    path = critical_path([task.key for task in tasks], {task.key: task.upstream for task in tasks}, seconds)
    return RunView(
        job="delays",
        run_id="20261120-141209-7f3a2c",
        status=status,
        leaf_status=status,
        started="2026-11-20T14:12:09+00:00",
        seconds=max(
            (task.attempts[-1].start + task.attempts[-1].seconds for task in tasks if task.attempts), default=0
        ),
        tasks=tasks,
        description="Who is late, when, and is it the weather?",
        parameters=(("month", "1"), ("min_flights", "100")),
        revision="3f2a1bc",
        target="local",
        folder=".lakewright/runs/delays/20261120-141209-7f3a2c",
        critical_path=path,
        critical_seconds=sum(seconds[key] for key in path),
    )


def linked(tasks: dict[str, TaskView]) -> tuple[TaskView, ...]:
    """The tasks, each with its downstream keys."""
    followers: dict[str, list[str]] = {key: [] for key in tasks}
    for task in tasks.values():
        for key in task.upstream:
            followers[key].append(task.key)
    return tuple(replace(task, downstream=tuple(followers[key])) for key, task in tasks.items())


def succeeded(key: str, upstream: tuple[str, ...], *, start: float, seconds: float) -> TaskView:
    return TaskView(
        key=key,
        state="success",
        description=f"What {key} is for, in a sentence.",
        compute="serverless, environment 5",
        function=f"flights.tasks:{key}",
        location="pipelines/flights/src/flights/jobs.py:20",
        upstream=upstream,
        attempts=(AttemptView(number=1, start=start, seconds=seconds, state="success", log=f"INFO {key} is done\n"),),
        inputs=tuple(InputView(argument=f"input_{number}", upstream=up) for number, up in enumerate(upstream)),
        output=output(),
        wait=WaitView(ready=start, upstream=upstream[-1] if upstream else ""),
    )


def failed(task: TaskView, *, message: str = '"dep_tiem" not found; did you mean "dep_time"?') -> TaskView:
    """A task that failed three times, with pauses between its attempts."""
    error = ErrorView(
        type="ColumnNotFoundError",
        message=message,
        traceback="pipelines/flights/src/flights/tasks.py:31  in clean\n"
        '    flights.with_columns(pl.col("dep_tiem").cast(pl.Int32))',
    )
    first = task.attempts[0]
    attempts = tuple(
        AttemptView(
            number=number + 1,
            start=first.start + number * 0.3,
            seconds=0.08,
            state="failed",
            error=error,
            log=f"INFO 27,004 flights, {521 - number} cancelled\nWARNING attempt {number + 1} meets a strange column\n",
        )
        for number in range(3)
    )
    return replace(task, state="failed", attempts=attempts, output=None)


def skipped(task: TaskView, reason: str) -> TaskView:
    return replace(task, state="upstream_failed", reason=reason, attempts=(), output=None, wait=None)


def small() -> RunView:
    """A run that went well."""
    ends: dict[str, float] = {}
    tasks: dict[str, TaskView] = {}
    for number, (key, upstream) in enumerate(EDGES.items()):
        start = max((ends[up] for up in upstream), default=0.0) + 0.01
        seconds = 0.04 + 0.05 * (number % 4)
        tasks[key] = succeeded(key, upstream, start=start, seconds=seconds)
        ends[key] = start + seconds
    return run_of(linked(tasks))


def broken(message: str = '"dep_tiem" not found; did you mean "dep_time"?') -> RunView:
    """The same run, where `clean` failed."""
    tasks = {task.key: task for task in small().tasks}
    tasks["clean"] = failed(tasks["clean"], message=message)
    for key in ("check_flights", "enrich", "delays_by_carrier", "report"):
        tasks[key] = skipped(tasks[key], f"upstream failed: {', '.join(tasks[key].upstream[:1])}")
    return run_of(tuple(tasks.values()), status="failed")


def large(count: int, *, log: int = 200, breaks: bool = True) -> RunView:
    """A run of many tasks in a random DAG, some of which failed."""
    random = Random(count)  # noqa: S311  the same DAG each time
    ends: dict[str, float] = {}
    tasks: dict[str, TaskView] = {}
    for number in range(count):
        key = f"{random.choice(('load', 'clean', 'join', 'score'))}_{random.choice(('orders', 'flights'))}_{number}"
        above = [f for f in list(tasks)[max(0, number - 40) :] if random.random() < 0.05]
        upstream = tuple(above[:3])
        start = max((ends[up] for up in upstream), default=random.random()) + random.random() / 20
        seconds = random.expovariate(1.5)
        task = succeeded(key, upstream, start=start, seconds=seconds)
        attempt = replace(task.attempts[0], log=f"{'x' * 79}\n" * (log // 80))
        task = replace(task, attempts=(attempt,))
        ends[key] = start + seconds
        bad = [up for up in upstream if tasks[up].state in {"failed", "upstream_failed"}]
        if bad:
            task = skipped(task, f"upstream failed: {', '.join(bad)}")
        elif breaks and number % 97 == 96:
            task = failed(task)
        tasks[key] = task
    return run_of(linked(tasks), status="failed" if breaks else "success")
