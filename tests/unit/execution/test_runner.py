"""A run in this process: order, rules, retries, timeouts, and what is handed on from task to task."""

import gc
import os
import threading
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lakewright import MemoryIo, Retry, TaskFailedError, context, job, task
from lakewright.errors.running import FormatError, OutputError, TimedOutError
from lakewright.execution.events import TaskEvent
from lakewright.execution.result import RunResult
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.commit import read_record
from lakewright.model.record import Stored
from lakewright.model.states import FAILURES, Rule, State, judge
from tests.unit.execution import tasks
from tests.unit.execution.runs import Executor, Runs, is_alive
from tests.unit.execution.tasks import Journal

PARENTS: Final = {
    "success": State.SUCCESS,
    "failed": State.FAILED,
    "excluded": State.EXCLUDED,
    "upstream_failed": State.UPSTREAM_FAILED,
}
S, F, E, U = PARENTS
# What becomes of a task with these parents under each rule, written down by hand.
RULES: Final = {
    "all_success": {(S, S): S, (S, F): U, (S, E): S, (S, U): U, (E, E): E, (F, E): U},
    "one_success": {(S, F): S, (F, F): U, (F, U): U, (F, E): S, (E, E): E},
    "none_failed": {(S, S): S, (S, F): U, (S, E): S, (S, U): U, (E, E): E},
    "all_done": {(S, F): S, (F, U): S, (F, E): S, (E, E): E},
    "one_failed": {(S, F): S, (S, S): E, (S, U): E, (F, E): S, (E, E): E},
    "all_failed": {(F, F): S, (S, F): E, (F, U): E, (F, E): E, (E, E): E},
}


def files_of(result: RunResult[Any]) -> list[str]:
    """All files that a run has left."""
    folder = Path(result.paths.folder)
    return [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]


@task
def ok() -> str:
    return "ok"


@task
def bad() -> str:
    message = "bad"
    raise ValueError(message)


@task
def child() -> str:
    return "ran"


@pytest.mark.parametrize(("rule", "parents"), [(rule, parents) for rule, table in RULES.items() for parents in table])
def test_every_rule_judges_direct_parents_once_they_have_ended(run: Runs, rule: str, parents: tuple[str, str]) -> None:
    def parent(state: str, key: str) -> object:
        if state == S:
            return ok.named(key)()
        if state == F:
            return bad.named(key)()
        if state == E:
            return ok.after(ok.named(f"{key}_before")()).named(key).options(run_if="one_failed")()
        return ok.after(bad.named(f"{key}_before")()).named(key)()

    @job
    def daily() -> None:
        handles = [parent(state, f"p{index}") for index, state in enumerate(parents)]
        child.after(*handles).options(run_if=rule)()

    states = run(daily).states
    assert (states["p0"], states["p1"], states["child"]) == (*parents, RULES[rule][parents])


@settings(max_examples=30)
@given(st.data())
def test_random_graphs_end_as_the_rules_say_and_in_order(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))
    keys = [f"t{number}" for number in range(size)]
    parents = {
        key: data.draw(st.sets(st.sampled_from(keys[:index]))) if index else set() for index, key in enumerate(keys)
    }
    rules = {key: data.draw(st.sampled_from(Rule)) for key in keys}
    fails = {key: data.draw(st.booleans()) for key in keys}
    order: list[str] = []

    @task
    def work(key: str) -> None:
        order.append(key)
        if fails[key]:
            raise ValueError(key)

    @job
    def daily() -> None:
        handles: dict[str, object] = {}
        for key in keys:
            after = [handles[parent] for parent in sorted(parents[key])]
            handles[key] = work.named(key).after(*after).options(run_if=rules[key].value)(key)

    result = daily.execute(io=MemoryIo(), max_workers=3)
    expected: dict[str, State] = {}
    for key in keys:
        verdict = judge(rules[key], [(parent, expected[parent]) for parent in sorted(parents[key])])
        ran = State.FAILED if fails[key] else State.SUCCESS
        expected[key] = ran if verdict.runs else verdict.state
    assert {key: State(state) for key, state in result.states.items()} == expected
    assert sorted(order) == sorted(key for key in keys if expected[key] in {State.SUCCESS, *FAILURES})
    assert all(order.index(parent) < order.index(key) for key in order for parent in parents[key] if parent in order)


