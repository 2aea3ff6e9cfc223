"""A run that is killed at any moment loses nothing: it goes on with what was committed, and with no torn file."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright.execution.history import INTERRUPTED, actual, actual_attempts
from lakewright.execution.locks import is_held
from lakewright.execution.rows import RunRow
from lakewright.execution.store import FILE, RunStore
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.task import PROCESSES, THREADS
from tests.contract.killed_run import FORKS, OUTLIVES, go, journal

# Each example starts a process, kills it, and runs the rest: 60 of them, or 1,000 in `nox -s soak`.
MOMENTS: Final = min(1000, settings().max_examples * 6 // 10)
# One test each, so that several workers share them.
PARTS: Final = 4
# Longer than an undisturbed run takes: some runs end before they are killed.
LONGEST: Final = 0.4
LONGEST_IN_PROCESSES: Final = 0.8


def kill_after(seconds: float, root: str, executor: str) -> None:
    """Start the run in a process and kill it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), FORKS: "1"}
    command = [sys.executable, "-m", "tests.contract.killed_run", root, executor]
    # What was forked holds the pipes: nobody waits for their end.
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        process.kill()
    # A child that was forked in that moment lets go of the lock once it comes to run, long before it ends.
    lock, ends = Path(RunPaths(root, "layers", "killed").lock), time.monotonic() + 0.7 * OUTLIVES
    while is_held(lock) and time.monotonic() < ends:
        time.sleep(0.005)


@cache
def undisturbed() -> tuple[dict[str, object], frozenset[str]]:
    """What each task gives when nobody kills anything, and what has run for it."""
    with tempfile.TemporaryDirectory() as root:
        return dict(go(root, "undisturbed")), frozenset(journal(root))


def run_of(root: str) -> RunRow | None:
    """What the store says of the killed run, if it was killed late enough to have a row."""
    if not (Path(root) / FILE).exists():
        return None
    with closing(RunStore(Path(root) / FILE)) as store:
        found = store.run("killed")
        if found is None:
            return None
        told = actual(found, root)
        assert "running" not in {row.state for row in actual_attempts(told, store.attempts("layers", "killed"))}
        return told


@pytest.mark.parametrize("_part", range(PARTS))
@settings(max_examples=MOMENTS // PARTS)
@given(moment=st.floats(0, LONGEST))
def test_a_killed_run_goes_on_where_it_was(_part: int, moment: float) -> None:
    goes_on_after(moment, THREADS)


@settings(max_examples=max(1, MOMENTS // 10))
@given(st.floats(0, LONGEST_IN_PROCESSES))
def test_so_does_one_whose_tasks_ran_in_processes(moment: float) -> None:
    goes_on_after(moment, PROCESSES)


def goes_on_after(moment: float, executor: str) -> None:
    """Kill a run, and go on with it."""
    with tempfile.TemporaryDirectory() as root:
        kill_after(moment, root, executor)
        if executor == PROCESSES:
            # They end by themselves once the run is gone, but not in the same moment.
            time.sleep(LONGEST)
        paths = RunPaths(root, "layers", "killed")
        told = run_of(root)
        values, all_that_runs = undisturbed()
        committed = {name for name in all_that_runs if read_record(paths, name) is not None}
        assert told is None or told.status == INTERRUPTED or committed == all_that_runs
        (Path(root) / "journal").unlink(missing_ok=True)
        result = go(root, "killed")
        assert sorted(journal(root)) == sorted(all_that_runs - committed)
        assert dict(result) == values


def test_the_run_that_is_killed_has_all_that_runs_can_have() -> None:
    values, all_that_runs = undisturbed()
    assert {"each.0", "each.5", "many", "forking"} <= all_that_runs
    assert "few" not in values
    assert len(all_that_runs) > 40
