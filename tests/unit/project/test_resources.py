"""`load_resources`: jobs, or why there are none."""

from pathlib import Path

import pytest
from databricks.bundles.core import Bundle

from lakewright.dependencies.current import BuiltFrom, set_current
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheelhouse import assemble
from lakewright.project import load_resources
from lakewright.project.wheel_inputs import inputs_digest
from tests.unit.project.repos import JOBS, PIPELINE, repository
from tests.wheel_files import write_wheel


def load(root: Path, name: str, monkeypatch: pytest.MonkeyPatch, *, target: str = "dev") -> tuple[list[str], list[str]]:
    """Names of jobs, and severities with summaries of diagnostics."""
    monkeypatch.syspath_prepend(root)
    monkeypatch.chdir(root / "pipelines" / name)
    found = load_resources(Bundle(target=target))
    return list(found.jobs), [f"{each.severity.value}: {each.summary}" for each in found.diagnostics.items]


def test_a_development_target_takes_its_wheels_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(repository(tmp_path, res_one=JOBS), "res_one", monkeypatch) == (["daily"], [])


def test_only_jobs_are_deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = PIPELINE.replace("return one()", "return 1 if one() is None else len(one())").replace("part", "broken")
    source = JOBS + PIPELINE + broken
    assert load(repository(tmp_path, res_parts=source), "res_parts", monkeypatch) == (["daily"], [])


def test_other_targets_are_warned_of_unpinned_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, said = load(repository(tmp_path, res_two=JOBS), "res_two", monkeypatch, target="prod")
    assert jobs == ["daily"]
    assert said == [
        "warning: pipeline 'res_two' has no wheelhouse: on 'prod' its wheels come from ./dist [unpinned-wheels]"
    ]


def test_a_job_with_findings_is_not_deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = JOBS + "\n@job\ndef empty() -> None: ...\n"
    jobs, said = load(repository(tmp_path, res_three=source), "res_three", monkeypatch)
    assert jobs == []
    assert said == ["error: job 'empty' has no task [no-task]"]


def test_a_broken_module_is_a_diagnostic_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, said = load(repository(tmp_path, res_four="1 / 0"), "res_four", monkeypatch)
    assert jobs == []
    assert said == ["error: importing module 'res_four.jobs' failed: ZeroDivisionError: division by zero [load]"]


def test_a_field_that_databricks_does_not_know_is_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = JOBS.replace("@job", '@job(databricks={"email_notification": {"on_start": []}})')
    jobs, (said,) = load(repository(tmp_path, res_five=source), "res_five", monkeypatch)
    assert jobs == []
    assert said.startswith("error: job 'daily' has the field 'email_notification', which Databricks does not know")


def test_each_job_that_cannot_be_traced_is_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = "\n@job\ndef {name}() -> int:\n    return len(one())\n"
    source = JOBS + broken.format(name="first") + broken.format(name="second")
    jobs, said = load(repository(tmp_path, res_six=source), "res_six", monkeypatch)
    assert jobs == []
    assert len(said) == 2
    assert all("is the future output of task 'one'" in each for each in said)


def with_wheelhouse(root: Path, name: str) -> Path:
    """A repository's pipeline with a wheelhouse that was built from it as it is."""
    folder = root / "pipelines" / name
    made = assemble([write_wheel(root / "wheels", "rows")], folder / "wheelhouse", target=WheelTarget())
    inputs = inputs_digest(root, [root / name], facts=())
    set_current(folder, made, built_from=BuiltFrom(inputs, (name,), ()))
    return root


@pytest.mark.parametrize("target", ["dev", "prod"])
def test_a_pipeline_with_a_wheelhouse_is_pinned_to_it_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    name = f"res_pinned_{target}"
    root = with_wheelhouse(repository(tmp_path, **{name: JOBS}), name)
    assert load(root, name, monkeypatch, target=target) == (["daily"], [])


def test_who_changes_a_pipeline_is_told_that_its_wheelhouse_is_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = with_wheelhouse(repository(tmp_path, res_stale=JOBS), "res_stale")
    (root / "res_stale" / "more.py").write_text("MORE = 1\n", encoding="utf-8")
    jobs, (said,) = load(root, "res_stale", monkeypatch)
    assert jobs == ["daily"]
    assert said.startswith("warning: pipeline 'res_stale' has changed since its wheelhouse was built")


def test_a_wheelhouse_that_is_gone_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = with_wheelhouse(repository(tmp_path, res_gone=JOBS), "res_gone")
    (manifest,) = (root / "pipelines" / "res_gone").glob("wheelhouse/*/manifest.json")
    manifest.unlink()
    jobs, (said,) = load(root, "res_gone", monkeypatch)
    assert jobs == []
    assert said.startswith("error: ")
    assert "is no wheelhouse" in said
