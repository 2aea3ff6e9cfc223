"""The run store: what is written comes back, from several processes, and bad files lose nothing."""

import multiprocessing
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from lakewright.errors.running import StoreError
from lakewright.execution.cache import CacheRow
from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.store import SYNC_VARIABLE, RunStore
from lakewright.execution.store_schema import VERSION

RUN = RunRow("r1", "daily", "flights", "d", "{}", {"month": "1"}, {"tasks.py": "a"}, "abc+", 10.0)
CACHED = CacheRow("daily", "clean", "d1", {"parameter": {"month": "1"}}, "r1", 1, "c1", {"/data.parquet": "f1"}, 20.0)
ATTEMPT = AttemptRow("daily", "r1", "clean", 1, "success", 11.0, 0.5, 26483)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path / ".lakewright" / "runs.sqlite")
    yield opened
    opened.close()


def test_a_run_comes_back_as_it_was_written(store: RunStore) -> None:
    store.start_run(RUN)
    assert store.run("r1") == RUN
    assert store.run("r1", "daily") == RUN
    assert store.run("other") is None


def test_an_ended_run_has_its_status_and_seconds(store: RunStore) -> None:
    store.start_run(RUN)
    store.end_run("daily", "r1", status="failed", leaf_status="success", seconds=2.5)
    assert store.run("r1") == RUN._replace(status="failed", leaf_status="success", seconds=2.5)


def test_the_latest_run_comes_first(store: RunStore) -> None:
    for number in range(3):
        store.start_run(RUN._replace(run_id=f"r{number}", started=float(number)))
    assert [run.run_id for run in store.runs("daily", limit=2)] == ["r2", "r1"]
    assert store.runs("weekly") == ()


def test_every_attempt_is_kept_and_the_latest_word_on_it_counts(store: RunStore) -> None:
    store.put_attempt(ATTEMPT._replace(state="running", seconds=None, rows=None))
    store.put_attempt(ATTEMPT._replace(state="failed", error="OSError: gone"))
    second = ATTEMPT._replace(attempt=2)
    store.put_attempt(second)
    assert store.attempts("daily", "r1") == (ATTEMPT._replace(state="failed", error="OSError: gone"), second)


def test_durations_are_those_of_the_last_success(store: RunStore) -> None:
    store.put_attempt(ATTEMPT)
    store.put_attempt(ATTEMPT._replace(run_id="r2", started=20.0, seconds=0.75))
    store.put_attempt(ATTEMPT._replace(run_id="r3", started=30.0, seconds=9.0, state="failed"))
    assert store.durations("daily") == {"clean": 0.75}


def test_a_forgotten_run_leaves_nothing(store: RunStore) -> None:
    store.start_run(RUN)
    store.put_attempt(ATTEMPT)
    store.forget("daily", "r1")
    assert (store.runs(), store.attempts("daily", "r1")) == ((), ())


def test_runs_are_in_the_order_in_which_they_began_whatever_the_clock_said(store: RunStore) -> None:
    for number, started in enumerate([100.0, 50.0, 75.0]):
        store.start_run(RUN._replace(run_id=f"r{number}", started=started))
    store.start_run(RUN._replace(run_id="r1", started=50.0))
    assert [run.run_id for run in store.runs()] == ["r2", "r1", "r0"]
    assert store.run_ids("daily") == ("r2", "r1", "r0")


def test_a_run_that_is_used_is_not_removed(store: RunStore) -> None:
    for run_id in ("r1", "r2"):
        store.start_run(RUN._replace(run_id=run_id))
    assert store.use("daily", "r2", "r1")
    assert store.users("daily", "r1") == ("r2",)
    assert not store.begin_removal("daily", "r1")
    store.forget("daily", "r2")
    assert store.begin_removal("daily", "r1")


def test_a_run_that_is_being_removed_is_not_used(store: RunStore) -> None:
    store.start_run(RUN)
    assert store.begin_removal("daily", "r1")
    assert not store.use("daily", "r2", "r1")
    assert store.runs()[0].status == "removing"


def test_what_may_be_taken_again_comes_back_the_latest_first(store: RunStore) -> None:
    later = CACHED._replace(digest="d2", run_id="r2", at=30.0)
    store.put_cached(CACHED)
    store.put_cached(later)
    store.put_cached(CACHED._replace(key="other"))
    assert store.cached("daily", "clean") == (later, CACHED)
    store.forget("daily", "r2")
    assert store.cached("daily", "clean") == (CACHED,)


def test_an_output_of_the_same_facts_takes_the_place_of_the_earlier_one(store: RunStore) -> None:
    again = CACHED._replace(run_id="r2", attempt=3, at=30.0)
    store.put_cached(CACHED)
    store.put_cached(again)
    assert store.cached("daily", "clean") == (again,)


