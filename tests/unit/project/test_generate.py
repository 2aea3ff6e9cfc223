"""Generated output is a value that is compared with what lies on disk."""

from pathlib import Path

from lakewright.project.generate import differences, write


def test_what_was_written_has_no_differences(tmp_path: Path) -> None:
    files = {"a.json": "1\n", "b.json": "2\n"}
    write(files, tmp_path / "jobs")
    assert differences(files, tmp_path / "jobs") == ""


def test_changed_new_and_stale_files_are_shown(tmp_path: Path) -> None:
    write({"same.json": "0\n", "changed.json": "1\n", "stale.json": "2\n"}, tmp_path)
    shown = differences({"same.json": "0\n", "changed.json": "3\n", "new.json": "4\n"}, tmp_path)
    assert [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}] == [
        "-1",
        "+3",
        "+4",
        "-2",
    ]
