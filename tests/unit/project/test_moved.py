from pathlib import Path

import pytest

from lakewright.errors.git import UnknownRevisionError
from lakewright.project.moved import check_moves
from lakewright.project.repository import Repository
from tests.git import commit
from tests.unit.project.repos import repository

BEFORE = """
from lakewright import job, task

@task
def load(month: int) -> int:
    return month

@job
def daily() -> None:
    load(1)
    load(2)
"""
AFTER = BEFORE.replace("    load(1)", "    load(0)\n    load(1)")


def test_a_numbered_key_that_moves_is_a_warning_at_its_call(tmp_path: Path) -> None:
    root = repository(tmp_path, mov_one=BEFORE)
    commit(root)
    (root / "mov_one" / "jobs.py").write_text(AFTER)
    folders = Repository(root).pipelines
    found = check_moves(root, folders, "HEAD")
    assert {each.code for each in found} == {"moved-key"}
    assert {each.severity for each in found} == {"warning"}
    first = found[0]
    assert first.message.startswith("task 'load__2' of job 'daily' had the key 'load' at HEAD")
    assert ".named('load')" in first.hint
    assert first.location is not None
    assert (Path(first.location.file).name, first.location.line) == ("jobs.py", 11)


def test_a_new_pipeline_and_an_unchanged_one_have_no_moves(tmp_path: Path) -> None:
    root = repository(tmp_path, mov_two=BEFORE)
    commit(root)
    repository(root, mov_three=AFTER)
    assert check_moves(root, Repository(root).pipelines, "HEAD") == ()


def test_a_revision_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    root = repository(tmp_path, mov_four=BEFORE)
    commit(root)
    with pytest.raises(UnknownRevisionError):
        check_moves(root, Repository(root).pipelines, "nowhere")
