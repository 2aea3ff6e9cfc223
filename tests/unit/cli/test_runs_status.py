"""`lakewright runs status`: how a run on a workspace stands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import Site, site
from tests.unit.databricks.test_run_status import RUN, standing


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site(tmp_path, monkeypatch, "sales") as found:
        yield found


def test_a_run_that_goes_on_is_shown_with_its_tasks(call: Call, here: Site) -> None:
    here.workspace.answers[RUN] = [standing("RUNNING")]
    ended = call("runs", "status", "42", "--target", "dev")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines() == [" … run 42   running said", "     load   running", "   https://x/run/42"]


def test_a_run_that_has_failed_is_exit_code_1(call: Call, here: Site) -> None:
    here.workspace.answers[RUN] = [standing("TERMINATED", "FAILED")]
    ended = call("runs", "status", "42", "--target", "dev", "--wait", "--format", "json")
    assert ended.code == 1
    told = json.loads(ended.out)
    assert (told["state"], told["is_over"], told["tasks"]) == ("FAILED", True, {"load": "FAILED"})


@pytest.mark.usefixtures("here")
def test_a_target_that_there_is_not_is_a_wrong_call(call: Call) -> None:
    ended = call("runs", "status", "42", "--target", "prd")
    assert ended.code == 2
    assert "has no target 'prd'; did you mean 'prod'?" in ended.err
