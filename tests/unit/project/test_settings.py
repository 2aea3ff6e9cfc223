"""A pipeline's own settings."""

from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError
from lakewright.project.repository import PipelineFolder
from lakewright.project.settings import read_settings
from tests.unit.project.repos import write


def settings(folder: Path, text: str) -> tuple[str, ...]:
    write(folder, {"sales/pyproject.toml": text})
    return read_settings(PipelineFolder(folder / "sales")).modules


def test_jobs_are_by_default_in_the_module_jobs_of_the_package(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == ("sales.jobs",)
    assert read_settings(PipelineFolder(tmp_path / "other")).modules == ("other.jobs",)


def test_a_pipeline_may_name_its_modules(tmp_path: Path) -> None:
    assert settings(tmp_path, '[tool.lakewright]\nmodules = ["a.b", "c"]') == ("a.b", "c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.lakewright]\n\nmodule = []", "3: [tool.lakewright] has no setting 'module'; did you mean 'modules'?"),
        (
            "[project]\nmodules = 1\n[tool.lakewright] # ours\nmodules = 1\n[a]\nmodules = 1",
            "4: [tool.lakewright] modules must be a list of names",
        ),
        ("[tool.lakewright]\nmodules = [\n  1,\n]", "2: [tool.lakewright] modules must be a list of names"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"sales/pyproject.toml:{message}")


def test_a_setting_instead_of_the_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"\[tool\.lakewright\] must be a table"):
        settings(tmp_path, "[tool]\nlakewright = 1")


def test_what_is_not_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"pyproject\.toml is not TOML"):
        settings(tmp_path, "[tool")
