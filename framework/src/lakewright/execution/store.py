"""The run store: an index of runs, tasks and attempts in one SQLite file for each project.

Commit records are the truth; the store makes them quick to list and keeps what they do not say: parameters, times of
failed attempts, errors, logs. A record is written first, its row second; what a crash lost of the rows is read back
from the records.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Final

from lakewright.errors.running import StoreError
from lakewright.execution.disks import network_file_system
from lakewright.execution.rows import AttemptRow, RunRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FILE: Final = "runs.sqlite"
_BUSY_SECONDS: Final = 30.0

# What each version added to the one before.
_VERSIONS: Final = (
    """
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
CREATE TABLE schedules (name TEXT PRIMARY KEY, anchor REAL NOT NULL, last_due REAL) WITHOUT ROWID
""",
    """
ALTER TABLE attempts ADD COLUMN traceback TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN began REAL NOT NULL DEFAULT 0
""",
)
VERSION: Final = len(_VERSIONS)


class RunStore:
    """The store of one project; several processes may write to it at once.

    Args:
        path: the SQLite file; its folder is made.
        full_sync: whether each commit waits for the disk (`synchronous=FULL`): safe against power loss, slower.

    Raises:
        StoreError: the file lies on a network file system, cannot be written, is no store, or was written by a newer
            lakewright.
    """

    def __init__(self, path: Path, *, full_sync: bool = False) -> None:
        self.path = path
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
            self._prepare(full_sync=full_sync)
        except (sqlite3.Error, StoreError) as error:
            self._connection.close()
            raise _unusable(path, error) from error

    def _prepare(self, *, full_sync: bool) -> None:
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(f"PRAGMA synchronous={'FULL' if full_sync else 'NORMAL'}")
        version = self._version()
        if version < VERSION:
            self._connection.execute("BEGIN IMMEDIATE")
            # Another process may have made the tables while this one waited.
            for script in _VERSIONS[self._version() :]:
                for statement in script.split(";"):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version={VERSION}")
            self._connection.execute("COMMIT")
        elif version > VERSION:
            raise StoreError(
                f"the run store {self.path} was written by a newer lakewright: it is version {version}, not {VERSION}",
                hint="Update, or move the file away: outputs stay where they are.",
            )

    def _version(self) -> int:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def start_run(self, run: RunRow) -> None:
        """Take note of a run that begins, or begins again."""
        self._write(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run.run_id,
                run.job,
                run.reference,
                run.digest,
                run.dag,
                json.dumps(dict(run.parameters)),
                json.dumps(dict(run.sources)),
                run.revision,
                run.started,
                run.seconds,
                run.status,
                run.leaf_status,
            ),
        )

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
        self._write("INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", tuple(attempt))

    def runs(self, job: str | None = None, *, limit: int = -1) -> tuple[RunRow, ...]:
        """Runs, the latest first."""
        where, values = ("WHERE job = ?", [job]) if job else ("", [])
        rows = self._read(f"SELECT * FROM runs {where} ORDER BY started DESC, run_id DESC LIMIT ?", (*values, limit))  # noqa: S608  constant text
        return tuple(_run(row) for row in rows)

    def run(self, run_id: str, job: str | None = None) -> RunRow | None:
        """One run, by its id."""
        return next((run for run in self.runs(job) if run.run_id == run_id), None)

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
        statement = "SELECT key, seconds FROM attempts WHERE job = ? AND state = 'success' ORDER BY started"
        rows = self._read(statement, (job,))
        return dict(rows)

    def forget(self, job: str, run_id: str) -> None:
        """Drop a run and its attempts."""
        self._connection.execute("BEGIN IMMEDIATE")
        for table in ("attempts", "runs"):
            self._connection.execute(f"DELETE FROM {table} WHERE job = ? AND run_id = ?", (job, run_id))  # noqa: S608  constant text
        self._connection.execute("COMMIT")

    def schedule(self, name: str) -> tuple[float, float | None] | None:
        """When a schedule was first set up, and its last due time, in seconds since the epoch."""
        rows = self._read("SELECT anchor, last_due FROM schedules WHERE name = ?", (name,))
        return (rows[0][0], rows[0][1]) if rows else None

    def put_schedule(self, name: str, *, anchor: float, last_due: float | None) -> None:
        """Take note of a schedule, so that a restart goes on with it."""
        self._write("INSERT OR REPLACE INTO schedules VALUES (?, ?, ?)", (name, anchor, last_due))

    def _write(self, statement: str, values: Sequence[object]) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]  # as SQLite gives them
        try:
            with closing(self._connection.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


def _run(row: Sequence[object]) -> RunRow:
    values = list(row)
    values[5], values[6] = json.loads(str(row[5])), json.loads(str(row[6]))
    return RunRow(*values)  # type: ignore[arg-type]  # columns in the order of the fields


def _unusable(path: Path, error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return StoreError(
        f"the run store {path} cannot be used: {error}",
        hint="Move the file away to start a new one: outputs and their commit records stay where they are.",
    )
