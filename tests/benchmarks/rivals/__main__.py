"""CPU of a task here and elsewhere: `nox -s rivals`.

Every script runs the same graph, 1,000 tasks as 100 chains of 10, in an environment of its own and as its own
documentation would have it. What is measured is the CPU of the whole process, with the processes that it starts: that
of 1,000 tasks less that of 10, over 990. What a tool takes to start is no part of it, what it takes to build the graph,
run it and keep its state is.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.measure import command, steady_folder

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENTS: Final = ROOT / "build" / "rivals"
SCRIPTS: Final = "tests.benchmarks.rivals"
LENGTH: Final = 10
FEW: Final = 10
MANY: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A way to run the graph.

    Attributes:
        keeps: what is there after the run for a retry or a look, beside the values.
        packages: what its environment needs; none for the one at hand.
        command: a program of the environment, and its arguments.
    """

    name: str
    keeps: str = "nothing"
    packages: tuple[str, ...] = ()
    command: tuple[str, ...]


RIVALS: Final = (
    Rival(name="concurrent.futures", command=("python", "-m", f"{SCRIPTS}.with_futures")),
    Rival(
        name="Dask 2026.8.0, threads", packages=("dask==2026.8.0",), command=("python", "-m", f"{SCRIPTS}.with_dask")
    ),
    Rival(
        name="Hamilton 1.90.0", packages=("sf-hamilton==1.90.0",), command=("python", "-m", f"{SCRIPTS}.with_hamilton")
    ),
    Rival(
        name="lakewright, `job.execute()`",
        keeps="a record and the value of each task",
        command=("python", "-m", f"{SCRIPTS}.with_lakewright"),
    ),
    Rival(
        name="lakewright, `lakewright run`",
        keeps="the same, each attempt in the run store, logs, a report",
        command=("lakewright", "run", f"{SCRIPTS}.with_lakewright:graph"),
    ),
    Rival(
        name="Dagster 1.13.28, in process",
        keeps="the events of each task in its database",
        packages=("dagster==1.13.28",),
        command=("python", "-m", f"{SCRIPTS}.with_dagster"),
    ),
    Rival(
        name="Prefect 3.8.8, threads",
        keeps="the states of each task in its database",
        # Its server does not start with a later FastAPI.
        packages=("prefect==3.8.8", "fastapi<0.140"),
        command=("python", "-m", f"{SCRIPTS}.with_prefect"),
    ),
)
# No messages and no telemetry: neither is asked for. A server may take its time to start.
SETTINGS: Final[Mapping[str, str]] = {
    "DO_NOT_TRACK": "1",
    "HAMILTON_TELEMETRY_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="nox -s rivals --", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run")
    parser.add_argument("--only", action="append", help="measure those whose name has this text; may be repeated")
    options = parser.parse_args()
    chosen = [rival for rival in RIVALS if any(text in rival.name for text in options.only or [""])]
    print("| 1,000 tasks | CPU of a task | what it keeps |", "|---|---:|---|", sep="\n", flush=True)
    for rival in chosen:
        print(f"| {rival.name} | {_cost(rival, options.rounds) * 1e6:,.0f} µs | {rival.keeps} |", flush=True)


def _cost(rival: Rival, rounds: int) -> float:
    """CPU seconds of a task."""
    program, *arguments = rival.command
    line = [str(environment(rival) / program), *arguments]
    with steady_folder() as folder:
        few, many = (command(line, environment=_variables(folder, tasks), folder=folder) for tasks in (FEW, MANY))
        # The first run compiles modules and makes databases.
        few()
        return median(many() - few() for _ in range(rounds)) / (MANY - FEW)


def _variables(folder: str, tasks: int) -> Mapping[str, str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {
        **SETTINGS,
        "CHAINS": str(tasks // LENGTH),
        "DAGSTER_HOME": folder,
        "PREFECT_HOME": folder,
        "PYTHONPATH": paths,
        "TMPDIR": folder,
    }


def environment(rival: Rival) -> Path:
    """Where the programs of its environment lie; it is made when it is not there."""
    if not rival.packages:
        return Path(sys.executable).parent
    folder = ENVIRONMENTS / rival.packages[0]
    scripts = folder / "bin"
    uv = [sys.executable, "-m", "uv"]
    if not folder.exists():
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", str(scripts / "python"), *rival.packages]
    subprocess.run(install, check=True)
    return scripts


if __name__ == "__main__":
    main()
