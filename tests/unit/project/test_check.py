"""All findings at once; one job that cannot be traced does not hide the others."""

from pathlib import Path

import pytest

from lakewright.project.check import check_pipeline, check_targets
from lakewright.project.repository import Repository
from tests.unit.project.repos import JOBS, repository, write

BROKEN = """
@job
def broken() -> int:
    number = one()
    return 1 if number > 0 else 0

@job(name="daily")
def empty() -> None: ...
"""


def test_each_job_gives_its_own_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    root = repository(tmp_path, chk_one=JOBS + BROKEN)
    found = check_pipeline(Repository(root).pipeline("chk_one"))
    assert sorted(each.code for each in found) == ["duplicate-job", "handle", "no-task"]
    handle = next(each for each in found if each.code == "handle")
    assert handle.location is not None
    assert (Path(handle.location.file).name, handle.location.line) == ("jobs.py", 14)


def test_a_module_that_does_not_import_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    root = repository(tmp_path, chk_two="1 / 0")
    (finding,) = check_pipeline(Repository(root).pipeline("chk_two"))
    assert finding.message == "importing module 'chk_two.jobs' failed: ZeroDivisionError: division by zero"


def test_a_targets_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": "targets: ["})
    (finding,) = check_targets(tmp_path)
    assert "this is not YAML" in finding.message