def test_there_is_no_barrier_between_levels(run: Runs) -> None:
    went_on = threading.Event()

    @task
    def slow() -> bool:
        return went_on.wait(10)

    @task
    def quick() -> int:
        return 1

    @task
    def after_quick(_value: int) -> int:
        went_on.set()
        return 2

    @job
    def daily() -> tuple[bool, int]:
        return slow(), after_quick(quick())

    assert run(daily, max_workers=2).value == (True, 2)


def test_as_many_tasks_run_side_by_side_as_there_are_workers(run: Runs) -> None:
    together = threading.Barrier(3, timeout=10)

    @task
    def meet() -> int:
        return together.wait()

    @job
    def daily() -> list[int]:
        return [meet(), meet(), meet()]

    assert sorted(run(daily, max_workers=3).value) == [0, 1, 2]


def test_with_one_worker_tasks_run_one_by_one_in_declaration_order(run: Runs) -> None:
    order: list[str] = []
    running: list[int] = []

    @task
    def work() -> None:
        running.append(1)
        order.append(context().key)
        assert len(running) == 1
        running.clear()

    @job
    def daily() -> None:
        for key in "dbcae":
            work.named(key)()

    assert run(daily, max_workers=1).status == "success"
    assert order == list("dbcae")


def test_independent_branches_go_on_after_a_failure(run: Runs) -> None:
    @job
    def daily() -> None:
        child.after(bad())()
        child.named("apart").after(ok())()

    result = run(daily)
    assert result.states == {"bad": F, "child": U, "ok": S, "apart": S}
    assert result.outcomes["child"].reason == "upstream failed: bad"


def test_retries_are_that_many_more_attempts_with_growing_waits(run: Runs) -> None:
    tried: list[tuple[int, float]] = []

    @task(retries=Retry(3, delay=0.05, backoff=2))
    def flaky() -> int:
        tried.append((context().attempt, time.monotonic()))
        if len(tried) < 3:
            message = f"attempt {len(tried)}"
            raise ConnectionError(message)
        return context().attempt

    @job
    def daily() -> int:
        return flaky()

    result = run(daily)
    assert result.value == 3
    assert [attempt for attempt, _ in tried] == [1, 2, 3]
    waited = [after - before for (_, before), (_, after) in (tried[:2], tried[1:])]
    assert waited[0] >= 0.05
    assert waited[1] >= 0.1
    assert [event.wait for event in run.events if event.kind == "retrying"] == [0.05, 0.1]
    assert result.outcomes["flaky"].attempts == 3


def test_when_the_retries_are_used_up_the_last_error_counts(run: Runs) -> None:
    tried: list[int] = []

    @task(retries=Retry(2, delay=0))
    def flaky() -> int:
        tried.append(context().attempt)
        raise ConnectionError(context().attempt)

    @job
    def daily() -> int:
        return flaky()

    result = run(daily)
    assert tried == [1, 2, 3]
    with pytest.raises(TaskFailedError, match="task 'flaky' failed after 3 attempts: ConnectionError: 3"):
        result.raise_for_status()


def test_a_type_error_of_the_body_is_the_bodys_and_tried_once(run: Runs) -> None:
    tried: list[int] = []

    @task
    def confused() -> int:
        tried.append(1)
        return len(7)  # type: ignore[arg-type]  # the point of the test

    @job
    def daily() -> int:
        return confused()

    assert isinstance(run(daily).outcomes["confused"].error, TypeError)
    assert tried == [1]


def test_other_tasks_go_on_while_one_waits_for_its_retry(run: Runs) -> None:
    done: list[str] = []

    @task(retries=Retry(1, delay=0.3))
    def flaky() -> None:
        done.append("flaky")
        if len(done) == 1:
            raise ConnectionError

    @task
    def apart() -> None:
        done.append("apart")

    @job
    def daily() -> None:
        flaky()
        apart()

    assert run(daily, max_workers=1).status == "success"
    assert done == ["flaky", "apart", "flaky"]


def test_each_attempt_has_a_folder_of_its_own_and_a_failed_one_leaves_none(run: Runs) -> None:
    @task(retries=Retry(2, delay=0))
    def flaky() -> object:
        frame = pl.DataFrame({"attempt": [context().attempt]})
        # The last part cannot be kept: what was written of the attempt must not stay.
        return frame if context().attempt == 3 else {"frame": frame, "bad": {1}}

    @job
    def daily() -> object:
        return flaky()

    result = run(daily)
    folder = Path(result.paths.folder) / "flaky"
    assert [path.name for path in folder.iterdir()] == ["3"]
    record = read_record(result.paths, "flaky")
    assert record is not None
    assert record.attempt == 3
    assert record.stored is not None
    assert [file.path for file in record.stored.files] == [str(folder / "3" / "data.parquet")]


