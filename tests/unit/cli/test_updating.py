from pathlib import Path

import pytest

from tests.github_api import server
from tests.unit.cli.commands import Call
from tests.unit.project.template_repository import Made, commit, make


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Made:  # noqa: ARG001  after it has gone to its folder
    made = make(tmp_path)
    monkeypatch.chdir(made.repo)
    return made


def test_an_update_says_from_where_to_where_and_what_comes_next(call: Call, made: Made) -> None:
    assert call("update").out == "This is the newest version of the template.\n"
    made.release("1.1.0")
    ended = call("update")
    assert (ended.code, ended.out) == (0, "1.0.0 → 1.1.0. Next:  nox -s lint tests\n")


def test_conflicts_are_named_with_the_way_out_and_exit_code_1(call: Call, made: Made) -> None:
    made.release("1.1.0", notes="one\n2\nthree\n")
    (made.repo / "notes.txt").write_text("one\nzwei\nthree\n", encoding="utf-8")
    commit(made.repo)
    ended = call("update")
    assert ended.code == 1
    assert "  notes.txt\n" in ended.out
    assert "uv lock" in ended.out


def test_a_pull_request_is_opened_by_the_same_command(call: Call, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made.release("1.1.0")
    with server() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        ended = call("update", "--pull-request", "--base", "main")
    assert ended.out == f"1.0.0 → 1.1.0: {fake.pulls[0]['html_url']}\n"


def test_without_a_token_the_way_to_one_is_told(call: Call, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  it stands there
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    ended = call("update", "--pull-request")
    assert ended.code == 1
    assert "GITHUB_TOKEN" in ended.err
