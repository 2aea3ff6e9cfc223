"""A pipeline's configuration and definitions, as the Databricks CLI has them."""

import sys
from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError
from lakewright.execution.environment import process_environment
from lakewright.project.bundle import Built, build, configuration
from tests.unit.project.repos import JOBS, TARGETS, repository, write

BUNDLE = """
bundle: {name: %s, databricks_cli_version: "== 1.22.1"}
python: {resources: ["resources:load_resources"]}
include: [../../targets.yml]
"""


def pipeline(root: Path, name: str, source: str) -> Path:
    """A pipeline folder that builds; its package lies in `root`."""
    repository(root, **{name: source})
    folder = root / "pipelines" / name
    write(
        folder,
        {"databricks.yml": BUNDLE % name, "resources/__init__.py": "from lakewright.project import load_resources\n"},
    )
    return folder


def built(folder: Path, target: str, root: Path) -> Built:
    variables = process_environment()
    variables["PYTHONPATH"] = f"{root}:{variables['PYTHONPATH']}"
    return build(Path(sys.executable), folder, target, scratch=root / "scratch", environment=variables)


def test_a_configuration_is_merged_for_its_target(tmp_path: Path) -> None:
    found = configuration(pipeline(tmp_path, "merged", JOBS), "prod")
    assert found["bundle"] == {
        "name": "merged",
        "databricks_cli_version": "== 1.22.1",
        "target": "prod",
        "mode": "production",
    }
    assert found["variables"]["catalog"] == {"value": "prod"}
    assert found["variables"]["volume"] == {"value": "lakewright"}
    assert found["workspace"]["host"] == "https://prod.example.com"


def test_the_two_phases_give_the_jobs_of_the_pipeline(tmp_path: Path) -> None:
    found = built(pipeline(tmp_path, "building", JOBS), "prod", tmp_path)
    assert list(found.jobs) == ["daily"]
    assert [each["severity"] for each in found.diagnostics] == ["warning"]
    assert "resources.jobs.daily" in {each["path"] for each in found.locations}


def test_a_pipeline_that_does_not_build_is_an_error_with_its_diagnostics(tmp_path: Path) -> None:
    folder = pipeline(tmp_path, "broken", "import nowhere_at_all\n")
    with pytest.raises(ProjectError, match=r"'broken' does not build for 'dev':\n.*nowhere_at_all"):
        built(folder, "dev", tmp_path)


def test_each_diagnostic_is_told_once_with_its_place_and_the_way_out(tmp_path: Path) -> None:
    folder = pipeline(tmp_path, "placed", JOBS + "\n@job\ndef empty() -> None: ...\n")
    with pytest.raises(ProjectError) as caught:
        built(folder, "dev", tmp_path)
    assert caught.value.message.splitlines() == [
        "'placed' does not build for 'dev':",
        f"  {tmp_path}/placed/jobs.py:11: job 'empty' has no task [no-task]",
        "    Call at least one @task function in its body.",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"databricks.yml": "[]"}, "holds no mapping"),
        ({"databricks.yml": "a: [", "targets.yml": TARGETS}, "cannot be read"),
        ({"databricks.yml": "include: [nothing.yml]"}, "nothing.yml cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, *, files: dict[str, str], message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        configuration(write(tmp_path, files), "dev")
