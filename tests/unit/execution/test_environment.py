"""Where processes of tasks find modules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakewright.execution.environment import process_environment


def test_a_process_finds_what_this_one_finds_even_after_it_has_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found_here.py").write_text("PLACE = 'here'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    command = "import os; os.chdir('/'); import found_here; print(found_here.PLACE)"
    done = subprocess.run(
        [sys.executable, "-c", command], env=process_environment(), capture_output=True, text=True, check=False
    )
    assert done.stdout == "here\n", done.stderr


def test_what_it_prints_is_neither_held_back_nor_in_an_encoding_of_the_locale() -> None:
    found = process_environment()
    assert (found["PYTHONUNBUFFERED"], found["PYTHONIOENCODING"]) == ("1", "utf-8")
    assert found["PYTHONPATH"].split(os.pathsep) == [path or str(Path.cwd()) for path in sys.path]
