import json
from pathlib import Path

import pytest

from tests.git import commit
from tests.unit.cli.commands import Call
from tests.unit.project.monorepo import FILES
from tests.unit.project.repos import write
from tests.unit.project.test_diff import JOBS


@pytest.fixture(autouse=True)
def root(tmp_path: Path) -> Path:
    """The repository that the command line is called in, with a job that has another description."""
    commit(tmp_path, {**FILES, **JOBS})
    path = "pipelines/sales/src/sales/jobs.py"
    return write(
        tmp_path, {path: JOBS[path].replace("-> int:\n    return clean", '-> int:\n    """Sales."""\n    return clean')}
    )


def test_a_difference_is_told_in_every_format(call: Call) -> None:
    text = call("diff", "--base", "HEAD")
    assert (text.code, text.err) == (0, "")
    assert "~ sales  description: – → Sales." in text.out
    assert "| ~ | `sales` | description |  | `Sales.` |" in call("diff", "--base", "HEAD", "--format", "markdown").out
    report = json.loads(call("diff", "--base", "HEAD", "--format", "json").out)
    assert report["pipelines"][0]["jobs"][0]["fields"] == [{"field": "description", "old": None, "new": "Sales."}]


def test_a_job_that_cannot_be_generated_is_a_failure(call: Call, root: Path) -> None:
    write(root, {"pipelines/sales/src/sales/jobs.py": "import nonsense_of_the_test"})
    ended = call("diff", "sales", "--base", "HEAD")
    assert ended.code == 1
    assert "sales   cannot be generated" in ended.out
    assert "nonsense_of_the_test" in ended.out


def test_a_call_without_a_revision_is_wrong(call: Call) -> None:
    assert call("diff").code == 2