@pytest.mark.parametrize(
    "error", [SystemExit(3), SystemExit("late"), KeyboardInterrupt(), MemoryError(), GeneratorExit()]
)
def test_whatever_a_task_raises_is_its_own_failure(run: Runs, error: BaseException) -> None:
    @task
    def leave() -> int:
        raise error

    @job
    def daily() -> str:
        leave()
        return ok()

    result = run(daily)
    assert result.states == {"leave": F, "ok": S}
    assert result.outcomes["leave"].error is error
    with pytest.raises(TaskFailedError, match=f"task 'leave' failed: {type(error).__name__}"):
        result.raise_for_status()


def test_a_timeout_ends_the_process_with_its_children_and_the_task_is_tried_again(run: Runs, tmp_path: Path) -> None:
    @job
    def daily() -> int:
        return tasks.hang.options(timeout=3.0, retries=Retry(1, delay=0))(str(tmp_path))

    started = time.monotonic()
    result = run(daily)
    assert time.monotonic() - started < 20
    assert result.states == {"hang": "timed_out"}
    assert isinstance(result.outcomes["hang"].error, TimedOutError)
    assert str(result.outcomes["hang"].error) == "task 'hang' did not end within 3 s"
    assert result.outcomes["hang"].attempts == 2
    for attempt in (1, 2):
        pids = (tmp_path / f"attempt-{attempt}").read_text(encoding="utf-8").split()
        assert [pid for pid in pids if is_alive(int(pid))] == []
    assert read_record(result.paths, "hang") is None


def test_a_task_may_end_well_after_a_timeout(run: Runs, tmp_path: Path) -> None:
    @job
    def daily() -> int:
        return tasks.hang_once.options(timeout=1.5, retries=Retry(1, delay=0))(str(tmp_path))

    assert run(daily).value == 2
    assert [event.state.value for event in run.events] == ["running", "failed", "running", "success"]


def test_the_platforms_own_field_decides_whether_a_timeout_is_tried_again(run: Runs, tmp_path: Path) -> None:
    @job
    def daily() -> int:
        once = tasks.hang_once.options(timeout=0.7, retries=Retry(1, delay=0), databricks={"retry_on_timeout": False})
        return once(str(tmp_path))

    assert run(daily).states == {"hang_once": "timed_out"}


def test_a_timed_out_task_is_a_failure_for_its_children(run: Runs) -> None:
    @job
    def daily() -> None:
        late = tasks.pause.options(timeout=0.2)(30.0)
        child.after(late)()
        child.named("alert").after(late).options(run_if="one_failed")()

    assert run(daily).states == {"pause": "timed_out", "child": U, "alert": S}


def test_what_a_task_returns_is_handed_on_as_equal_copies(run: Runs) -> None:
    made: dict[str, list[int]] = {"a": [1]}

    @task
    def make() -> dict[str, list[int]]:
        return made

    @task
    def change(value: dict[str, list[int]]) -> dict[str, list[int]]:
        value["a"].append(2)
        return value

    @job
    def daily() -> list[dict[str, list[int]]]:
        value = make()
        return [change(value), change(value)]

    assert run(daily).value == [{"a": [1, 2]}, {"a": [1, 2]}]
    assert made == {"a": [1]}


def test_a_frame_is_handed_on_without_reading_it_again(run: Runs) -> None:
    @task
    def make() -> pl.DataFrame:
        return pl.DataFrame({"a": [1, 2]})

    @task
    def take(frame: pl.DataFrame) -> int:
        here = context()
        # Nobody may need the file while the frame is in memory.
        Path(here.paths.attempt("make", 1), "data.parquet").unlink()
        return frame.height

    @job
    def daily() -> int:
        return take(make())

    assert run(daily).value == 2


def test_a_consumer_that_changes_its_frame_in_place_changes_it_for_nobody_else(run: Runs) -> None:
    @task
    def make() -> pl.DataFrame:
        return pl.DataFrame({"a": [1, 2]})

    @task
    def change(frame: pl.DataFrame) -> list[str]:
        columns = frame.columns
        frame.insert_column(0, pl.Series("b", [0, 0]))
        frame[0, "a"] = 99
        return columns

    @task
    def total(frame: pl.DataFrame, *_after: object) -> int:
        return int(frame["a"].sum())

    @job
    def daily() -> int:
        frame = make()
        return total(frame, change(frame), change(frame))

    assert run(daily).value == 3


