"""What a schedule knows over a restart."""

from pathlib import Path

import pytest

from lakewright.errors.running import ScheduleError
from lakewright.execution.remembering import StoredMemory


def test_what_is_kept_is_known_to_the_next_process(tmp_path: Path) -> None:
    first = StoredMemory(str(tmp_path), "jobs:daily, every 60 s")
    assert first.recall() is None
    first.keep(anchor=1.0, last_due=61.0)
    first.close()
    assert StoredMemory(str(tmp_path), "jobs:daily, every 60 s").recall() == (1.0, 61.0)
    assert StoredMemory(str(tmp_path), "jobs:daily, every 90 s").recall() is None


def test_a_schedule_is_kept_by_one_process_at_a_time(tmp_path: Path) -> None:
    first = StoredMemory(str(tmp_path), "daily")
    with pytest.raises(ScheduleError, match="'daily' is already kept by another process"):
        StoredMemory(str(tmp_path), "daily")
    first.close()
    StoredMemory(str(tmp_path), "daily").close()


def test_a_store_that_cannot_be_used_leaves_no_lock(tmp_path: Path) -> None:
    (tmp_path / "runs.sqlite").write_text("no database, by no means: a text that is long enough to be looked at")
    for _ in range(2):
        with pytest.raises(Exception, match=r"runs\.sqlite cannot be used"):
            StoredMemory(str(tmp_path), "daily")
