"""`lakewright-run`: one task by its argv, as the platform starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.errors.project import LoadError
from lakewright.errors.running import FormatError, InvocationError, MissingOutputError, UnresolvedReferenceError
from lakewright.execution.worker import main, task_function
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.invocation import invocation_of, parameter_reference
from lakewright.model.reference import Reference
from lakewright.pipelines.job import Job
from tests.unit.execution import tasks

MODULE: Final = tasks.__name__


class Worker:
    """Starts tasks of jobs by their argv, below a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def argv(self, job: Job[..., Any], key: str, values: Mapping[str, str] | None = None) -> list[str]:
        """The argv of a task, with all that the platform fills in."""
        here = {
            "run_id": "42",
            "attempt": "1",
            "target": "prod",
            "root": str(self.root),
            "data": "/Volumes/data",
            "catalog": "cat",
            "schema": "sch",
        }
        given = {parameter_reference(parameter.name): parameter.default or "" for parameter in job.dag.parameters}
        return invocation_of(job.dag, job.dag.task(key)).to_argv({**here, **given, **(values or {})})

    def __call__(self, job: Job[..., Any], key: str, values: Mapping[str, str] | None = None) -> object:
        """What a task has committed, run in this process."""
        main(self.argv(job, key, values))
        return self.value(job, key)

    def value(self, job: Job[..., Any], key: str) -> object:
        """The value in the record of a task."""
        record = read_record(RunPaths(str(self.root), job.name, "42"), key)
        assert record is not None
        return record.stored.value if record.stored else None

    def started(self, argv: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
        """A process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "lakewright.execution.worker", *argv],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(tmp_path / "root")


def job_of(task: Any, *args: object, **kwargs: object) -> Job[[], Any]:  # noqa: ANN401  a task of any signature
    """A job of one task called `t`."""
    from lakewright import job

    @job
    def daily() -> object:
        return task.named("t")(*args, **kwargs)

    return daily


@pytest.mark.parametrize(("job", "text"), [(tasks.first, "first"), (tasks.second, "second")])
def test_each_job_may_have_a_nested_task_of_the_same_name(worker: Worker, job: Job[[], str], text: str) -> None:
    for key in ("load", "see"):
        done = worker.started(worker.argv(job, key))
        assert (done.returncode, done.stderr) == (0, "")
    assert worker.value(job, "load") == text
    assert worker.value(job, "see") == repr(text)


def test_a_task_gets_what_its_upstream_has_committed(worker: Worker) -> None:
    from lakewright import job

    @job
    def daily(more: int = 5) -> int:
        return tasks.add(tasks.number(), more=more)

    worker(daily, "number")
    assert worker(daily, "add") == 6
    assert worker(daily, "add", {parameter_reference("more"): "7"}) == 8


def test_defaults_of_the_function_hold_where_the_call_left_them_out(worker: Worker) -> None:
    assert worker(job_of(tasks.add, 1), "t") == 11


def test_a_task_sees_the_target_that_it_runs_for(worker: Worker) -> None:
    root = str(worker.root)
    assert worker(job_of(tasks.where), "t", {"attempt": "3"}) == [
        "daily", "t", "42", "3", "prod", "cat", "sch", "/Volumes/data", root, "lakewright.daily.t",
    ]  # fmt: skip  # names, then places


def test_managers_are_found_in_module_and_inline(worker: Worker) -> None:
    from lakewright import job

    @job
    def daily() -> str:
        return tasks.see([tasks.kept(), tasks.prefixed()])

    worker.root.mkdir()
    for key in ("kept", "prefixed"):
        worker(daily, key)
    assert worker(daily, "see") == "['42', 'p:7']"


def test_an_upstream_that_gave_none_gives_none(worker: Worker) -> None:
    from lakewright import job

    @job
    def daily() -> str:
        return tasks.see(tasks.nothing())

    worker(daily, "nothing")
    assert worker(daily, "see") == "None"


def test_an_upstream_that_has_not_run_is_an_error_that_names_it(worker: Worker) -> None:
    with pytest.raises(
        MissingOutputError, match=r"task 'load' has no committed output in run '42' \(looked for .*\)\n  A task takes"
    ):
        worker(tasks.first, "see")


def test_what_the_task_raises_comes_through_unchanged(worker: Worker) -> None:
    with pytest.raises(ValueError, match=r"^no file today$"):
        worker(job_of(tasks.fail), "t")


@pytest.mark.parametrize("code", [1, "no rows today", ""])
def test_a_task_that_exits_with_a_failure_has_committed_nothing(worker: Worker, code: object) -> None:
    with pytest.raises(SystemExit):
        worker(job_of(tasks.leave, code), "t")
    assert list(worker.root.rglob("*")) == []


@pytest.mark.parametrize("code", [0, None])
def test_a_task_that_exits_with_success_has_succeeded_without_an_output(worker: Worker, code: int | None) -> None:
    assert worker(job_of(tasks.leave, code), "t") is None


def test_an_output_that_no_format_holds_commits_nothing(worker: Worker) -> None:
    with pytest.raises(FormatError, match=r"output of task 't': result\['rows'\] is a set"):
        worker(job_of(tasks.odd), "t")
    assert list(worker.root.rglob("*")) == []


def test_a_process_that_did_its_part_ends_with_0_and_says_nothing(worker: Worker) -> None:
    done = worker.started(worker.argv(job_of(tasks.number), "t"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_process_that_failed_ends_with_1_and_the_traceback(worker: Worker) -> None:
    done = worker.started(worker.argv(job_of(tasks.fail), "t"))
    assert done.returncode == 1
    assert done.stderr.endswith("ValueError: no file today\n")


def test_only_the_module_of_the_task_is_imported_and_a_broken_neighbour_does_not_matter(
    worker: Worker, tmp_path: Path
) -> None:
    package = tmp_path / "sales"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "broken.py").write_text("raise ValueError('broken')", encoding="utf-8")
    (package / "other.py").write_text("", encoding="utf-8")
    (package / "tasks.py").write_text(
        "import sys\nfrom lakewright import task\n\n@task\ndef modules() -> list[str]:\n"
        "    return sorted(name for name in sys.modules if name.startswith('sales'))\n",
        encoding="utf-8",
    )
    argv = [text.replace(f"{MODULE}:number", "sales.tasks:modules") for text in worker.argv(job_of(tasks.number), "t")]
    done = worker.started(argv, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    assert (done.returncode, done.stderr) == (0, "")
    assert worker.value(job_of(tasks.number), "t") == ["sales", "sales.tasks"]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("no_such_wheel.tasks:load", "there is no module 'no_such_wheel.tasks' in this environment\n  Is its package"),
        (f"{MODULE}:nubmer", "there is no 'nubmer' in .*tasks.py; did you mean 'number'"),
        (
            f"{MODULE}:first.<locals>.laod",
            "the body of '.*:first' no longer calls a task 'first.<locals>.laod'\n  Deploy",
        ),
        (f"{MODULE}:second.<locals>.unused", "no longer calls a task"),
        (f"{MODULE}:number.<locals>.load", "number' is not a job but a lakewright"),
        (f"{MODULE}:not_a_task", "not_a_task' is not a task but an int\n  Deploy the job again"),
    ],
)
def test_a_reference_that_the_wheel_lacks_is_an_error_that_names_it(worker: Worker, reference: str, said: str) -> None:
    argv = [text.replace(f"{MODULE}:number", reference) for text in worker.argv(job_of(tasks.number), "t")]
    with pytest.raises((LoadError, InvocationError), match=said):
        main(argv)
    assert list(worker.root.rglob("*")) == []


def test_a_plain_function_runs_too(worker: Worker) -> None:
    argv = [text.replace(f"{MODULE}:number", f"{MODULE}:plain") for text in worker.argv(job_of(tasks.number), "t")]
    main(argv)
    assert worker.value(job_of(tasks.number), "t") == 5


def test_a_task_is_found_with_its_decorator_or_without() -> None:
    assert task_function(Reference(MODULE, "number")) is tasks.number.function
    assert task_function(Reference(MODULE, "plain")) is tasks.plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("root", "/Volumes/${var.catalog}/x"),
        ("run_id", "{{job.run_id}}"),
        ("attempt", "{{task.execution_cuont}}"),
        ("catalog", "{{ job.parameters.catalog }}"),
    ],
)
def test_a_reference_that_the_platform_left_fails_before_the_task_runs(worker: Worker, name: str, value: str) -> None:
    with pytest.raises(UnresolvedReferenceError, match=f"'{name}' still holds the unresolved reference"):
        worker(job_of(tasks.number), "t", {name: value})
    assert not worker.root.exists()


def test_an_unresolved_parameter_fails_and_a_text_in_braces_does_not(worker: Worker) -> None:
    from lakewright import job

    @job
    def daily(text: str = "a") -> str:
        return tasks.see(text)

    name = parameter_reference("text")
    with pytest.raises(UnresolvedReferenceError, match="'text' still holds the unresolved"):
        worker(daily, "see", {name: "{{job.parameters.txet}}"})
    assert worker(daily, "see", {name: "Dear {{customer}}"}) == "'Dear {{customer}}'"


def test_an_attempt_that_is_no_number_is_an_error(worker: Worker) -> None:
    with pytest.raises(InvocationError, match=r"the attempt 'one' is no number\n  Deploy the job again"):
        worker(job_of(tasks.number), "t", {"attempt": "one"})


@pytest.mark.parametrize(
    "argv", [[], ["v2", "{}", "0"], ["v1"], ["v1", "{", "0"], ["v1", "[]", "0"], ["v1", "{}", "x"]]
)
def test_an_argv_that_nobody_generated_is_an_error(argv: list[str]) -> None:
    with pytest.raises(InvocationError):
        main(argv)


def test_what_the_platform_appends_is_ignored(worker: Worker) -> None:
    main([*worker.argv(job_of(tasks.number), "t"), "--task=other", "--help"])
    assert worker.value(job_of(tasks.number), "t") == 1


def test_the_argv_of_the_process_is_the_default(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["lakewright-run", *worker.argv(job_of(tasks.number), "t")])
    main()
    assert worker.value(job_of(tasks.number), "t") == 1


def test_a_repaired_task_commits_again_under_its_attempt(worker: Worker) -> None:
    daily = job_of(tasks.number)
    worker(daily, "t")
    worker(daily, "t", {"attempt": "2"})
    record = json.loads(Path(RunPaths(str(worker.root), "daily", "42").record("t")).read_text(encoding="utf-8"))
    assert record["attempt"] == 2


def test_what_a_task_logs_goes_to_stderr_where_nobody_has_set_up_logging(worker: Worker) -> None:
    done = worker.started(worker.argv(job_of(tasks.announce), "t"))
    first, second = done.stderr.splitlines()
    assert first.endswith(" INFO lakewright.daily.t: to the logger")
    assert second == "careful"


def test_logging_that_a_task_sets_up_takes_over(worker: Worker) -> None:
    done = worker.started(worker.argv(job_of(tasks.announce, "%(name)s says %(message)s"), "t"))
    assert done.stderr.splitlines() == ["lakewright.daily.t says to the logger", "of.the.user says careful"]
