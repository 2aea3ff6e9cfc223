"""A new pipeline is whole, or nothing is written."""

import ast
from pathlib import Path

import pytest
import yaml

from lakewright.errors.project import UsageError
from lakewright.project.new import NAME, RESERVED, new_pipeline, skeleton
from lakewright.project.repository import Repository
from tests.unit.project.repos import TARGETS, write


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(write(tmp_path, {"targets.yml": TARGETS}))


def test_a_new_pipeline_is_found_by_the_repository(repository: Repository) -> None:
    new_pipeline(repository, "daily_sales")
    assert [folder.name for folder in repository.pipelines] == ["daily_sales"]


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12"])
@pytest.mark.parametrize("compute", ["serverless", "job_cluster"])
@pytest.mark.parametrize("cloud", ["azure", "aws", "gcp"])
def test_every_file_parses_for_every_answer(python: str, compute: str, cloud: str) -> None:
    files = skeleton("daily_sales", {"python": python, "compute": compute, "cloud": cloud})
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text)
        if path.endswith(".yml"):
            assert yaml.safe_load(text)["bundle"]["name"] == "daily_sales"
    assert f"Python {python}" in files["src/daily_sales/jobs.py"]


@pytest.mark.parametrize(
    "name",
    [
        *("Sales", "1st", "a-b", "", "../out", "a" * 51, "sales_", "a__b", "_a", "sales\n"),
        *("class", "json", "lakewright", "pytest", "nox", "con", "yaml", "conftest"),
    ],
)
def test_a_name_that_no_package_can_have_is_refused(repository: Repository, name: str) -> None:
    with pytest.raises(UsageError, match=f"a pipeline cannot be called '{name}'"):
        new_pipeline(repository, name)
    assert repository.pipelines == ()


def test_the_template_asks_for_a_pipeline_by_the_same_rules() -> None:
    questions = yaml.safe_load((Path(__file__).parents[3] / "copier.yml").read_text(encoding="utf-8"))
    assert yaml.safe_load(questions["rules"]["default"])["pipeline"]["pattern"] == NAME.pattern
    assert sorted(yaml.safe_load(questions["reserved_names"]["default"])) == RESERVED.read_text("utf-8").split()


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("my_platform", "pyproject.toml"),
        ("our_tables", "shared/tables/pyproject.toml"),
        ("tables", "shared/tables/src/tables"),
        ("web_sales", "pipelines/sales/pyproject.toml"),
    ],
)
def test_a_name_that_the_workspace_has_is_refused_with_its_owner(
    repository: Repository, *, name: str, owner: str
) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "my-platform"',
        "shared/tables/pyproject.toml": '[project]\nname = "Our-Tables"',
        "shared/tables/src/tables/__init__.py": "",
        "pipelines/sales/pyproject.toml": '[project]\nname = "web-sales"',
    }
    write(repository.root, files)
    with pytest.raises(UsageError, match=f"a pipeline cannot be called '{name}': {owner} already has the name"):
        new_pipeline(repository, name)


def test_an_existing_pipeline_is_left_as_it_is(repository: Repository) -> None:
    new_pipeline(repository, "sales")
    kept = repository.root / "pipelines" / "sales" / "src" / "sales" / "tasks.py"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="pipelines/sales is already there"):
        new_pipeline(repository, "sales")
    assert kept.read_text(encoding="utf-8") == "mine"
