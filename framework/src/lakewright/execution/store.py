"""The run store: an index of runs, tasks and attempts in one SQLite file for each project.

Commit records are the truth; the store makes them quick to list and keeps what they do not say: parameters, times of
failed attempts, errors, logs. A record is written first, its row second; what a crash lost of the rows is read back
from the records.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import Final

from lakewright.errors.running import StoreError
from lakewright.execution.cache import CacheRow
from lakewright.execution.disks import network_file_system
from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.store_schema import VERSION, bring_up_to_date, version
from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FILE: Final = "runs.sqlite"
SYNC_VARIABLE: Final = "LAKEWRIGHT_STORE_SYNC"
_NORMAL, _FULL = "normal", "full"
_BUSY_SECONDS: Final = 30.0
REMOVING: Final = "removing"
# How many outputs of one task may be taken again: enough to go back and forth between parameters.
_MOST_CACHED: Final = 16

_START_ANEW: Final = "Move the file away to start a new one: outputs and their commit records stay where they are."
_MAKE_WRITABLE: Final = "Runs are remembered there: make the folder and the file writable, or work on a copy elsewhere."
# By what the error says: SQLite's codes reach Python from 3.11 on only.
_WAYS_OUT: Final = {
    "readonly": _MAKE_WRITABLE,
    "read-only": _MAKE_WRITABLE,
    "permission denied": _MAKE_WRITABLE,
    "unable to open": _MAKE_WRITABLE,
    "not a directory": "A file stands where a folder is needed: move it.",
    "file exists": "A file stands where a folder is needed: move it.",
    "disk is full": "Free some space, then go on with --resume latest.",
    "locked": f"Another process has been writing to it for {_BUSY_SECONDS:g} s: wait for its end.",
}

_COLUMNS: Final = ", ".join(RunRow._fields)
_RUNS: Final = f"SELECT {_COLUMNS} FROM runs"  # noqa: S608  constant text
_LATEST_FIRST: Final = "ORDER BY number DESC, started DESC, run_id DESC"
_CHANGED: Final = ", ".join(f"{name} = excluded.{name}" for name in RunRow._fields)
_START_RUN: Final = (
    f"INSERT INTO runs ({_COLUMNS}, number) "  # noqa: S608  constant text
    f"VALUES ({', '.join('?' * len(RunRow._fields))}, (SELECT coalesce(max(number), 0) + 1 FROM runs)) "
    f"ON CONFLICT DO UPDATE SET {_CHANGED}"
)
_PUT_ATTEMPT: Final = f"INSERT OR REPLACE INTO attempts VALUES ({', '.join('?' * len(AttemptRow._fields))})"  # noqa: S608  constant text
_USE: Final = f"""
INSERT OR IGNORE INTO uses SELECT ?1, ?2, ?3 WHERE NOT EXISTS
(SELECT * FROM runs WHERE job = ?1 AND run_id = ?3 AND status = '{REMOVING}')
"""  # noqa: S608  constant text
_BEGIN_REMOVAL: Final = f"""
UPDATE runs SET status = '{REMOVING}' WHERE job = ?1 AND run_id = ?2
AND NOT EXISTS (SELECT * FROM uses WHERE uses.job = ?1 AND uses.source = ?2)
"""  # noqa: S608  constant text
# Later than all that is kept of the task, whatever the clock says: it is the last that may be dropped.
_PUT_CACHED: Final = """
INSERT OR REPLACE INTO cache VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
max(?9, (SELECT coalesce(max(at), 0) + 0.00001 FROM cache WHERE job = ?1 AND key = ?2)))
"""
_FORGET_OLD_CACHED: Final = """
DELETE FROM cache WHERE job = ?1 AND key = ?2 AND digest NOT IN
(SELECT digest FROM cache WHERE job = ?1 AND key = ?2 ORDER BY at DESC, run_id DESC LIMIT ?3)
"""


class RunStore:
    """The store of one project; several processes may write to it at once.

    Args:
        path: the SQLite file; its folder is made.
        full_sync: whether each commit waits for the disk (`synchronous=FULL`): no power cut loses a row, but every row
            takes longer. By default what the variable `LAKEWRIGHT_STORE_SYNC` says, `normal` or `full`.

    Raises:
        StoreError: the variable says something else; the file lies on a network file system, cannot be written, is no
            store, or was written by a newer lakewright.
    """

    def __init__(self, path: Path, *, full_sync: bool | None = None) -> None:
        self.path = path
        waits = _wants_full_sync() if full_sync is None else full_sync
        network = network_file_system(path.parent)
        if network:
            raise StoreError(
                f"the run store {path} lies on a network file system ({network}), where SQLite loses data",
                hint="Work on a local disk.",
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError) as error:
            raise _unusable(path, error) from error
        try:
            self._prepare(full_sync=waits)
        except (sqlite3.Error, StoreError) as error:
            self._connection.close()
            raise _unusable(path, error) from error

    def _prepare(self, *, full_sync: bool) -> None:
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(f"PRAGMA synchronous={'FULL' if full_sync else 'NORMAL'}")
        found = version(self._connection)
        if found > VERSION:
            raise StoreError(
                f"the run store {self.path} was written by a newer lakewright: it is version {found}, not {VERSION}",
                hint="Update, or move the file away: outputs stay where they are.",
            )
        if found < VERSION:
            bring_up_to_date(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def start_run(self, run: RunRow) -> None:
        """Take note of a run that begins, or begins again; only the former makes it the latest."""
        values = run._replace(parameters=json.dumps(dict(run.parameters)), sources=json.dumps(dict(run.sources)))  # type: ignore[arg-type]  # as SQLite takes them
        self._write(_START_RUN, values)

    def interrupt(self, job: str, run_id: str) -> None:
        """Take note that attempts of a run that were in flight are so no longer: their process is gone."""
        self._write(
            "UPDATE attempts SET state = 'interrupted' WHERE job = ? AND run_id = ? AND state = 'running'",
            (job, run_id),
        )

    def end_run(self, job: str, run_id: str, *, status: str, leaf_status: str, seconds: float) -> None:
        """Take note of how a run ended."""
        self._write(
            "UPDATE runs SET status = ?, leaf_status = ?, seconds = ? WHERE job = ? AND run_id = ?",
            (status, leaf_status, seconds, job, run_id),
        )

    def put_attempt(self, attempt: AttemptRow) -> None:
        """Take note of an attempt that starts, or of how it ended."""
        self._write(_PUT_ATTEMPT, attempt)

    def runs(self, job: str | None = None, *, limit: int = -1, isolated: bool | None = None) -> tuple[RunRow, ...]:
        """Runs, the latest first: in the order in which they began, whatever the clock said."""
        wanted = {"job = ?": job, "isolated = ?": isolated}
        given = {condition: value for condition, value in wanted.items() if value is not None}
        where = f"WHERE {' AND '.join(given)}" if given else ""
        rows = self._read(f"{_RUNS} {where} {_LATEST_FIRST} LIMIT ?", (*given.values(), limit))
        return tuple(_run(row) for row in rows)

    def run(self, run_id: str, job: str | None = None) -> RunRow | None:
        """One run, by its id; of several jobs the latest."""
        where, values = ("AND job = ?", [job]) if job else ("", [])
        rows = self._read(f"{_RUNS} WHERE run_id = ? {where} ORDER BY number DESC LIMIT 1", (run_id, *values))
        return _run(rows[0]) if rows else None

    def run_ids(self, job: str, *, isolated: bool = False) -> tuple[str, ...]:
        """The ids of the runs of a job of one kind, the latest first."""
        statement = f"SELECT run_id FROM runs WHERE job = ? AND isolated = ? {_LATEST_FIRST}"  # noqa: S608  constant text
        return tuple(run_id for (run_id,) in self._read(statement, (job, isolated)))

    def attempts(self, job: str, run_id: str) -> tuple[AttemptRow, ...]:
        """All attempts of a run, by task and number."""
        rows = self._read("SELECT * FROM attempts WHERE job = ? AND run_id = ? ORDER BY key, attempt", (job, run_id))
        return tuple(AttemptRow(*row) for row in rows)

    def attempt(self, job: str, run_id: str, *, key: str, number: int) -> AttemptRow | None:
        """One attempt of a task."""
        statement = "SELECT * FROM attempts WHERE job = ? AND run_id = ? AND key = ? AND attempt = ?"
        rows = self._read(statement, (job, run_id, key, number))
        return AttemptRow(*rows[0]) if rows else None

    def durations(self, job: str) -> Mapping[str, float]:
        """Seconds that each task of a job took when it last succeeded: what the longest path is judged by."""
        statement = (
            "SELECT key, seconds FROM attempts WHERE job = ? AND state = 'success' AND seconds > 0 ORDER BY started"
        )
        rows = self._read(statement, (job,))
        return dict(rows)

    def use(self, job: str, run_id: str, source: str) -> bool:
        """Take note that a run needs files of another one, which stays for as long; False if that is being removed."""
        self._write(_USE, (job, run_id, source))
        return bool(self._read("SELECT * FROM uses WHERE job = ? AND run_id = ? AND source = ?", (job, run_id, source)))

    def users(self, job: str, source: str) -> tuple[str, ...]:
        """The runs that need files of a run."""
        rows = self._read("SELECT run_id FROM uses WHERE job = ? AND source = ? ORDER BY run_id", (job, source))
        return tuple(run_id for (run_id,) in rows)

    def begin_removal(self, job: str, run_id: str) -> bool:
        """Take note that a run is being removed, so that no other one begins to use it; False if one does."""
        return self._write(_BEGIN_REMOVAL, (job, run_id)) == 1

    def forget(self, job: str, run_id: str) -> None:
        """Drop a run, its attempts, and what others could have taken from it."""
        self._write("BEGIN IMMEDIATE", ())
        for table in ("attempts", "cache", "uses", "runs"):
            self._write(f"DELETE FROM {table} WHERE job = ? AND run_id = ?", (job, run_id))  # noqa: S608  constant text
        self._write("COMMIT", ())

    def cached(self, job: str, key: str) -> tuple[CacheRow, ...]:
        """The outputs of a task that may be taken again, the latest first."""
        statement = "SELECT * FROM cache WHERE job = ? AND key = ? ORDER BY at DESC, run_id DESC"
        rows = self._read(statement, (job, key))
        return tuple(CacheRow(*row)._replace(facts=json.loads(row[3]), files=json.loads(row[7])) for row in rows)

    def put_cached(self, row: CacheRow) -> None:
        """Take note of an output that may be taken again; of each task the latest few are kept."""
        values = row._replace(facts=to_text(row.facts), files=to_text(dict(row.files)))  # type: ignore[arg-type]  # as SQLite takes them
        self._write(_PUT_CACHED, values)
        self._write(_FORGET_OLD_CACHED, (row.job, row.key, _MOST_CACHED))

    def schedule(self, name: str) -> tuple[float, float | None] | None:
        """When a schedule was first set up, and its last due time, in seconds since the epoch."""
        rows = self._read("SELECT anchor, last_due FROM schedules WHERE name = ?", (name,))
        return (rows[0][0], rows[0][1]) if rows else None

    def put_schedule(self, name: str, *, anchor: float, last_due: float | None) -> None:
        """Take note of a schedule, so that a restart goes on with it."""
        self._write("INSERT OR REPLACE INTO schedules VALUES (?, ?, ?)", (name, anchor, last_due))

    def _write(self, statement: str, values: Sequence[object]) -> int:
        """How many rows were changed."""
        try:
            return self._connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]  # as SQLite gives them
        try:
            with closing(self._connection.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


def _wants_full_sync() -> bool:
    value = os.environ.get(SYNC_VARIABLE, _NORMAL)
    if value not in {_NORMAL, _FULL}:
        raise StoreError(f"the variable {SYNC_VARIABLE} is {value!r}; it may be '{_NORMAL}' or '{_FULL}'")
    return value == _FULL


def _run(row: Sequence[object]) -> RunRow:
    values = list(row)
    values[5], values[6] = json.loads(str(row[5])), json.loads(str(row[6]))
    return RunRow(*values)._replace(isolated=bool(row[RunRow._fields.index("isolated")]))  # type: ignore[arg-type]  # columns in the order of the fields


def _unusable(path: Path, error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    said = str(error).lower()
    hint = next((way_out for words, way_out in _WAYS_OUT.items() if words in said), _START_ANEW)
    return StoreError(f"the run store {path} cannot be used: {error}", hint=hint)
