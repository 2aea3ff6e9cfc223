from pathlib import Path

import pytest

from lakewright import job, task
from lakewright.errors.base import Location
from lakewright.project.check import check_jobs
from lakewright.project.secrets import check_secrets
from tests.git import commit
from tests.unit.project.monorepo import FILES
from tests.unit.project.repos import write
from tests.unit.text.test_credentials import DATABRICKS


@task
def load(token: str) -> str:
    return token


@pytest.mark.parametrize(
    "path",
    [".github/workflows/deploy.yml", "targets.yml", "pipelines/web/databricks.yml", "pipelines/web/.env", "a.md"],
)
def test_a_secret_in_a_file_is_refused_at_its_line_and_not_shown(tmp_path: Path, path: str) -> None:
    commit(tmp_path, FILES)
    write(tmp_path, {path: f"a: b\nDATABRICKS_TOKEN: {DATABRICKS}\n"})
    found = check_secrets(tmp_path)
    assert {(each.code, each.severity, each.location) for each in found} == {
        ("secret", "error", Location(str(tmp_path / path), 2))
    }
    assert all(DATABRICKS not in f"{each}{each.hint}" for each in found)


def test_what_git_does_not_take_and_data_are_left_alone(tmp_path: Path) -> None:
    secret = f"token: {DATABRICKS}\n"
    write(tmp_path, {**FILES, ".gitignore": ".env\n", ".env": secret, "a.parquet": secret, "framework/x.py": secret})
    commit(tmp_path)
    assert check_secrets(tmp_path) == ()


def test_a_template_without_a_secret_has_none_found(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    assert check_secrets(tmp_path) == ()


def test_outside_of_git_nothing_is_looked_through(tmp_path: Path) -> None:
    write(tmp_path, {"a.yml": f"token: {DATABRICKS}\n"})
    assert check_secrets(tmp_path) == ()


def test_a_definition_that_would_hold_a_secret_is_refused_with_the_way_out() -> None:
    @job
    def daily() -> str:
        return load(DATABRICKS)

    (found,) = check_jobs([daily.definition])
    assert "the definition of task 'load' would hold what looks like a token of Databricks" in found.message
    assert 'secret("scope", "key")' in found.hint
    assert found.location is not None
    assert DATABRICKS not in f"{found}{found.hint}"


def test_a_parameter_s_default_is_in_the_definition_too() -> None:
    @job
    def daily(token: str = DATABRICKS) -> str:
        return load(token)

    assert [each.code for each in check_jobs([daily.definition])] == ["secret"]