def test_of_each_task_the_latest_outputs_are_kept(store: RunStore) -> None:
    for number in range(40):
        store.put_cached(CACHED._replace(digest=f"d{number}", at=float(number)))
    found = [row.digest for row in store.cached("daily", "clean")]
    assert 4 < len(found) < 40
    assert found[0] == "d39"


def test_a_schedule_goes_on_where_it_was(store: RunStore) -> None:
    assert store.schedule("daily") is None
    store.put_schedule("daily", anchor=100.0, last_due=None)
    store.put_schedule("daily", anchor=100.0, last_due=160.0)
    assert store.schedule("daily") == (100.0, 160.0)


def _write_runs(path: Path, name: str) -> None:
    store = RunStore(path)
    for number in range(50):
        store.start_run(RUN._replace(run_id=f"{name}-{number}"))
    store.close()


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_runs, args=(path, str(number))) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    with closing(RunStore(path)) as store:
        assert len(store.runs()) == 200


@pytest.mark.parametrize(("value", "synchronous"), [(None, 1), ("normal", 1), ("full", 2)])
def test_the_environment_says_whether_commits_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, value: str | None, synchronous: int
) -> None:
    monkeypatch.delenv(SYNC_VARIABLE, raising=False)
    if value:
        monkeypatch.setenv(SYNC_VARIABLE, value)
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        assert store._read("PRAGMA synchronous", ()) == [(synchronous,)]  # noqa: SLF001  SQLite tells it to its connection only


def test_another_wish_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SYNC_VARIABLE, "fulll")
    with pytest.raises(StoreError, match="LAKEWRIGHT_STORE_SYNC is 'fulll'; it may be 'normal' or 'full'"):
        RunStore(tmp_path / "runs.sqlite")


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"runs\.sqlite was written by a newer lakewright: it is version \d+, not \d+"):
        RunStore(path)
    assert path.read_bytes()[: len(before)][100:] == before[100:]


FIRST_VERSION: Final = """
CREATE TABLE runs (run_id, job, reference, digest, dag, parameters, sources, revision, started, seconds, status,
    leaf_status, PRIMARY KEY (job, run_id)) WITHOUT ROWID;
CREATE TABLE attempts (job, run_id, key, attempt, state, started, seconds, rows, error, reason, log,
    PRIMARY KEY (job, run_id, key, attempt)) WITHOUT ROWID;
CREATE TABLE schedules (name TEXT PRIMARY KEY, anchor, last_due) WITHOUT ROWID;
INSERT INTO runs VALUES ('r1', 'daily', 'flights', 'd', '{}', '{"month": "1"}', '{"tasks.py": "a"}', 'abc+', 10.0,
    NULL, 'running', '');
INSERT INTO attempts VALUES ('daily', 'r1', 'clean', 1, 'success', 11.0, 0.5, 26483, '', '', '');
PRAGMA user_version=1;
"""


def test_what_was_made_after_the_clock_went_back_is_the_latest(store: RunStore) -> None:
    for number in range(40):
        store.put_cached(CACHED._replace(digest=f"d{number}", at=float(1000 - number)))
    assert store.cached("daily", "clean")[0].digest == "d39"


def test_a_store_of_an_older_version_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_VERSION)
    for _ in range(2):
        with closing(RunStore(path)) as store:
            assert store.runs() == (RUN,)
            assert store.attempts("daily", "r1") == (ATTEMPT,)
            store.put_attempt(ATTEMPT)
            store.put_cached(CACHED)


def test_a_corrupt_store_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError, match=r"cannot be used: .*\n  Move the file away to start a new one"):
        RunStore(path)


@pytest.mark.parametrize(("exists", "said"), [(True, "readonly"), (False, "unable to open")])
def test_a_store_that_may_not_be_written_is_an_error(*, exists: bool, said: str) -> None:
    # Not below `tmp_path`, which only its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.sqlite"
        if exists:
            RunStore(path).close()
            path.chmod(0o444)
        Path(folder).chmod(0o555)
        with unprivileged(), pytest.raises(StoreError, match=rf"cannot be used: .*{said}.*\n  .*make the folder and"):
            RunStore(path)


def test_a_read_only_disk_is_an_error() -> None:
    # The kernel's own is one, for whoever asks.
    with pytest.raises(StoreError, match=r"the run store /proc/\.lakewright/runs\.sqlite cannot be used: "):
        RunStore(Path("/proc/.lakewright/runs.sqlite"))


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody for whom permissions count: for root they do not."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be used: .*\n  A file stands where a folder is needed: move it\."):
        RunStore(tmp_path / "file" / "runs.sqlite")
