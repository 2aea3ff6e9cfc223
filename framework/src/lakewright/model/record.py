"""The commit record: the small JSON object that makes an attempt's output visible.

A record is one JSON object, so a torn one does not parse and counts as absent; it also names the size of each file.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION: Final = 1


# Named tuples: a run makes and reads some for every task, and a frozen dataclass takes three times as long to make.
class StoredFile(NamedTuple):
    """A file of an output: its path and its size in bytes."""

    path: str
    size: int


class Stored(NamedTuple):
    """Where and how a value is kept.

    Attributes:
        format: `json` (in the record itself, or in the one file), `parquet` …, the name of a user's manager, or a
            container (`list`, `tuple`, `dict`, `object`) whose parts are kept each on its own.
        kind: the type that was written, such as `polars.DataFrame`, for readers that name none.
        rows: number of rows, where the value has rows.
        schema: names and types of the columns.
        value: for `json` without a file, the value in the typed codec; for `memory`, the object.
        parts: for a container, its parts by name.
    """

    format: str
    kind: str = ""
    files: tuple[StoredFile, ...] = ()
    rows: int | None = None
    schema: tuple[tuple[str, str], ...] = ()
    value: object = None
    parts: tuple[tuple[str, Stored], ...] = ()

    def part(self, name: str | int) -> Stored | None:
        """One part of a container; None when there is none of that name."""
        return dict(self.parts).get(str(name))

    @property
    def total_rows(self) -> int | None:
        """Its own rows or the sum over its parts; None where nothing has rows."""
        if not self.parts:
            return self.rows
        known = [leaf.rows for leaf in self.leaves() if leaf.rows is not None]
        return sum(known) if known else None

    @property
    def all_files(self) -> tuple[StoredFile, ...]:
        """The files of the value, or of all its parts."""
        return tuple(file for leaf in self.leaves() for file in leaf.files)

    def leaves(self) -> Iterator[Stored]:
        """What is kept by itself: this, or the parts of the container and theirs."""
        pending = [self]
        while pending:
            current = pending.pop()
            pending.extend(part for _, part in reversed(current.parts))
            if not current.parts:
                yield current


class CommitRecord(NamedTuple):
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
        return self.stored.total_rows if self.stored else None

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
        return to_text(content)

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
    content: dict[str, object] = {"format": stored.format}
    if stored.kind:
        content["kind"] = stored.kind
    if stored.files:
        content["files"] = stored.files
    if stored.rows is not None:
        content["rows"] = stored.rows
    if stored.schema:
        content["schema"] = stored.schema
    if stored.parts:
        content["parts"] = [[name, _stored_json(part)] for name, part in stored.parts]
    if stored.format == "json" and not stored.files:
        content["value"] = stored.value
    return content


def _stored_from(content: Mapping[str, Any]) -> Stored:
    return Stored(
        format=content["format"],
        kind=content.get("kind", ""),
        files=tuple(StoredFile(path, size) for path, size in content.get("files", ())),
        rows=content.get("rows"),
        schema=tuple((name, kind) for name, kind in content.get("schema", ())),
        value=content.get("value"),
        parts=tuple((name, _stored_from(part)) for name, part in content.get("parts", ())),
    )
