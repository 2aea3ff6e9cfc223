"""What a run with packages of its own costs: the first on a machine, and one that finds them installed.

The same job is run as its generated definition three ways: plain, with an archive whose wheels this machine has
installed before (warm), and with one that it has not (cold). On top of the plain run come the processes that make and
remove the packages, and in each task their installation or the look that finds it.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.measure import SECONDS, Row, Work, command, side_by_side, steady_folder
from tests.benchmarks.worker import path
from tests.made_wheels import make_wheel, make_wheelhouse

ROUNDS: Final = 5
LAKEWRIGHT: Final = str(Path(sys.executable).with_name("lakewright"))
MODULE: Final = "with_packages"
JOBS: Final = """
from lakewright import job, task


@task
def use(number: int) -> int:
    return number


def body() -> None:
    for number in range(4):
        use(number)


plain = job(name="plain")(body)
packed = job(name="packed", dependencies={archive!r})(body)
"""


def measure() -> Iterator[Row]:
    """Warm and cold, on top of a run without packages."""
    with steady_folder() as folder:
        place = Path(folder)
        archive = make_wheelhouse(place / "libs.zip", *(make_wheel(place, f"package_{number}") for number in range(5)))
        (place / f"{MODULE}.py").write_text(JOBS.format(archive=str(archive)), encoding="utf-8")
        works = {"plain": isolated(folder, "plain"), "warm": isolated(folder, "packed"), "cold": cold(folder)}
        seconds = side_by_side(works, rounds=ROUNDS)
    for name, limit in (("warm", 1.0), ("cold", 1.5)):
        yield Row(
            name=f"a run of 4 tasks with packages of its own, {name}, on top of one without",
            ours=seconds[name],
            baseline=seconds["plain"],
            limit=limit,
            unit=SECONDS,
        )


def isolated(folder: str, job: str, scratch: str | None = None) -> Work:
    """The work of an isolated run."""
    line = [LAKEWRIGHT, "run", f"{MODULE}:{job}", "--isolated", "--workers", "2"]
    return command(line, environment={**path(folder), "TMPDIR": scratch or folder}, folder=folder)


def cold(folder: str) -> Work:
    """The work of one on a machine that has installed nothing before."""

    def run() -> float:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            return isolated(folder, "packed", scratch)()

    return run
