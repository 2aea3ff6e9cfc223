"""The outputs of a repeated task as one: what its elements gave, in the order of the list."""

from __future__ import annotations

from typing import Final

from lakewright.io.commit import read_record, read_whole
from lakewright.io.stored import length, select
from lakewright.model.binding import Container, Each, Gather
from lakewright.model.loop import name_of
from lakewright.model.record import CommitRecord, Stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.io.paths import RunPaths
    from lakewright.model.dag import Dag
    from lakewright.model.loop import Loop

# What stands for the output of an element that gave None.
_NOTHING: Final = Stored(format="json")


def gathered_binding(task: str, loop: Loop) -> Container:
    """The list of all that a repeated task gave."""
    return Container("list", (("0", Gather(loop.over, (Each(task),))),))


def gathered(key: str, records: Sequence[CommitRecord], paths: RunPaths) -> CommitRecord:
    """One record for elements of a repeated task; it is nowhere written, because they are."""
    parts = tuple((record.task.rpartition(".")[2], record.stored or _NOTHING) for record in records)
    return CommitRecord(
        job=paths.job,
        run_id=records[0].run_id if records else paths.run_id,
        task=key,
        attempt=max((record.attempt for record in records), default=1),
        stored=Stored(format="list", parts=parts),
        finished_at=max((record.finished_at for record in records), default=0.0),
    )


def apart(record: CommitRecord, dag: Dag) -> Iterator[CommitRecord]:
    """The records that are kept: those that `gathered` has put together, and of a task that runs once its own."""
    if dag.task(record.task).loop is None or record.stored is None:
        yield record
        return
    for name, part in record.stored.parts:
        yield record._replace(task=name_of(record.task, int(name)), stored=None if part == _NOTHING else part)


def record_of(paths: RunPaths, dag: Dag, key: str) -> CommitRecord | None:
    """The record of a task in a run; of a repeated one only if there is one for each element of its list.

    Raises:
        OutputError: a newer release wrote it.
    """
    if dag.task(key).loop is None:
        return read_whole(paths, key)
    records = [read_whole(paths, name_of(key, index)) for index in range(list_length(paths, dag, key) or 0)]
    known = [record for record in records if record is not None]
    return gathered(key, known, paths) if list_length(paths, dag, key) == len(known) else None


def list_length(paths: RunPaths, dag: Dag, key: str) -> int | None:
    """How many elements the list of a repeated task has in a run; None where its record does not say."""
    loop = dag.task(key).loop
    record = read_record(paths, loop.over.task) if loop else None
    if loop is None or record is None or record.stored is None:
        return None
    part, rest = select(record.stored, loop.over.path, task=loop.over.task)
    return None if rest else length(part)
