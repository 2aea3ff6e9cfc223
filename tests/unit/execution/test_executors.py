"""How tasks run: one by one in the calling thread, on threads, or in processes."""

import os
import threading
import time
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from lakewright import Job, MemoryIo, Retry, TaskFailedError, context, job, task
from lakewright.errors.authoring import SettingError
from lakewright.errors.running import RunError
from lakewright.execution.raised import raised
from lakewright.execution.result import RunResult
from lakewright.execution.runner import run as run_plan
from lakewright.model.task import EXECUTORS
from lakewright.pipelines.arguments import plan
from lakewright.text.exceptions import said
from tests.unit.execution import tasks
from tests.unit.execution.runs import Executor, Runs

ALL: Final = get_args(Executor)


@job
def places() -> list[tuple[int, int]]:
    first = tasks.place.named("first")()
    middle = [tasks.place.named(f"middle-{number}")(first) for number in range(6)]
    return [first, *middle, tasks.place.named("last")(*middle)]


def test_the_executors_of_the_types_are_those_that_there_are() -> None:
    assert ALL == EXECUTORS


def test_serial_runs_all_in_the_calling_thread_one_by_one_in_topological_order(run: Runs) -> None:
    result = run(places, executor="serial")
    assert set(result.value) == {(os.getpid(), threading.get_ident())}
    order = places.dag.topological_sort()
    assert run.told("kind", "key") == [(kind, key) for key in order for kind in ("started", "ended")]


def test_threads_run_in_this_process(run: Runs) -> None:
    ran = run(places, executor="threads", max_workers=2).value
    assert {process for process, _ in ran} == {os.getpid()}
    assert threading.get_ident() not in {thread for _, thread in ran}


def test_processes_are_others_which_tasks_share(run: Runs) -> None:
    ran = {process for process, _ in run(places, executor="processes", max_workers=2).value}
    assert os.getpid() not in ran
    assert 1 <= len(ran) <= 2
    assert [process for process in ran if Path(f"/proc/{process}").exists()] == []


def test_a_chain_in_processes_needs_but_one(run: Runs) -> None:
    @job
    def chain() -> list[tuple[int, int]]:
        ran: list[tuple[int, int]] = []
        for number in range(5):
            ran.append(tasks.place.named(f"t{number}")(*ran[-1:]))
        return ran

    assert len({process for process, _ in run(chain, executor="processes").value}) == 1


def test_a_long_chain_and_a_wide_fan_run_in_processes(run: Runs) -> None:
    @job
    def chain() -> int:
        value = tasks.number()
        for number in range(1, 1000):
            value = tasks.add.named(f"t{number}")(value, more=1)
        return value

    @job
    def fan() -> int:
        return tasks.total(*[tasks.number.named(f"t{number}")() for number in range(1000)])

    assert run(chain, executor="processes").value == 1000
    assert run(fan, executor="processes", max_workers=2).value == 1000


def test_as_many_processes_work_side_by_side_as_there_are_workers(run: Runs, tmp_path: Path) -> None:
    (tmp_path / "met").mkdir()

    @job
    def daily() -> list[int]:
        return [tasks.meet.named(f"t{number}")(str(tmp_path / "met"), 3) for number in range(3)]

    assert run(daily, executor="processes", max_workers=3).value == [3, 3, 3]


