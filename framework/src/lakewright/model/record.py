"""The commit record: the small JSON object that makes an attempt's output visible.

A record is one JSON object, so a torn one does not parse and counts as absent; it also names the size of each file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of an output: its path and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where and how a value is kept.

    Attributes:
        format: `json` (in the record itself), `parquet` …, the name of a user's manager, or a container
            (`tuple`, `dict`, `object`) whose parts are kept each on its own.
        kind: the type that was written, such as `polars.DataFrame`, for readers that name none.
        rows: number of rows, where the value has rows.
        schema: names and types of the columns.
        value: for `json`, the value in the typed codec.
        parts: for a container, its parts by name.
    """

    format: str
    kind: str = ""
    files: tuple[StoredFile, ...] = ()
    rows: int | None = None
    schema: tuple[tuple[str, str], ...] = ()
    value: object = None
    parts: tuple[tuple[str, Stored], ...] = ()

    @property
    def all_files(self) -> tuple[StoredFile, ...]:
        """The files of the value and of all its parts."""
        return (*self.files, *(file for _, part in self.parts for file in part.all_files))

    def part(self, name: str | int) -> Stored | None:
        """One part of a container; None when there is none of that name."""
        return dict(self.parts).get(str(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRecord:
    """What a task's attempt gave; `stored` is None when the task returned None."""

    job: str
    run_id: str
    task: str
    attempt: int
    stored: Stored | None
    finished_at: float = 0.0

    @property
    def rows(self) -> int | None:
        """Rows of the output: its own or the sum over its parts."""
        if self.stored is None:
            return None
        counts = [stored.rows for stored in (self.stored, *(part for _, part in self.stored.parts))]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def to_json(self) -> str:
        """The record as one JSON object."""
        content = {
            "version": VERSION,
            "job": self.job,
            "run_id": self.run_id,
            "task": self.task,
            "attempt": self.attempt,
            "finished_at": self.finished_at,
            "stored": _stored_json(self.stored) if self.stored else None,
        }
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> CommitRecord | None:
        """The record that `to_json` wrote; None when the text is torn.

        Raises:
            ValueError: the record is whole but of a version this release does not know.
        """
        try:
            content = json.loads(text)
        except ValueError:
            return None
        if content["version"] != VERSION:
            message = f"a commit record of version {content['version']} was written by a newer lakewright"
            raise ValueError(message)
        stored = content["stored"]
        return cls(
            job=content["job"],
            run_id=content["run_id"],
            task=content["task"],
            attempt=content["attempt"],
            finished_at=content["finished_at"],
            stored=_stored_from(stored) if stored else None,
        )


def _stored_json(stored: Stored) -> dict[str, object]:
    content: dict[str, object] = {
        "format": stored.format,
        "kind": stored.kind,
        "files": [[file.path, file.size] for file in stored.files],
        "rows": stored.rows,
        "schema": [list(column) for column in stored.schema],
        "parts": [[name, _stored_json(part)] for name, part in stored.parts],
    }
    slim = {key: value for key, value in content.items() if value or value == 0}
    return {**slim, "value": stored.value} if stored.format == "json" else slim


def _stored_from(content: Mapping[str, object]) -> Stored:
    files: list[tuple[str, int]] = content.get("files", [])  # type: ignore[assignment]  # as _stored_json wrote it
    parts: list[tuple[str, dict[str, object]]] = content.get("parts", [])  # type: ignore[assignment]  # same
    schema: list[tuple[str, str]] = content.get("schema", [])  # type: ignore[assignment]  # same
    return Stored(
        format=str(content["format"]),
        kind=str(content.get("kind", "")),
        files=tuple(StoredFile(path, size) for path, size in files),
        rows=content.get("rows"),  # type: ignore[arg-type]  # same
        schema=tuple((name, kind) for name, kind in schema),
        value=content.get("value"),
        parts=tuple((name, _stored_from(part)) for name, part in parts),
    )
