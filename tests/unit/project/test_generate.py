"""Generated output is a value that is compared with what lies on disk."""

from pathlib import Path
from typing import Final

from lakewright.project.generate import differences, write

STALE: Final = '{"name": "old", "tasks": [{"python_wheel_task": {"entry_point": "lakewright-run"}}]}\n'


def test_what_was_written_has_no_differences(tmp_path: Path) -> None:
    files = {"a.json": "1\n", "b.json": "2\n"}
    write(files, tmp_path / "jobs")
    assert differences(files, tmp_path / "jobs") == ""


def test_changed_new_and_stale_files_are_shown(tmp_path: Path) -> None:
    write({"same.json": "0\n", "changed.json": "1\n", "stale.json": STALE}, tmp_path)
    shown = differences({"same.json": "0\n", "changed.json": "3\n", "new.json": "4\n"}, tmp_path)
    assert [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}] == [
        "-1",
        "+3",
        "+4",
        f"-{STALE.rstrip()}",
    ]


def test_definitions_of_jobs_that_are_no_more_are_removed_and_nothing_else(tmp_path: Path) -> None:
    own = {
        "list.json": "[1]\n",
        "broken.json": "{",
        "package.json": '{"name": "a"}\n',
        "notebook.json": '{"tasks": [{}]}',
    }
    write({"stale.json": STALE, **own}, tmp_path)
    assert write({"a.json": "1\n"}, tmp_path) == ("stale.json",)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"a.json", *own})
    assert differences({"a.json": "1\n"}, tmp_path) == ""