def test_with_memory_io_the_very_object_is_handed_on(run: Runs) -> None:
    made = {1: {object()}}

    @task
    def make() -> object:
        return made

    @task
    def same(value: object) -> bool:
        return value is made

    @job
    def daily() -> bool:
        return same(make())

    result = run(daily, io=MemoryIo())
    assert result.value is True
    assert not Path(result.paths.folder).exists()


def test_a_value_is_freed_after_its_last_reader(run: Runs) -> None:
    references: list[weakref.ref[pl.DataFrame]] = []

    @task
    def make() -> pl.DataFrame:
        frame = pl.DataFrame({"a": [1, 2]})
        references.append(weakref.ref(frame))
        return frame

    @task
    def read(frame: pl.DataFrame) -> bool:
        return frame.height == 2 and references[0]() is not None

    @task
    def is_freed(_after: bool) -> bool:  # noqa: FBT001  the upstream's value
        gc.collect()
        return references[0]() is None

    @job
    def daily() -> tuple[bool, bool]:
        done = read(make())
        return done, is_freed(done)

    assert run(daily, max_workers=1).value == (True, True)


def test_values_that_nobody_reads_are_not_held(run: Runs) -> None:
    references: list[weakref.ref[pl.DataFrame]] = []

    @task
    def make() -> pl.DataFrame:
        frame = pl.DataFrame({"a": [1, 2]})
        references.append(weakref.ref(frame))
        return frame

    @job
    def daily() -> None:
        make()

    result = run(daily)
    gc.collect()
    assert references[0]() is None
    assert result["make"].height == 2


def test_a_lazy_frame_is_computed_at_the_boundary_and_only_once(run: Runs) -> None:
    computed: list[int] = []

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        computed.append(1)
        return frame

    @task
    def make() -> pl.LazyFrame:
        return pl.LazyFrame({"a": [1, 2]}).map_batches(counted)

    @task
    def lazily(frame: pl.LazyFrame) -> list[str]:
        return [type(frame).__name__, str(frame.select(pl.len()).collect().item())]

    @task
    def eagerly(frame: pl.DataFrame | None) -> list[str]:
        return [type(frame).__name__, str(0 if frame is None else frame.height)]

    @job
    def daily() -> list[list[str]]:
        frame = make()
        return [lazily(frame), lazily(frame), eagerly(frame)]  # type: ignore[arg-type]  # read by annotation

    assert run(daily).value == [["LazyFrame", "2"], ["LazyFrame", "2"], ["DataFrame", "2"]]
    assert computed == [1]


def test_a_consumer_annotated_with_the_other_frame_gets_it(run: Runs) -> None:
    @task
    def make() -> pl.DataFrame:
        return pl.DataFrame({"a": [1, 2]})

    @task
    def lazily(frame: "pl.LazyFrame") -> str:
        return type(frame).__name__

    @job
    def daily() -> str:
        return lazily(make())  # type: ignore[arg-type]  # read by annotation

    assert run(daily).value == "LazyFrame"


def test_an_error_of_a_lazy_frame_fails_the_task_that_made_it(run: Runs) -> None:
    @task
    def make() -> pl.LazyFrame:
        return pl.LazyFrame({"a": [1]}).select("dep_tiem")

    @job
    def daily() -> pl.LazyFrame:
        return make()

    result = run(daily)
    assert isinstance(result.outcomes["make"].error, pl.exceptions.ColumnNotFoundError)
    assert files_of(result) == []


def test_frames_in_containers_and_parts_of_outputs_arrive(run: Runs) -> None:
    @task
    def make() -> tuple[pl.DataFrame, dict[str, int]]:
        return pl.DataFrame({"a": [1, 2]}), {"x": 5}

    @task
    def take(frames: list[pl.DataFrame], x: int, **more: pl.DataFrame) -> int:
        return sum(frame.height for frame in (*frames, *more.values())) + x

    @job
    def daily() -> int:
        frame, values = make()
        return take([frame, frame], values["x"], third=frame)

    assert run(daily).value == 11


def test_none_is_an_output_and_a_later_value_takes_its_place(run: Runs) -> None:
    values: list[int | None] = [None, 42]

    @task
    def make() -> int | None:
        return values.pop(0)

    @task
    def see(value: int | None) -> str:
        return repr(value)

    @job
    def daily() -> str:
        return see(make())

    first = run(daily)
    assert first.value == "None"
    assert first["make"] is None
    record = read_record(first.paths, "make")
    assert record is not None
    assert record.stored is None
    assert run(daily).value == "42"


