"""The tables of the run store, version by version; docs/reference/run-store.md tells them to people."""

from __future__ import annotations

from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

_FIRST: Final = """
CREATE TABLE runs (
    run_id TEXT NOT NULL, job TEXT NOT NULL, reference TEXT NOT NULL, digest TEXT NOT NULL, dag TEXT NOT NULL,
    parameters TEXT NOT NULL, sources TEXT NOT NULL, revision TEXT NOT NULL, started REAL NOT NULL,
    seconds REAL, status TEXT NOT NULL, leaf_status TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, run_id)
) WITHOUT ROWID;
CREATE TABLE attempts (
    job TEXT NOT NULL, run_id TEXT NOT NULL, key TEXT NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL,
    started REAL, seconds REAL, rows INTEGER, error TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    log TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, run_id, key, attempt)
) WITHOUT ROWID;
CREATE TABLE schedules (name TEXT PRIMARY KEY, anchor REAL NOT NULL, last_due REAL) WITHOUT ROWID;
"""
_SECOND: Final = """
ALTER TABLE attempts ADD COLUMN traceback TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN began REAL NOT NULL DEFAULT 0;
"""
_THIRD: Final = """
ALTER TABLE runs ADD COLUMN selection TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_by_number ON runs (number, started);
CREATE TABLE uses (
    job TEXT NOT NULL, run_id TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (job, source, run_id)
) WITHOUT ROWID;
CREATE TABLE cache (
    job TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, facts TEXT NOT NULL, run_id TEXT NOT NULL,
    attempt INTEGER NOT NULL, content TEXT NOT NULL, files TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (job, key, digest)
) WITHOUT ROWID;
"""
_FOURTH: Final = """
ALTER TABLE attempts ADD COLUMN cache TEXT NOT NULL DEFAULT '';
"""
_FIFTH: Final = """
ALTER TABLE runs ADD COLUMN isolated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN target TEXT NOT NULL DEFAULT 'local';
"""
# What brings a store from each version to the next; a step that has been released is never changed.
_STEPS: Final = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
VERSION: Final = len(_STEPS)


def version(connection: sqlite3.Connection) -> int:
    """The version of a store; 0 for a new file."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables that a store does not have yet, all or none."""
    connection.execute("BEGIN IMMEDIATE")
    # Another process, of any version, may have made them while this one waited.
    found = version(connection)
    if found < VERSION:
        for step in _STEPS[found:]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")
