"""Which jobs a reference means."""

from pathlib import Path

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.errors.project import LoadError, ProjectError, UsageError
from lakewright.project.discovery import jobs_of, resolve
from lakewright.project.repository import Repository
from tests.unit.project.repos import JOBS, PIPELINE, repository, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def names(reference: str | None, here: Path) -> list[str]:
    return [found.reference for found in resolve(reference, here)]


def test_no_reference_means_every_job_around(root: Path) -> None:
    repository(root, dis_one=JOBS, dis_two=JOBS)
    assert names(None, root) == ["dis_one.jobs:daily", "dis_two.jobs:daily"]
    assert names(None, root / "pipelines" / "dis_two") == ["dis_two.jobs:daily"]


def test_a_pipeline_means_its_jobs_and_a_job_itself(root: Path) -> None:
    weekly = JOBS.replace("daily", "weekly")
    repository(root, dis_three=JOBS + weekly.partition("@job")[0] + "@job" + weekly.partition("@job")[2])
    assert names("dis_three", root) == ["dis_three.jobs:daily", "dis_three.jobs:weekly"]
    assert names("weekly", root) == ["dis_three.jobs:weekly"]
    assert names("dis_three.jobs:daily", root) == ["dis_three.jobs:daily"]


def test_a_pipeline_that_is_not_deployed_is_found_and_meant_by_its_name(root: Path) -> None:
    repository(root, dis_parts=JOBS + PIPELINE)
    found = {each.attribute: each.is_deployed for each in jobs_of(Repository(root).pipeline("dis_parts"))}
    assert found == {"daily": True, "part": False}
    assert names("part", root) == ["dis_parts.jobs:part"]
    assert names("dis_parts.jobs:part", root) == ["dis_parts.jobs:part"]
    assert names(None, root) == names("dis_parts", root) == ["dis_parts.jobs:daily"]


def test_where_there_is_no_job_pipelines_are_meant(root: Path) -> None:
    repository(root, dis_only=JOBS.replace("@job", "").replace("daily", "nothing") + PIPELINE)
    assert names(None, root) == names("dis_only", root) == ["dis_only.jobs:part"]


def test_a_pipeline_that_takes_data_is_meant_by_its_name_only(root: Path) -> None:
    taking = PIPELINE.replace("part()", "taking(rows: set[int])")
    repository(root, dis_data=JOBS.replace("@job", "").replace("daily", "nothing") + PIPELINE + taking)
    assert names(None, root) == ["dis_data.jobs:part"]
    (found,) = resolve("taking", root)
    with pytest.raises(SettingError, match="which no job parameter can carry") as refused:
        _ = found.job.dag
    assert "is called in the body of another one" in refused.value.hint


def test_a_file_and_a_name_need_no_repository(tmp_path: Path) -> None:
    write(tmp_path, {"lonely_script.py": JOBS})
    assert resolve(f"{tmp_path}/lonely_script.py:daily", tmp_path)[0].job.run() == 1


def test_a_name_of_two_jobs_is_refused_with_both(root: Path) -> None:
    repository(root, dis_four=JOBS, dis_five=JOBS)
    with pytest.raises(UsageError, match=r"'daily' means several jobs: dis_five\.jobs:daily, dis_four\.jobs:daily"):
        resolve("daily", root)


def test_a_pipeline_that_does_not_load_stops_no_job_of_another_one(root: Path) -> None:
    repository(root, dis_bad="import nothing_of_this_name", dis_empty="", dis_good=JOBS)
    assert names("daily", root) == ["dis_good.jobs:daily"]
    with pytest.raises(UsageError, match="there is no pipeline or job 'weekly'; known are: ") as caught:
        resolve("weekly", root)
    assert "What does not load was left out:" in caught.value.hint
    assert "importing module 'dis_bad.jobs' failed" in caught.value.hint


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("dayly", "there is no pipeline or job 'dayly'; did you mean 'daily'"),
        ("dis_six.jobs:dayly", "there is no 'dayly' in .*; did you mean 'daily'"),
        ("dis_six.jobs:one", "'dis_six.jobs:one' is not a job but a TaskFunction"),
        ("dis_six.job:daily", "there is no module 'dis_six.job'"),
        ("nothing.py:daily", "there is no file nothing.py"),
    ],
)
def test_a_reference_to_nothing_is_an_error_with_the_one_meant(root: Path, reference: str, message: str) -> None:
    repository(root, dis_six=JOBS)
    with pytest.raises((UsageError, LoadError), match=message):
        resolve(reference, root)


def test_outside_of_a_repository_the_way_in_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not inside a lakewright repository: no targets\.yml here or above"):
        resolve(None, tmp_path)


def test_a_broken_module_is_named_with_its_error(root: Path) -> None:
    repository(root, dis_seven="import nothing_of_this_name")
    with pytest.raises(LoadError, match=r"importing module 'dis_seven\.jobs' failed: ModuleNotFoundError"):
        jobs_of(Repository(root).pipeline("dis_seven"))


def test_a_module_that_is_not_there_is_told_at_the_setting_that_names_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(root, dis_ten=JOBS)
    write(root / "pipelines" / "dis_ten", {"pyproject.toml": '[tool.lakewright]\nmodules = ["dis_ten.job"]'})
    monkeypatch.chdir(root)
    with pytest.raises(LoadError, match=r"^pipelines/dis_ten/pyproject\.toml:2: there is no module 'dis_ten\.job'"):
        jobs_of(Repository(root).pipeline("dis_ten"))


def test_a_pipeline_without_job_is_told_where_to_write_one(root: Path) -> None:
    repository(root, dis_eight="")
    with pytest.raises(ProjectError, match=r"pipeline 'dis_eight' has no job in 'dis_eight\.jobs'"):
        jobs_of(Repository(root).pipeline("dis_eight"))


def test_one_job_under_two_names_is_one_job(root: Path) -> None:
    repository(root, dis_nine=JOBS + "\nagain = daily\n")
    assert len(jobs_of(Repository(root).pipeline("dis_nine"))) == 1
