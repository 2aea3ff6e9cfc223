from pathlib import Path

import pytest

from lakewright.errors.project import UsageError
from lakewright.project.repository import PipelineFolder, Repository
from tests.unit.project.repos import JOBS, repository, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repository(tmp_path, sales=JOBS, flights=JOBS)
    return write(tmp_path, {"pipelines/README.md": "", "pipelines/notes/README.md": "no bundle"}).resolve()


@pytest.mark.parametrize("place", [".", "pipelines/sales", "pipelines/notes"])
def test_a_repository_is_found_from_anywhere_inside(root: Path, place: str) -> None:
    assert Repository.around(root / place) == Repository(root)


def test_outside_of_any_the_way_in_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no targets\.yml here or above\n  Go to your repository"):
        Repository.around(tmp_path)


def test_pipelines_are_the_folders_with_a_bundle_by_name(root: Path) -> None:
    assert [folder.name for folder in Repository(root).pipelines] == ["flights", "sales"]


def test_a_pipeline_is_found_by_its_name_and_a_typo_is_told_the_one_meant(root: Path) -> None:
    assert Repository(root).pipeline("sales") == PipelineFolder(root / "pipelines" / "sales")
    with pytest.raises(UsageError, match="there is no pipeline 'sale'; did you mean 'sales'"):
        Repository(root).pipeline("sale")


def test_inside_a_pipeline_one_means_it_and_elsewhere_all(root: Path) -> None:
    here = Repository(root)
    deep = write(root, {"pipelines/sales/tests/a.py": ""}) / "pipelines" / "sales" / "tests"
    assert [folder.name for folder in here.here(deep)] == ["sales"]
    assert here.here(root) == here.here(root / "pipelines") == here.pipelines
