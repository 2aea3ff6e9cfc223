"""A run that is killed at any moment loses nothing: it goes on with what was committed, and with no torn file."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright.execution.history import INTERRUPTED, actual, actual_attempts
from lakewright.execution.result import RunResult
from lakewright.execution.rows import RunRow
from lakewright.execution.store import FILE, RunStore
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.task import PROCESSES, THREADS
from tests.contract.killed_run import go, layers

# Each example starts a process, kills it, and runs the rest: 60 of them, or 1,000 in `nox -s soak`.
MOMENTS: Final = min(1000, settings().max_examples * 6 // 10)
# One test each, so that several workers share them.
PARTS: Final = 4
# Longer than an undisturbed run takes: some runs end before they are killed.
LONGEST: Final = 0.3
LONGEST_IN_PROCESSES: Final = 0.8


def kill_after(seconds: float, root: str, executor: str) -> None:
    """Start the run in a process and kill it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.contract.killed_run", root, executor]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()


@cache
def undisturbed() -> dict[str, object]:
    """What each task gives when nobody kills anything."""
    with tempfile.TemporaryDirectory() as root:
        return values(go(root, "undisturbed"))


def values(result: RunResult[Any]) -> dict[str, object]:
    return {key: value[:-1] for key, value in result.items()}


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
        committed = {key for key in layers.dag.nodes if read_record(paths, key) is not None}
        assert told is None or told.status == INTERRUPTED or len(committed) == len(layers.dag.nodes)
        journal = Path(root) / "journal"
        journal.unlink(missing_ok=True)
        result = go(root, "killed")
        again = journal.read_text(encoding="utf-8").split() if journal.exists() else []
        assert sorted(again) == sorted(set(layers.dag.nodes) - committed)
        assert values(result) == undisturbed()
