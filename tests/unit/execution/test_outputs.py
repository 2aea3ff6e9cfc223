import pytest

from lakewright.errors.running import MissingOutputError
from lakewright.execution import inputs
from lakewright.execution.outputs import RunOutputs
from lakewright.io.memory import MemoryIo
from lakewright.model.record import CommitRecord, Stored
from lakewright.pipelines.arguments import plan
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs


def outputs(run: Runs) -> RunOutputs:
    return RunOutputs(plan(tasks.first.body, {}, target=run.target, run_id="r1"), {})


def test_a_task_that_has_not_ended_well_has_no_record(run: Runs) -> None:
    found = outputs(run)
    with pytest.raises(MissingOutputError, match="task 'load' has no committed output in run 'r1'"):
        found.record("load")
    record = CommitRecord(job="first", run_id="r1", task="load", attempt=1, stored=None)
    found.add(record)
    assert found.record("load") is record


def test_only_what_nobody_can_change_and_somebody_reads_is_shared(run: Runs) -> None:
    found = outputs(run)
    found.share("load", [1])
    found.share("see", "text")
    assert (found.shared("load"), found.shared("see")) == (inputs.UNSHARED, inputs.UNSHARED)
    found.share("load", "text")
    assert found.shared("load") == "text"
    found.release_inputs("see")
    assert found.shared("load") is inputs.UNSHARED


def test_outputs_of_other_managers_are_read_by_them(run: Runs) -> None:
    found = RunOutputs(plan(tasks.first.body, {}, target=run.target, io=MemoryIo()), {})
    found.share("load", "text")
    assert found.shared("load") is inputs.UNSHARED
    stored = Stored(format="memory", value="kept")
    found.add(CommitRecord(job="first", run_id="r1", task="load", attempt=1, stored=stored))
    assert found.value("load") == "kept"
