import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.store_schema import VERSION, bring_up_to_date, version


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)) as opened:
        yield opened


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def test_a_new_file_has_all_tables_and_the_version_of_today(connection: sqlite3.Connection) -> None:
    assert version(connection) == 0
    bring_up_to_date(connection)
    assert version(connection) == VERSION
    assert columns(connection, "runs") >= set(RunRow._fields)
    assert columns(connection, "attempts") >= set(AttemptRow._fields)


def test_once_up_to_date_nothing_is_made_again(connection: sqlite3.Connection) -> None:
    bring_up_to_date(connection)
    before = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    bring_up_to_date(connection)
    assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before


def test_a_step_that_fails_leaves_the_version_of_before(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE runs (run_id TEXT)")
    with pytest.raises(sqlite3.OperationalError, match="table runs already exists"):
        bring_up_to_date(connection)
    connection.execute("ROLLBACK")
    assert version(connection) == 0
    assert columns(connection, "attempts") == set()