@pytest.mark.parametrize("executor", ALL)
def test_a_task_may_choose_otherwise_than_its_run(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> list[tuple[int, int]]:
        return [tasks.place.options(executor="serial")(), tasks.place.options(executor="processes")()]

    serial, processes = run(daily, executor=executor).value
    assert serial == (os.getpid(), threading.get_ident())
    assert processes[0] != os.getpid()


def test_a_task_that_chooses_threads_runs_in_this_process(run: Runs) -> None:
    @job
    def daily() -> list[tuple[int, int]]:
        return [tasks.place.options(executor="threads")(), tasks.place()]

    threads, processes = run(daily, executor="processes").value
    assert (threads[0] == os.getpid(), processes[0] == os.getpid()) == (True, False)


@pytest.mark.parametrize("executor", ALL)
def test_a_task_with_a_timeout_has_a_process_of_its_own_that_is_ended(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> list[tuple[int, int]]:
        tasks.pause.options(timeout=0.5)(30.0)
        return [tasks.place.named(f"t{number}").options(timeout=30)() for number in range(2)]

    started = time.monotonic()
    result = run(daily, executor=executor)
    assert time.monotonic() - started < 15
    assert result.states == {"pause": "timed_out", "t0": "success", "t1": "success"}
    assert len({result["t0"][0], result["t1"][0], os.getpid()}) == 3


@pytest.mark.parametrize("executor", ALL)
def test_values_errors_retries_and_skips_are_the_same(run: Runs, executor: Executor, tmp_path: Path) -> None:
    @job
    def daily(more: int = 5) -> str:
        bad = tasks.fail("no file")
        tasks.number.named("below").after(bad)()
        tasks.number.named("alert").after(bad).options(run_if="one_failed")()
        tasks.fail_once.options(retries=Retry(1, delay=0))(str(tmp_path))
        return tasks.see(tasks.add(tasks.number(), more=more))

    result = run(daily, {"more": 7}, executor=executor)
    assert result.states == {
        "fail": "failed",
        "below": "upstream_failed",
        "alert": "success",
        "fail_once": "success",
        "number": "success",
        "add": "success",
        "see": "success",
    }
    assert result["see"] == "8"
    assert result.outcomes["fail_once"].attempts == 2
    with pytest.raises(TaskFailedError, match="task 'fail' failed: ValueError: no file"):
        result.raise_for_status()


@pytest.mark.parametrize("executor", ALL)
def test_the_kind_of_error_decides_about_a_retry_wherever_it_was_raised(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> None:
        choosy = tasks.fail.options(retries=Retry(2, delay=0, on=(LookupError, "ValueError")))
        choosy.named("again")()
        tasks.fail.named("once").options(retries=Retry(2, delay=0, on=OSError))()

    outcomes = run(daily, executor=executor).outcomes
    assert (outcomes["again"].attempts, outcomes["once"].attempts) == (3, 1)


def test_other_tasks_go_on_while_one_runs_in_the_calling_thread(run: Runs) -> None:
    went_on = threading.Event()

    @task(executor="serial")
    def here() -> bool:
        return went_on.wait(10)

    @task
    def there() -> None:
        went_on.set()

    @job
    def daily() -> bool:
        done = here()
        there()
        return done

    assert run(daily).value is True


def test_in_a_serial_run_others_go_on_while_one_waits_for_its_retry(run: Runs) -> None:
    done: list[str] = []

    @task(retries=Retry(1, delay=0.2))
    def flaky() -> None:
        done.append("flaky")
        if context().attempt == 1:
            raise ConnectionError

    @task
    def apart() -> None:
        done.append("apart")

    @job
    def daily() -> None:
        flaky()
        apart()

    assert run(daily, executor="serial").status == "success"
    assert done == ["flaky", "apart", "flaky"]


def with_durations(run: Runs, executor: Executor, **seconds: float) -> list[str]:
    @job
    def daily() -> None:
        for key in "abc":
            tasks.add.named(f"below_{key}")(tasks.number.named(key)())

    planned = plan(daily.body, {}, target=run.target, executor=executor, max_workers=1, listener=run.events.append)
    run_plan(replace(planned, durations=seconds))
    return [event.key for event in run.events if event.kind == "started"]


def test_the_longest_way_to_the_end_goes_first_once_it_is_known(run: Runs) -> None:
    order = with_durations(run, "threads", a=1.0, below_a=1.0, b=3.0, c=0.5, below_c=9.0)
    assert order == ["c", "below_c", "b", "a", "below_a", "below_b"]


def test_without_durations_and_in_a_serial_run_it_is_the_order_of_the_dag(run: Runs) -> None:
    in_order = ["a", "b", "c", "below_a", "below_b", "below_c"]
    assert with_durations(run, "threads") == in_order
    run.events.clear()
    assert with_durations(run, "serial", a=1.0, b=3.0, c=0.5, below_c=9.0) == in_order


@pytest.mark.parametrize("executor", ["thread", "databricks", "", 1, None, ["threads"]], ids=repr)
def test_an_executor_that_there_is_not_is_an_error_that_lists_those_that_there_are(run: Runs, executor: Any) -> None:  # noqa: ANN401  the point of the test
    with pytest.raises(SettingError, match=r"executor=.* is not one of serial, threads, processes") as caught:
        run(places, executor=executor)
    assert isinstance(caught.value, TypeError)
    assert run.events == []


@pytest.mark.parametrize("executor", ["thread", "databricks", 1])
def test_a_task_is_told_where_other_executors_come_from(executor: Any) -> None:  # noqa: ANN401  the point of the test
    with pytest.raises(TypeError, match=r"is not one of serial, threads, processes \(.*: @resource\.task\(\)\)"):

        @task(executor=executor)
        def step() -> None: ...

    with pytest.raises(TypeError, match=r"@resource\.task\(\)"):
        tasks.number.options(executor=executor)


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_a_timeout_refuses_an_executor_that_cannot_end_a_task(executor: Executor) -> None:
    with pytest.raises(SettingError, match=f"timeout=5 and executor='{executor}' do not go together") as caught:

        @task(timeout=5, executor=executor)
        def step() -> None: ...

    assert "Only a process can be ended when its time is up" in caught.value.hint
    with pytest.raises(SettingError, match="do not go together"):
        tasks.number.options(executor=executor).options(timeout=5)
    assert tasks.number.options(executor="processes", timeout=5).settings.timeout == 5


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), "5"])
def test_a_timeout_of_nothing_is_refused(timeout: Any) -> None:  # noqa: ANN401  the point of the test
    with pytest.raises(SettingError, match=r"timeout=.* is not a number of seconds above 0"):
        tasks.number.options(timeout=timeout)


