from pathlib import Path

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.errors.base import LakewrightError
from lakewright.errors.wheels import SeveralTargetsError, UnknownPythonError
from lakewright.project.repository import PipelineFolder
from lakewright.project.wheel_targets import aim_of
from tests.unit.project.repos import repository, write

HEAD = """
from lakewright import existing_cluster, job, job_cluster, serverless, task

@task
def one() -> int:
    return 1
"""
JOB = """
@job(compute={compute})
def {name}() -> int:
    return one()
"""
AWS = 'job_cluster("15.4.x-scala2.12", "{node}")'


def folder_with(root: Path, name: str, monkeypatch: pytest.MonkeyPatch, *computes: str) -> PipelineFolder:
    jobs = "".join(JOB.format(name=f"job_{number}", compute=compute) for number, compute in enumerate(computes))
    repository(root, **{name: HEAD + jobs})
    monkeypatch.syspath_prepend(root)
    return PipelineFolder(root / "pipelines" / name)


def test_the_compute_of_the_jobs_is_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, "aim_one", monkeypatch, AWS.format(node="m7g.large"), AWS.format(node="m7g.xlarge"))
    aim = aim_of(folder)
    assert aim.target == WheelTarget("3.11", "aarch64")
    assert len(aim.computes) == 2


def test_serverless_is_the_target_of_jobs_that_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aim_of(folder_with(tmp_path, "aim_two", monkeypatch, "None")).target == WheelTarget("3.12", "x86_64")


@pytest.mark.parametrize("other", ['serverless("5")', AWS.format(node="m7g.large")])
def test_two_pythons_or_processors_are_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    name = f"aim_three_{len(other)}"
    folder = folder_with(tmp_path, name, monkeypatch, AWS.format(node="m7i.large"), other)
    with pytest.raises(SeveralTargetsError) as caught:
        aim_of(folder)
    assert "the runtime '15.4.x-scala2.12' on m7i.large: Python 3.11 on Linux x86_64" in str(caught.value)
    assert aim_of(folder, python="3.11", platform="x86_64").target == WheelTarget("3.11", "x86_64")


def test_what_the_compute_does_not_tell_the_settings_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, "aim_four", monkeypatch, 'existing_cluster("1120-abc")')
    with pytest.raises(UnknownPythonError, match="the existing cluster '1120-abc'"):
        aim_of(folder)
    write(folder.path, {"pyproject.toml": '[tool.lakewright]\npython = "3.11"\nplatform = "aarch64"\n'})
    assert aim_of(folder).target == WheelTarget("3.11", "aarch64")
    assert aim_of(folder, python="3.12").target == WheelTarget("3.12", "aarch64")


def test_a_job_that_cannot_be_traced_is_an_error_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, aim_five=HEAD + "\n@job\ndef broken() -> int:\n    return len(one())\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LakewrightError, match="future output"):
        aim_of(PipelineFolder(tmp_path / "pipelines" / "aim_five"))