def test_a_users_manager_is_set_up_once_then_writes_then_reads_and_does_nothing_before(
    run: Runs, tmp_path: Path
) -> None:
    journal = Journal(str(tmp_path))

    @task(io=journal)
    def make() -> int:
        return 42

    @task(io=journal)
    def see(value: object) -> object:
        return f"{value!r} {type(value).__name__}"

    @job
    def daily() -> object:
        return see(make())

    assert len(daily.dag.tasks) == 2
    assert daily.visualize()
    assert journal.entries == []
    result = run(daily)
    assert journal.entries == ["setup", "write make", "read make", "write see"]
    assert result.value == "\"'42' str\""
    run(daily)
    assert journal.entries.count("setup") == 1


def test_a_users_manager_never_sees_none(run: Runs, tmp_path: Path) -> None:
    journal = Journal(str(tmp_path))

    @task(io=journal)
    def make() -> None: ...

    @task
    def see(value: object) -> bool:
        return value is None

    @job
    def daily() -> bool:
        return see(make())

    assert run(daily).value is True
    assert journal.entries == ["setup"]


def test_the_manager_of_the_run_is_that_of_tasks_that_name_none(run: Runs, tmp_path: Path) -> None:
    journal, other = Journal(str(tmp_path)), Journal(str(tmp_path))

    @task
    def make() -> int:
        return 1

    @task(io=other)
    def see(value: object) -> object:
        return value

    @job
    def daily() -> object:
        return see(make())

    run(daily, io=journal)
    assert journal.entries == ["setup", "write make", "read make"]
    assert other.entries == ["setup", "write see"]


@dataclass(eq=False)
class Broken(IoManager):
    """Fails where it is told to."""

    where: str

    def setup(self) -> None:
        self._fail("setup")

    def write(self, context: OutputContext, value: object) -> Stored | None:  # noqa: ARG002  whatever it is
        Path(context.folder).mkdir(parents=True)
        self._fail("write")
        return None

    def read(self, context: InputContext) -> object:  # noqa: ARG002  wherever it is
        self._fail("read")
        return 1

    def _fail(self, where: str) -> None:
        if where == self.where:
            raise ConnectionError(where)


@pytest.mark.parametrize(
    ("where", "states"),
    [
        ("setup", {"make": F, "see": U}),
        ("write", {"make": F, "see": U}),
        ("read", {"make": S, "see": F}),
    ],
)
def test_an_error_of_a_manager_fails_the_task_that_meets_it(run: Runs, where: str, states: dict[str, str]) -> None:
    @task(io=Broken(where))
    def make() -> int:
        return 1

    @task
    def see(value: object) -> object:
        return value

    @job
    def daily() -> object:
        return see(make())

    result = run(daily)
    assert result.states == states
    assert ("records/make.json" in files_of(result)) == (where == "read")
    assert not (Path(result.paths.folder) / "make" / "1").exists() or where == "read"


def test_an_output_that_no_format_holds_fails_the_task_and_leaves_nothing(run: Runs) -> None:
    @task
    def make() -> object:
        return {"rows": {1, 2}}

    @job
    def daily() -> object:
        return make()

    result = run(daily)
    error = result.outcomes["make"].error
    assert isinstance(error, FormatError)
    assert error.message == "no format can hold the output of task 'make': result['rows'] is a set"
    assert files_of(result) == []


def test_a_root_that_cannot_be_written_fails_the_task_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "root").touch()

    @job
    def daily() -> str:
        return ok()

    result = Runs(tmp_path / "root")(daily)
    error = result.outcomes["ok"].error
    assert isinstance(error, OutputError)
    assert error.message.startswith(f"cannot write {tmp_path}/root/runs/daily/")
    assert "A file stands where a folder is needed" in error.hint
    assert (tmp_path / "root").read_bytes() == b""


def test_a_record_that_cannot_be_written_leaves_neither_record_nor_files(run: Runs) -> None:
    @task
    def make() -> pl.DataFrame:
        record = Path(context().paths.record("make"))
        record.parent.mkdir(parents=True)
        record.symlink_to("/dev/full")
        return pl.DataFrame({"a": [1]})

    @job
    def daily() -> pl.DataFrame:
        return make()

    result = run(daily)
    error = result.outcomes["make"].error
    assert isinstance(error, OutputError)
    assert error.message == f"cannot write {result.paths.record('make')}: No space left on device"
    assert error.hint.startswith("Free some space")
    assert files_of(result) == []