def test_a_run_in_memory_refuses_processes(run: Runs) -> None:
    with pytest.raises(RunError, match="task 'first' runs in another process, and MemoryIo of task 'first' keeps"):
        run(places, executor="processes", io=MemoryIo())


@pytest.mark.parametrize("executor", ALL)
def test_what_a_task_does_to_its_process_is_its_own_failure(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> int:
        tasks.leave(3)
        tasks.odd()
        tasks.generate()
        return tasks.add(tasks.number())

    result = run(daily, executor=executor, max_workers=1)
    assert list(result.states.values()) == ["failed", "failed", "failed", "success", "success"]
    assert "SystemExit: 3" in failure(result, "leave")
    assert "no format can hold the output of task 'odd': result['rows'] is a set" in failure(result, "odd")
    assert "no format can hold the output of task 'generate': the result is a generator" in failure(result, "generate")


@pytest.mark.parametrize("executor", ALL)
def test_a_task_that_exits_with_0_gives_none(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> int:
        return tasks.leave(0)

    assert run(daily, executor=executor).value is None


@pytest.mark.parametrize("executor", ALL)
def test_an_output_that_is_missing_is_told_with_what_became_of_it(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> None:
        tasks.see.options(run_if="all_done")(tasks.fail())

    told = failure(run(daily, executor=executor, run_id="1"), "see")
    assert told.startswith("MissingOutputError: task 'fail' has no committed output in run '1' (it ended as failed)\n")
    assert "One that runs although a parent has failed (run_if=…) only waits for it: task.after(…)(…)." in told


def failure(result: RunResult[Any], key: str) -> str:
    error = result.outcomes[key].error
    assert error is not None
    return said(error)


def test_a_manager_is_set_up_once_in_a_process_that_tasks_share(run: Runs, tmp_path: Path) -> None:
    journal = tmp_path / "journal"

    @job
    def daily() -> None:
        kept = tasks.number.options(io=tasks.SetUp(str(journal)))
        for number in range(4):
            kept.named(f"t{number}")()

    assert run(daily, executor="processes", max_workers=1).status == "success"
    assert journal.read_text(encoding="utf-8") == "set up\n"


def test_a_failure_names_the_task_before_it_whose_remains_may_have_ended_their_process(
    run: Runs, tmp_path: Path
) -> None:
    @job
    def daily() -> None:
        first = tasks.leave_a_bomb(str(tmp_path))
        tasks.go.after(first)(str(tmp_path))

    result = run(daily, executor="processes", max_workers=1)
    assert result.states == {"leave_a_bomb": "success", "go": "failed"}
    assert "ended with exit code 3 before the task was done" in failure(result, "go")
    assert "It had run 'leave_a_bomb' before, which may be the cause" in failure(result, "go")


def test_a_process_that_a_task_ends_is_replaced(run: Runs) -> None:
    @job
    def daily() -> int:
        tasks.die()
        tasks.killed()
        return tasks.add(tasks.number())

    result = run(daily, executor="processes", max_workers=1)
    assert list(result.states.values()) == ["failed", "failed", "success", "success"]
    assert "the process of task 'die' ended with exit code 0 before the task was done" in failure(result, "die")
    assert "the process of task 'killed' was ended by SIGKILL" in failure(result, "killed")
    error = result.outcomes["killed"].error
    assert error is not None
    assert len(raised(error).tracebacks) == 1


def kept(run: Runs, daily: Job[..., Any], executor: Executor) -> RunResult[Any]:
    """A run that keeps logs."""
    planned = plan(daily.body, {}, target=run.target, executor=executor, max_workers=1)
    return run_plan(replace(planned, keeps_logs=True))


@pytest.mark.parametrize("executor", ALL)
def test_a_process_that_a_task_forks_ends_where_it_comes_out_of_the_task(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> int:
        forked = tasks.fork()
        return tasks.add(tasks.fork_badly.after(forked)())

    result = run(daily, executor=executor, max_workers=1)
    assert result.value == 17
    assert result["fork"] > 0


@pytest.mark.parametrize("executor", ALL)
def test_a_task_that_closes_stdout_closes_it_for_itself_alone(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> None:
        tasks.chat.after(tasks.close_stdout())()

    result = kept(run, daily, executor)
    assert result.status == "success"
    log = Path(result.paths.log("chat", 1))
    assert log.read_text(encoding="utf-8") == "to stdout\nto stderr\n"


@pytest.mark.parametrize("executor", ALL)
def test_a_task_that_prints_100_mb_fills_no_disk(run: Runs, executor: Executor) -> None:
    @job
    def daily() -> int:
        return tasks.print_much(100)

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        result = kept(run, daily, executor)
    assert result["print_much"] == 100
    assert Path(result.paths.log("print_much", 1)).stat().st_size < 11 * 1024 * 1024
