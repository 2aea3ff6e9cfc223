"""What a pull request costs: which pipelines are affected in a large repository, and what has changed of one."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lakewright.project.affected import affected_since
from tests.benchmarks.measure import SECONDS, TIMES, Row, calls, command, side_by_side, steady_folder
from tests.git import commit
from tests.unit.project.monorepo import TARGETS, library, pipeline
from tests.unit.project.repos import write

ROUNDS: Final = 5
PIPELINES: Final = 500
LIBRARIES: Final = 50
MODULES: Final = 5000
PARTS: Final = 5
# Some 1.5 kB, as modules are.
BODY: Final = "\n\n".join(
    f'def step_{n}(x: int) -> int:\n    """Add {n} to a number."""\n    return x + {n}' for n in range(20)
)
JOB: Final = """
from lakewright import job, task

@task
def step(number: int) -> int:
    return number

@job
def {name}() -> None:
    number = 1
    for _ in range(12):
        number = step(number)
"""


def measure() -> Iterator[Row]:
    """The commands with their start; whether `affected` is linear, of the function alone."""
    with steady_folder() as large, steady_folder() as small, steady_folder() as one:
        monorepo(Path(large), share=1)
        monorepo(Path(small), share=PARTS)
        single(Path(one))
        lakewright = [str(Path(sys.executable).with_name("lakewright"))]
        works = {
            "affected": command([*lakewright, "affected", "--base", "HEAD"], folder=large),
            "large": calls(lambda: affected_since(Path(large), "HEAD")),
            "small": calls(lambda: affected_since(Path(small), "HEAD")),
            "diff": command([*lakewright, "diff", "flights", "--base", "HEAD"], folder=one),
        }
        seconds = side_by_side(works, rounds=ROUNDS)
    name = f"{PIPELINES} pipelines, {LIBRARIES} shared packages, {MODULES:,} modules"
    yield Row(name=f"lakewright affected, {name}", ours=seconds["affected"], limit=1.0, unit=SECONDS)
    yield Row(
        name=f"affected in {MODULES:,} modules, against {PARTS} times {MODULES // PARTS:,}",
        ours=seconds["large"],
        baseline=PARTS * seconds["small"],
        limit=1.3,
        unit=TIMES,
    )
    yield Row(name="lakewright diff of a pipeline", ours=seconds["diff"], limit=3.0, unit=SECONDS)


def monorepo(root: Path, *, share: int) -> None:
    """A part of the large repository, in which one shared package has changed."""
    pipelines, libraries = PIPELINES // share, LIBRARIES // share
    files = {"targets.yml": TARGETS, "pyproject.toml": '[project]\nname = "platform"\nversion = "0"\n'}
    for number in range(libraries):
        files |= library(f"lib_{number}", *([f"lib-{number - 1}"] if number % 5 else []))
    for number in range(pipelines):
        needed = f"lib_{number % libraries}"
        files |= pipeline(f"p_{number}", needed.replace("_", "-"), code=f"from {needed} import m0\n")
    packages = [(path.rpartition("/")[0], path.split("/")[1]) for path in files if path.endswith("/pyproject.toml")]
    for number in range(MODULES // share):
        folder, name = packages[number % len(packages)]
        files[f"{folder}/src/{name}/m{number // len(packages)}.py"] = f"import os\nfrom pathlib import Path\n\n{BODY}\n"
    commit(root, files)
    write(root, {"shared/lib_7/src/lib_7/__init__.py": "x = 1\n"})
    assert affected_since(root, "HEAD").pipelines


def single(root: Path) -> None:
    """A repository with one pipeline, of which a task has changed."""
    name = "flights"
    commit(root, {"targets.yml": TARGETS, **pipeline(name, code=JOB.format(name=name))})
    write(root, {f"pipelines/{name}/src/{name}/jobs.py": JOB.format(name=name).replace("@task", "@task(retries=2)")})