def test_events_come_in_order_and_from_the_thread_that_called(run: Runs) -> None:
    threads: list[int] = []

    @task(retries=Retry(1, delay=0))
    def flaky() -> pl.DataFrame:
        if context().attempt == 1:
            message = "first"
            raise ConnectionError(message)
        return pl.DataFrame({"a": [1, 2, 3]})

    @job
    def daily() -> None:
        child.after(bad.after(flaky())())()

    def listen(event: TaskEvent) -> None:
        run.events.append(event)
        threads.append(threading.get_ident())

    daily.execute(target=run.target, listener=listen)
    assert run.told("kind", "key", "attempt", "state", "rows", "reason") == [
        ("started", "flaky", 1, State.RUNNING, None, ""),
        ("retrying", "flaky", 1, State.FAILED, None, ""),
        ("started", "flaky", 2, State.RUNNING, None, ""),
        ("ended", "flaky", 2, State.SUCCESS, 3, ""),
        ("started", "bad", 1, State.RUNNING, None, ""),
        ("ended", "bad", 1, State.FAILED, None, ""),
        ("ended", "child", 1, State.UPSTREAM_FAILED, None, "upstream failed: bad"),
    ]
    assert set(threads) == {threading.get_ident()}
    assert [str(event.error) for event in run.events if event.error] == ["first", "bad"]


def test_a_listener_that_fails_ends_the_run_and_what_it_started(tmp_path: Path) -> None:
    def listen(_event: object) -> None:
        if (tmp_path / "attempt-1").exists():
            raise KeyboardInterrupt

    @job
    def daily() -> None:
        tasks.hang.options(timeout=60)(str(tmp_path))
        for _ in range(40):
            tasks.pause(0.1)

    with pytest.raises(KeyboardInterrupt):
        daily.execute(target=Runs(tmp_path / "root").target, listener=listen, max_workers=2)
    pids = (tmp_path / "attempt-1").read_text(encoding="utf-8").split()
    assert [pid for pid in pids if is_alive(int(pid))] == []


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_a_chain_of_thousands_and_a_wide_fan_run(run: Runs, executor: Executor) -> None:
    @task
    def step(_value: object = None) -> int:
        return 1

    @task
    def total(*values: int) -> int:
        return sum(values)

    @job
    def chain() -> int:
        value = step.named("s0")()
        for number in range(1, 5000):
            value = step.named(f"s{number}")(value)
        return value

    @job
    def fan() -> int:
        return total(*[step.named(f"s{number}")() for number in range(5000)])

    assert run(chain, executor=executor, io=MemoryIo()).value == 1
    assert run(fan, executor=executor, io=MemoryIo()).value == 5000


def test_a_long_chain_of_skipped_tasks_ends(run: Runs) -> None:
    @task
    def step(_value: object = None) -> int:
        return 1

    @job
    def chain() -> object:
        value: object = bad()
        for number in range(5000):
            value = step.named(f"s{number}")(value)
        return value

    states = run(chain, io=MemoryIo()).states
    assert set(list(states.values())[1:]) == {U}


def test_tasks_call_other_tasks_as_functions(run: Runs) -> None:
    @task
    def outer() -> int:
        return tasks.add(1, more=2)

    @job
    def daily() -> int:
        return outer()

    assert run(daily).value == 3


def test_two_runs_side_by_side_do_not_meet(run: Runs) -> None:
    @task
    def make(value: int) -> pl.DataFrame:
        return pl.DataFrame({"value": [value], "run": [context().run_id]})

    @task
    def see(frame: pl.DataFrame) -> list[object]:
        return [frame["value"][0], frame["run"][0] == context().run_id]

    @job
    def daily(value: int) -> list[object]:
        return see(make(value))

    assert len(daily.dag.tasks) == 2
    found: dict[int, list[object]] = {}

    def one(value: int) -> None:
        found[value] = run(daily, {"value": value}).value

    threads = [threading.Thread(target=one, args=(value,)) for value in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {value: [value, True] for value in range(5)}


def test_frames_of_a_result_come_as_they_were_returned(run: Runs) -> None:
    @task
    def make() -> pl.DataFrame:
        return pl.DataFrame({"a": [os.getpid()]})

    @job
    def daily() -> dict[str, pl.DataFrame]:
        return {"frame": make()}

    assert_frame_equal(run(daily).value["frame"], pl.DataFrame({"a": [os.getpid()]}))
