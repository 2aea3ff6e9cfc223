"""What became of a workflow, a job, a step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Result: TypeAlias = Literal["success", "failure", "cancelled", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """A step that was looked at.

    Attributes:
        outcome: how it ended; `conclusion` is what counts after `continue-on-error`.
        said: what its command or the action printed.
    """

    name: str
    outcome: Result
    conclusion: Result
    said: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """A job that was looked at: one for each combination of a matrix, one for each job of a called workflow.

    Attributes:
        path: its key, behind those of the jobs that called its workflow.
        permissions: what its token may do.
        concurrency: its group, whether it cancels who is in it, and how many may wait.
    """

    path: str
    result: Result
    matrix: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[StepRun, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    permissions: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None
    concurrency: Mapping[str, Any] | None = None
    summary: str = ""
    why: str = ""

    @property
    def said(self) -> str:
        """All that its steps printed, and why it ended as it did."""
        return "".join(f"$ {step.name}\n{step.said}" for step in self.steps) + self.why


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """A workflow that was executed."""

    file: str
    result: Result
    jobs: tuple[JobRun, ...]
    concurrency: Mapping[str, Any] | None = None

    def __getitem__(self, path: str) -> tuple[JobRun, ...]:
        """The runs of a job; of none at all is a mistake of who asks."""
        found = tuple(job for job in self.jobs if job.path == path)
        assert found, f"{self.file} has no job '{path}', only {sorted({job.path for job in self.jobs})}"
        return found

    def one(self, path: str) -> JobRun:
        """The only run of a job."""
        (job,) = self[path]
        return job

    def results(self) -> dict[str, list[Result]]:
        """How the runs of each job ended."""
        return {path: [job.result for job in self[path]] for path in dict.fromkeys(job.path for job in self.jobs)}

    def failures(self) -> Iterator[str]:
        """What the failed jobs said."""
        yield from (f"--- {job.path} {dict(job.matrix)}\n{job.said}" for job in self.jobs if job.result == "failure")


def worst(results: "list[Result]") -> Result:
    """How several end together."""
    for result in ("failure", "cancelled", "success"):
        if result in results:
            return result
    return "skipped"
