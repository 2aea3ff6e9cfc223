from pathlib import Path

import pytest

from lakewright.errors.updating import ToolError, UpdateError
from lakewright.project.update import Newer, conflicts, find_newer, run, update
from tests.unit.project.template_repository import Made, commit, git, make


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make(tmp_path)


def nothing(_: str) -> None:
    """Who is told says nothing."""


def test_there_is_nothing_newer_until_the_template_has_a_version(made: Made) -> None:
    assert find_newer(made.repo) is None
    made.release("1.1.0")
    assert find_newer(made.repo) == Newer(present="1.0.0", newest="1.1.0")


def test_an_update_merges_and_locks_again(made: Made) -> None:
    made.release("1.1.0", notes="one\ntwo\nthree\nfour\n")
    (made.repo / "notes.txt").write_text("mine\none\ntwo\nthree\n", encoding="utf-8")
    commit(made.repo)
    told: list[str] = []
    assert update(made.repo, told.append) == ()
    assert (made.repo / "notes.txt").read_text(encoding="utf-8") == "mine\none\ntwo\nthree\nfour\n"
    assert 'version = "1.1.0"' in (made.repo / "uv.lock").read_text(encoding="utf-8")
    assert told == ["$ copier update", "$ uv lock"]
    commit(made.repo)
    assert find_newer(made.repo) is None


def test_what_both_sides_changed_is_named_and_nothing_is_locked(made: Made) -> None:
    made.release("1.1.0", notes="one\n2\nthree\n")
    (made.repo / "notes.txt").write_text("one\nzwei\nthree\n", encoding="utf-8")
    commit(made.repo)
    before = (made.repo / "uv.lock").read_bytes()
    assert update(made.repo, nothing) == ("notes.txt",)
    assert (made.repo / "uv.lock").read_bytes() == before


def test_pins_that_both_sides_moved_on_get_the_newer_version(made: Made) -> None:
    """A bot's pins in one file, a person's words in another."""
    made.release("1.1.0", pins='"ruff==1.0",\n"mypy==1.0",\n', words="one\n")
    assert update(made.repo, nothing) == ()
    for name, text in (("pins", '"ruff==1.10",\n"mypy==1.1",\n'), ("words", "ours\n")):
        (made.repo / f"{name}.txt").write_text(text, encoding="utf-8")
    commit(made.repo)
    made.release("1.2.0", pins='"ruff==1.9",\n"mypy==2.0",\n', words="theirs\n")
    assert update(made.repo, nothing) == ("words.txt",)
    assert (made.repo / "pins.txt").read_text(encoding="utf-8") == '"ruff==1.10",\n"mypy==2.0",\n'
    assert git(made.repo, "diff", "--name-only", "--diff-filter=U") == "words.txt"


@pytest.mark.parametrize(
    ("name", "text", "is_open"),
    [
        ("a.rej", "", True),
        ("a.txt", "x\n<<<<<<< before updating\n", True),
        ("a.txt", "x\n>>>>>>> after updating\n", True),
        ("a.txt", "=======\n", False),
        ("a.txt", "print('<<<<<<< ')\n", False),
    ],
)
def test_markers_and_rejected_hunks_are_conflicts(tmp_path: Path, *, name: str, text: str, is_open: bool) -> None:
    commit(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert conflicts(tmp_path) == ((name,) if is_open else ())


def test_a_work_tree_with_changes_is_refused(made: Made) -> None:
    (made.repo / "notes.txt").write_text("changed\n", encoding="utf-8")
    with pytest.raises(UpdateError, match=r"changes that are not committed, M notes\.txt first"):
        update(made.repo, nothing)
    assert git(made.repo, "status", "--porcelain") == "M notes.txt"


def test_what_copier_did_not_make_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UpdateError, match="copier does not know"):
        find_newer(tmp_path)


def test_a_template_that_cannot_be_read_is_said(made: Made) -> None:
    made.template.rename(made.template.with_name("moved"))
    with pytest.raises(UpdateError):
        find_newer(made.repo)


def test_a_program_that_fails_or_is_missing_is_an_error_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"`git rev-parse` ended with 128"):
        run(tmp_path, "git", "rev-parse")
    with pytest.raises(ToolError, match="ended with 127"):
        run(tmp_path, "there-is-no-such-program")


def test_a_program_that_does_not_end_is_an_error_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakewright.project.update._TIMEOUT", 0.1)
    with pytest.raises(ToolError, match=r"`sleep 60` ended with 124\n  It did not end within 0.1 s"):
        run(tmp_path, "sleep", "60")
