"""What a task costs in a process of its own, on top of what it does."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lakewright.model.binding import Argument, Output
from lakewright.model.invocation import RUN_REFERENCES, Invocation
from lakewright.model.reference import Reference
from tests.benchmarks.measure import MILLISECONDS, TIMES, Row, Work, command, process, side_by_side

ROUNDS: Final = 15
WORKER: Final = str(Path(sys.executable).with_name("lakewright-run"))
# All flights of 2013; `nox -s bench` puts them there.
FLIGHTS: Final = Path(__file__).parents[2] / "build" / "flights" / "flights.parquet"
MODULES: Final = 100

NOTHING: Final = """
from lakewright import task


@task
def nothing() -> None:
    pass
"""
FRAMES: Final = """
import polars as pl

from lakewright import context, task


@task
def load() -> pl.DataFrame:
    return pl.read_parquet(context().data / "flights.parquet")


@task
def keep(flights: pl.DataFrame) -> pl.DataFrame:
    return flights
"""
SCRIPT: Final = """
import os
import sys

import polars as pl

flights = pl.read_parquet(sys.argv[1])
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
flights.write_parquet(sys.argv[2])
"""


def measure() -> Iterator[Row]:
    """A task that does nothing against a bare interpreter; one that reads and writes a frame against a bare script."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder))
        command(worker(folder, "load", "frames:load"), environment=path(folder))()
        script = ["script.py", f"{folder}/runs/bench/1/load/1/data.parquet", f"{folder}/bare/flights.parquet"]
        works: Mapping[str, Work] = {
            "bare": process("-c", "pass"),
            "alone": command(worker(folder, "nothing", "alone:nothing"), environment=path(folder)),
            "project": command(worker(folder, "nothing", "project.module_50:nothing"), environment=path(folder)),
            "frames": command(worker(folder, "keep", "frames:keep", flights="load"), environment=path(folder)),
            "script": process(f"{folder}/{script[0]}", *script[1:]),
        }
        seconds = side_by_side(works, rounds=ROUNDS)
    for work, name in (("alone", "of one module"), ("project", f"of {MODULES} modules")):
        yield Row(
            name=f"lakewright-run, a task that does nothing in a project {name}",
            ours=seconds[work],
            baseline=seconds["bare"],
            limit=100.0,
            unit=MILLISECONDS,
        )
    yield Row(
        name="lakewright-run, read and write 336,776 flights, against a polars script",
        ours=seconds["frames"],
        baseline=seconds["script"],
        limit=1.15,
        unit=TIMES,
    )


def write_project(folder: Path) -> None:
    """Modules with tasks: one alone, one with frames, and a package of many."""
    (folder / "alone.py").write_text(NOTHING, encoding="utf-8")
    (folder / "frames.py").write_text(FRAMES, encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    package = folder / "project"
    package.mkdir()
    (package / "__init__.py").touch()
    for number in range(MODULES):
        (package / f"module_{number}.py").write_text(NOTHING, encoding="utf-8")


def path(folder: str) -> Mapping[str, str]:
    """The environment that finds the project's modules."""
    return {"PYTHONPATH": folder}


def worker(folder: str, task: str, function: str, **upstream: str) -> list[str]:
    """The command of a task whose parameters take outputs of others."""
    arguments = tuple(Argument(name, Output(key)) for name, key in upstream.items())
    invocation = Invocation(job="bench", task=task, function=Reference.parse(function), arguments=arguments)
    values = dict.fromkeys(RUN_REFERENCES, "local")
    values.update(run_id="1", attempt="1", root=folder, data=str(FLIGHTS.parent))
    return [WORKER, *invocation.to_argv(values)]
