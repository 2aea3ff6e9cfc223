"""What is wrong with a run is said before anything of it happens."""

import subprocess
import sys
from pathlib import Path

import pytest

from lakewright import MemoryIo, job, task
from lakewright.errors.running import RunError
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

SCRIPT = """
from lakewright import job, task

@task(timeout=5)
def late() -> int:
    return 1

@job
def daily() -> int:
    return late()

daily.run()
"""


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "4"], ids=repr)
def test_workers_are_a_number_of_threads(run: Runs, workers: int) -> None:
    with pytest.raises(RunError, match="is not a whole number, 1 or more"):
        run(tasks.first, max_workers=workers)
    assert run.events == []


def test_a_run_in_memory_refuses_a_task_in_a_process_of_its_own(run: Runs) -> None:
    @job
    def daily() -> int:
        return tasks.number.options(timeout=5)()

    with pytest.raises(
        RunError, match=r"task 'number' has a timeout, so .*, and MemoryIo of task 'number' keeps"
    ) as caught:
        run(daily, io=MemoryIo())
    assert caught.value.location == daily.dag.task("number").location
    assert "Leave the timeout out, or keep the output with the default manager." in caught.value.hint
    assert run.events == []
    assert not Path(run.target.root).exists()


def test_an_input_in_memory_cannot_reach_a_process_of_its_own(run: Runs) -> None:
    @task(io=MemoryIo())
    def make() -> int:
        return 1

    @job
    def daily() -> int:
        return tasks.add.options(timeout=5)(make())

    with pytest.raises(RunError, match=r"task 'add' has a timeout, so .* MemoryIo of task 'make' keeps values"):
        run(daily)


def test_memory_beside_a_process_is_fine(run: Runs) -> None:
    @task(io=MemoryIo())
    def make() -> int:
        return 1

    @job
    def daily() -> list[int]:
        return [make(), tasks.number.options(timeout=30)()]

    assert run(daily).value == [1, 1]


def test_a_script_cannot_be_imported_by_a_process_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "script.py:10: task 'late' has a timeout" in done.stderr
    assert "Put the task into a module, and import it in the script." in done.stderr
    assert not (tmp_path / ".lakewright").exists()


def test_a_run_id_is_used_once(run: Runs) -> None:
    run(tasks.first, run_id="r1")
    with pytest.raises(RunError, match=r"run 'r1' of job 'first' is already in .*\n  Give it another run_id"):
        run(tasks.first, run_id="r1")


@pytest.mark.parametrize("run_id", ["../a", "a b", ".hidden", "x" * 101])
def test_a_run_id_names_a_folder(run: Runs, run_id: str) -> None:
    with pytest.raises(RunError, match=r"run id .* may hold only letters, digits"):
        run(tasks.first, run_id=run_id)
