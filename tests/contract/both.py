"""One job, run in this process and as its generated definition, and what the two gave."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from databricks.bundles.jobs import Job as BundleJob

from lakewright.databricks.jobs import job_definition
from lakewright.emulator.plan import plan
from lakewright.emulator.run import run
from lakewright.execution import inputs, invoke
from lakewright.execution.context import TaskContext
from lakewright.io.base import IoManager
from lakewright.io.commit import committed, read_record
from lakewright.io.paths import RunPaths
from lakewright.loading.objects import load
from lakewright.model.loop import task_of
from lakewright.model.record import CommitRecord
from lakewright.model.target import TargetValues
from lakewright.model.validation import validate
from lakewright.pipelines.job import Job
from tests.contract.definitions import BUNDLE


@dataclass(frozen=True)
class Gave:
    """What a run gave: how its tasks ended, why those that did not run did not, and the body's value."""

    states: Mapping[str, str]
    reasons: Mapping[str, str]
    status: str
    leaf_status: str
    value: object


class Committed:
    """Outputs of a run as other processes find them."""

    def __init__(self, job: Job[..., Any], paths: RunPaths, texts: Mapping[str, str]) -> None:
        self.job, self.paths, self.texts = job, paths, texts

    def record(self, task: str) -> CommitRecord:
        return committed(self.paths, task)

    def find(self, task: str) -> CommitRecord | None:
        return read_record(self.paths, task)

    def manager(self, task: str) -> IoManager:
        return self.job.body.trace().functions[task_of(task)].io or invoke.DEFAULT

    def shared(self, _task: str) -> object:
        return inputs.UNSHARED

    def upstream(self, task: str) -> Iterator[str]:
        return iter(self.job.dag.upstream(task))

    def parameter(self, name: str) -> object:
        kinds = {parameter.name: parameter for parameter in self.job.dag.parameters}
        text = self.texts.get(name, kinds[name].default or "")
        return kinds[name].type.parse(name, text, load)


def definition_of(job: Job[..., Any]) -> dict[str, Any]:
    """The job as Databricks takes it."""
    assert validate(job.definition) == ()
    generated = job_definition(job.definition)
    taken = dict(BundleJob.from_dict(generated).as_dict())  # type: ignore[arg-type]  # a plain dict
    assert generated.items() <= taken.items()
    return taken


def isolated(job: Job[..., Any], texts: Mapping[str, str], root: str) -> Gave:
    """What an isolated run of the generated definition gives."""
    paths = RunPaths(root, job.name, "1")
    places = {"/Volumes/cat/sch/vol": root}
    result = run(plan(definition_of(job), paths=paths, bundle=BUNDLE, parameters=texts, places=places))
    outputs, value = Committed(job, paths, texts), None
    if result.status == "success" and job.dag.result is not None:
        value = inputs.fill(job.dag.result, outputs, TaskContext(paths, TargetValues(root=root)))
    reasons = {key: outcome.reason for key, outcome in result.outcomes.items() if not outcome.attempts}
    return Gave(result.states, reasons, result.status, result.leaf_status, value)


def local(job: Job[..., Any], texts: Mapping[str, str], root: str) -> Gave:
    """What a run in this process gives."""
    result = job.execute(params=texts, target=TargetValues(name="dev", root=root), run_id="1")
    value = result.value if result.status == "success" else None
    reasons = {key: outcome.reason for key, outcome in result.outcomes.items() if outcome.reason}
    return Gave(result.states, reasons, result.status, result.leaf_status, value)


def both(job: Job[..., Any], **texts: str) -> Gave:
    """What both runs give, which must be the same."""
    with tempfile.TemporaryDirectory() as folder:
        here = local(job, texts, str(Path(folder) / "here"))
        apart = isolated(job, texts, str(Path(folder) / "apart"))
    assert apart == here
    return here
