"""What it costs to trace jobs and to generate their definitions."""

from collections.abc import Callable, Iterator
from typing import Final, cast

from databricks.bundles.jobs import Job as BundleJob
from databricks.bundles.jobs import JobDict

from lakewright import Job, job, pipeline, task
from lakewright.databricks.jobs import job_definition
from tests.benchmarks.measure import MILLISECONDS, TIMES, Row, calls, side_by_side

ROUNDS: Final = 11
JOBS: Final = 20


@task
def extract(number: int) -> int:
    """The first task of a chain."""
    return number


@task
def transform(number: int) -> int:
    """Every further task."""
    return number


def thousand() -> None:
    """100 chains of 10."""
    for chain in range(100):
        number = extract(chain)
        for _ in range(9):
            number = transform(number)


@pipeline
def part(number: int) -> int:
    """A chain of 10."""
    number = extract(number)
    for _ in range(9):
        number = transform(number)
    return number


def thousand_in_parts() -> None:
    """The same by calls of a pipeline."""
    for chain in range(100):
        part(chain)


def five_hundred() -> None:
    """50 chains of 10."""
    for chain in range(50):
        number = extract(chain)
        for _ in range(9):
            number = transform(number)


def measure() -> Iterator[Row]:
    """Tracing, generating, and whether both are linear; a job is made anew each time, because a trace is kept."""
    literal = definition(job(thousand))
    works: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "trace": lambda: job(thousand).dag,
        "parts": lambda: job(thousand_in_parts).dag,
        "generate": lambda: generated(job(thousand)),
        "literal": lambda: BundleJob.from_dict(literal).as_dict(),
        "one": lambda: generated(job(five_hundred)),
        "all": lambda: [generated(job(name=f"job_{number}")(five_hundred)) for number in range(JOBS)],
    }
    assert generated(job(thousand)) == BundleJob.from_dict(literal).as_dict()
    seconds = side_by_side({name: calls(work) for name, work in works.items()}, rounds=ROUNDS)
    yield Row(
        name="trace 1,000 calls",
        ours=seconds["trace"],
        baseline=seconds["nothing"],
        limit=10.0,
        unit=MILLISECONDS,
    )
    yield Row(
        name="trace 1,000 calls in 100 calls of a pipeline",
        ours=seconds["parts"],
        baseline=seconds["nothing"],
        limit=15.0,
        unit=MILLISECONDS,
    )
    yield Row(
        name="trace and generate 1,000 tasks, against databricks-bundles from a literal",
        ours=seconds["generate"],
        baseline=seconds["literal"],
        limit=1.3,
        unit=TIMES,
    )
    yield Row(
        name="10,000 tasks in 20 jobs, against 20 times a twentieth",
        ours=seconds["all"],
        baseline=JOBS * seconds["one"],
        limit=1.3,
        unit=TIMES,
    )


def generated(traced: Job[[], None]) -> object:
    """A job as the Databricks CLI gets it."""
    return BundleJob.from_dict(definition(traced)).as_dict()


def definition(traced: Job[[], None]) -> JobDict:
    """What lakewright generates, as the type that databricks-bundles gives it."""
    return cast("JobDict", job_definition(traced.definition))
