"""What goes when a run is over, and what stays."""

import logging
from pathlib import Path

import pytest

from lakewright.dependencies.cleanup import clean_up, is_enabled


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with what three runs have left."""
    for run in ("1", "2", "10"):
        folder = tmp_path / "base" / run
        (folder / "wheels").mkdir(parents=True)
        (folder / "wheelhouse.zip").write_bytes(b"x")
    return tmp_path / "base"


def left(base: Path) -> list[str]:
    return sorted(each.name for each in base.iterdir())


def test_only_the_folder_of_the_run_goes(base: Path) -> None:
    assert clean_up(f"{base}/", "1")
    assert left(base) == ["10", "2"]


@pytest.mark.parametrize("run_id", ["", ".", "..", "../base/2", "2/wheels", "*", "/"])
def test_an_id_that_names_no_run_removes_nothing(base: Path, run_id: str) -> None:
    assert not clean_up(str(base), run_id)
    assert left(base) == ["1", "10", "2"]


def test_without_a_base_nothing_goes(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base)
    assert not clean_up("", "1")
    assert left(base) == ["1", "10", "2"]


def test_at_the_root_nothing_beside_the_process_goes(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base)
    assert not clean_up("/", "10")
    assert left(base) == ["1", "10", "2"]


def test_a_run_that_left_nothing_is_no_failure(base: Path) -> None:
    assert not clean_up(str(base), "3")


def test_what_is_switched_off_leaves_all(base: Path) -> None:
    assert not clean_up(str(base), "1", enabled=False)
    assert left(base) == ["1", "10", "2"]


def test_a_folder_that_cannot_be_removed_is_logged_and_no_failure(base: Path, caplog: pytest.LogCaptureFixture) -> None:
    (base / "file").write_bytes(b"x")
    assert not clean_up(str(base), "file")
    assert caplog.records[-1].levelno == logging.WARNING
    assert f"{base / 'file'} could not be removed: " in caplog.messages[-1]


@pytest.mark.parametrize(("text", "enabled"), [("true", True), ("1", True), ("yes", True), (" TRUE ", True)])
def test_texts_that_switch_it_on(text: str, *, enabled: bool) -> None:
    assert is_enabled(text) is enabled


@pytest.mark.parametrize("text", ["false", "0", "no", "", "on", "{{job.parameters.cleanup_enabled}}"])
def test_any_other_text_switches_it_off(text: str) -> None:
    assert not is_enabled(text)
