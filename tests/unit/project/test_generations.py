from pathlib import Path

import pytest

import lakewright
from lakewright.errors.project import ProjectError
from lakewright.project.generations import generations
from lakewright.project.packages import read_packages
from lakewright.project.trees import WorkTree
from tests.git import commit
from tests.unit.project.monorepo import FILES
from tests.unit.project.repos import write

FRAMEWORK = Path(lakewright.__file__).parents[2]
JOB = """
from lakewright import job, task
from {name}.more import VALUE

@task
def load() -> int:
    return VALUE

@job
def daily() -> int:
    return load()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    jobs = {f"pipelines/{name}/src/{name}/jobs.py": JOB.format(name=name) for name in ("flights", "sales")}
    more = {f"pipelines/{name}/src/{name}/more.py": "VALUE = 1" for name in ("flights", "sales")}
    commit(tmp_path, {**FILES, **jobs, **more})
    return tmp_path


def made(root: Path, *names: str, target: str | None = None, framework: Path = FRAMEWORK) -> dict[str, tuple[str, ...]]:
    found = generations(root, read_packages(WorkTree.of(root)), names, target=target, framework=framework)
    return {name: (*each.jobs, each.error) for name, each in found.items()}


def test_the_jobs_of_each_pipeline_are_made_from_the_files_of_the_tree(root: Path) -> None:
    assert made(root, "flights", "sales") == {"flights": ("daily", ""), "sales": ("daily", "")}


def test_one_that_cannot_be_made_says_why_without_naming_the_place_of_the_tree(root: Path) -> None:
    write(root, {"pipelines/sales/src/sales/more.py": "VALUE = nothing"})
    found = made(root, "flights", "sales")
    assert found["flights"] == ("daily", "")
    [error] = found["sales"]
    assert "pipelines/sales/src/sales/more.py" in error
    assert "name 'nothing' is not defined" in error
    assert str(root) not in error
    assert "1 finding" not in error


def test_of_no_pipeline_nothing_is_made_and_nothing_starts(root: Path) -> None:
    assert made(root, framework=root / "nowhere") == {}


def test_for_a_target_that_the_tree_does_not_have_its_first_counts(root: Path) -> None:
    assert made(root, "flights", target="prod") == {"flights": ("daily", "")}


def test_a_framework_that_does_not_start_is_an_error(root: Path) -> None:
    write(root, {"other/src/lakewright/__init__.py": "raise RuntimeError('broken framework')"})
    with pytest.raises(ProjectError, match=r"does not generate:(.|\n)*broken framework"):
        made(root, "flights", framework=root / "other")
