"""Running a job again and again from Python, with nothing extra to install."""

from __future__ import annotations

from functools import partial
from logging import getLogger
from pathlib import Path
from typing import Any, Final

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import SettingError
from lakewright.execution.remembering import StoredMemory
from lakewright.execution.rhythm import rhythm
from lakewright.execution.schedule import Schedule, SystemClock
from lakewright.io.local import local_target
from lakewright.model.states import State
from lakewright.orchestration.pipeline import Pipeline
from lakewright.pipelines.pipeline import Pipeline as TracedPipeline
from lakewright.text.names import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

    from lakewright.execution.result import RunResult
    from lakewright.execution.schedule import Clock, Tick
    from lakewright.model.trigger import Cron
    from lakewright.pipelines.arguments import Traceable

_SYSTEM: Final = SystemClock()


def schedule_pipeline(
    pipeline: TracedPipeline[..., Any] | Pipeline,
    *,
    interval_seconds: float | None = None,
    cron: str | Cron | None = None,
    blocking: bool = True,
    clock: Clock = _SYSTEM,
) -> Schedule:
    """Run a job, or a pipeline that is wired by hand, on this machine whenever it is due.

    The first run is one interval after the start, and the rate is fixed. Due times that pass while a run goes on are
    skipped and counted. A restart goes on with the rhythm of before: of due times that were missed meanwhile one run
    makes up for the latest. Runs, failures and what was missed are logged to `lakewright.schedule.<name>`; a run that
    fails does not end the schedule.

    Args:
        pipeline: what to run.
        interval_seconds: the rate.
        cron: the times, as text (five fields or Quartz' six or seven, in UTC) or as `Cron(…, timezone=…)`.
        blocking: run until Ctrl-C, which ends a run as it ends one without a schedule. Else return at once; `stop()`
            of what is returned ends the schedule, and so does the end of the program.
        clock: time, for tests.

    Returns:
        The schedule: `.counts`, `.next_due`, `.stop()` and `.join()`.

    Raises:
        ScheduleError: both or neither of interval and cron, an interval that is no number above 0, or a schedule that
            another process keeps.
        SettingError: a cron expression that cannot be read; the message names the field.

    >>> from lakewright.orchestration import Pipeline, Task
    >>> pipeline = Pipeline("hourly").add_task(Task("load", lambda: 1))
    >>> schedule = schedule_pipeline(pipeline, interval_seconds=3600, blocking=False)
    >>> schedule.stop()
    >>> schedule.join()
    """
    when = rhythm(interval_seconds=interval_seconds, cron=cron)
    body, run, bound = _subject(pipeline)
    root = local_target(body.file).root
    logger = getLogger(f"lakewright.schedule.{body.name}")
    schedule = Schedule(
        when,
        partial(_run, run, logger),
        clock=clock,
        memory=StoredMemory(root, f"{_place(body.file, root)}:{body.name}{bound}, {when}"),
        listener=partial(_log, logger),
    )
    if not blocking:
        return schedule.start()
    try:
        schedule.run()
    except KeyboardInterrupt:
        logger.info("stopped")
    return schedule


def _subject(pipeline: object) -> tuple[Traceable, Callable[[], RunResult[Any]], str]:
    """What is run, how, and what tells it from others of its name: bound values, or the tasks that are wired."""
    if isinstance(pipeline, Pipeline):
        # A file may wire several of one name; a line that moves is the same pipeline all the same.
        return pipeline.body, pipeline.run, f" of {', '.join(pipeline.tasks)}"
    if isinstance(pipeline, TracedPipeline):
        bound = "".join(f" {name}={value!r}" for name, value in sorted(pipeline.bound.items()))
        return pipeline.body, pipeline.execute, bound
    wanted = "a job or a pipeline"
    raise located(SettingError.wrong("schedule_pipeline()", "pipeline", pipeline, wanted=wanted))


def _place(file: str, root: str) -> str:
    """The file of a pipeline, as the project names it: a project that moves keeps its schedules."""
    path, project = Path(file), Path(root).parent
    return (path.relative_to(project) if path.is_relative_to(project) else path).as_posix()


def _run(run: Callable[[], RunResult[Any]], logger: Logger) -> bool:
    try:
        result = run()
        result.raise_for_status()
    except Exception:
        # Whatever it is, such as a full disk: the next run may find it otherwise.
        logger.exception("a run failed")
        return False
    logger.info("run %s: %s", result.run_id, result.status)
    return result.status == State.SUCCESS.value


def _log(logger: Logger, tick: Tick) -> None:
    if tick.kind == "waiting":
        logger.debug("waiting for %s", tick.due)
    elif tick.kind == "over":
        logger.warning("over: nothing is due any more")
    else:
        logger.warning("%s %s", tick.kind, plural(tick.times, "due time"))
