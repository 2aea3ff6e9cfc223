"""The cache of one run: which tasks need not run, because an earlier run made what they would make."""

from __future__ import annotations

import os
import time

from lakewright.errors.running import OutputError
from lakewright.execution.cache import CacheRow, UncacheableError, digest_of, why_not
from lakewright.execution.cache_content import Content, content_of, file_digest
from lakewright.execution.cache_facts import TaskFacts
from lakewright.execution.gathering import apart, gathered
from lakewright.execution.selecting import adopt
from lakewright.execution.values import RESERVED
from lakewright.io.commit import read_record
from lakewright.io.files import check_whole
from lakewright.io.paths import RunPaths
from lakewright.model.loop import name_of
from lakewright.model.task import PROCESSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.execution.cache import CachePlace, CacheStore, Facts
    from lakewright.execution.outputs import RunOutputs
    from lakewright.execution.plan import RunPlan
    from lakewright.model.loop import Loop
    from lakewright.model.record import CommitRecord


class RunCache:
    """Implements `cache.Cache`; but for `read`, only the thread of the run calls it.

    Attributes:
        missed: why tasks that might have been taken from an earlier run were not.
    """

    def __init__(
        self, plan: RunPlan, outputs: RunOutputs, place: CachePlace, *, now: Callable[[], float] = time.time
    ) -> None:
        self.missed: dict[str, str] = {}
        self._plan = plan
        self._outputs = outputs
        self._place = place
        self._now = now
        self._store: CacheStore | None = None
        self._gathered: TaskFacts | None = None
        self._used = {plan.paths.run_id}
        self._facts: dict[str, Facts] = {}
        self._contents: dict[str, Content | str] = {}
        self._began = now()
        self._inputs: dict[str, set[str]] = {
            task.key: {task.loop.over.task} if task.loop else set() for task in plan.dag.tasks if task.settings.cache
        }
        for edge in plan.dag.data_edges:
            if edge.argument and edge.downstream in self._inputs:
                self._inputs[edge.downstream].add(edge.upstream)
        self._read = frozenset(self._inputs).union(*self._inputs.values())

    def look(self, key: str) -> CommitRecord | None:
        """What a task gave in an earlier run, if it would give it again; else it has to run.

        Raises:
            StoreError: the store cannot be used.
        """
        if key not in self._inputs:
            return None
        try:
            facts = self._facts[key] = self._facts_of(key)
        except UncacheableError as error:
            self.missed[key] = str(error)
            return None
        job = self._plan.paths.job
        rows = self._opened().cached(job, key)
        row = next((row for row in rows if row.digest == digest_of(facts)), None)
        if row is None:
            self.missed[key] = why_not(facts, rows)
            return None
        return self._taken(row)

    def read(self, record: CommitRecord) -> None:
        """Look at an output that was just made, where it matters for a task that is cached."""
        if record.task in self._read:
            self._contents[record.task] = _content(record)

    def keep(self, record: CommitRecord) -> None:
        """Take note of an output that was made, so that a later run may take it.

        Raises:
            StoreError: the store cannot be used.
        """
        facts = self._facts.get(record.task)
        if facts is None:
            return
        content = self._contents[record.task]
        reason = content if isinstance(content, str) else self._unfit(record, facts)
        if isinstance(content, str) or reason:
            self.missed[record.task] = reason
            return
        row = CacheRow(
            job=self._plan.paths.job,
            key=record.task,
            digest=digest_of(facts),
            facts=facts,
            run_id=record.run_id,
            attempt=record.attempt,
            content=content.digest,
            files=content.files,
            at=self._now(),
        )
        self._opened().put_cached(row)

    def _unfit(self, record: CommitRecord, facts: Facts) -> str:
        """Why an output cannot stand for its facts; empty when it can."""
        if _sets_values(self._plan.paths, record.task):
            return "it sets task values"
        parts = [self._outputs.record(each.task) for each in apart(record, self._plan.dag)]
        if any(part.finished_at < self._began for part in parts):
            return "an earlier process of the run has made some of it"
        if self._gathered and self._plan.place(self._plan.dag.task(record.task)) == PROCESSES:
            # Its process has loaded the code later than this one.
            file = self._gathered.changed_since(facts)
            return f"{file} has changed while it ran" if file else ""
        return ""

    def _facts_of(self, key: str) -> Facts:
        if self._gathered is None:
            self._gathered = TaskFacts(self._plan, self._place.project)
        # Of tasks in branches only those are there that have run; that says which way was gone, too.
        untaken = {each for each in self._plan.dag.task(key).gated if self._outputs.find(each) is None}
        inputs = sorted(self._inputs[key] - untaken)
        return self._gathered.of(key, {upstream: self._input(upstream) for upstream in inputs})

    def _input(self, task: str) -> tuple[CommitRecord, str]:
        """The output of a task that has ended, and what identifies it."""
        record = self._outputs.find(task)
        if record is None:
            raise UncacheableError(f"input {task} has not been made")
        manager = self._plan.manager(task)
        if not manager.durable:
            raise UncacheableError(f"input {task}: {type(manager).__qualname__} keeps it in this process only")
        if task not in self._contents:
            self._contents[task] = _content(record)
        content = self._contents[task]
        if isinstance(content, str):
            raise UncacheableError(f"input {task}: {content}")
        return record, content.digest

    def _taken(self, row: CacheRow) -> CommitRecord | None:
        """The record that a row stands for, now held by this run too; None when it cannot be taken any more."""
        paths = self._plan.paths
        if row.run_id not in self._used:
            if not self._opened().use(paths.job, paths.run_id, row.run_id):
                self.missed[row.key] = f"run {row.run_id} is just being removed"
                return None
            self._used.add(row.run_id)
        origin = RunPaths(paths.root, paths.job, row.run_id)
        loop = self._plan.dag.task(row.key).loop
        record = _whole(origin, row) if loop is None else self._all_of(origin, row, loop)
        if isinstance(record, str):
            self.missed[row.key] = record
            return None
        for each in apart(record, self._plan.dag):
            adopt(paths, each.task, each)
        self._contents[row.key] = Content(row.content, row.files)
        return record

    def _all_of(self, origin: RunPaths, row: CacheRow, loop: Loop) -> CommitRecord | str:
        """The record of a repeated task, as `_whole`; its elements may each have been made again since."""
        gone = f"the output of run {row.run_id} is gone"
        try:
            names = [name_of(row.key, index) for index in range(self._outputs.length(loop.over))]
            records = [record for name in names if (record := read_record(origin, name)) is not None]
        except OutputError:
            return gone
        record = gathered(row.key, records, origin)
        content = _content(record)
        return record if not isinstance(content, str) and content.digest == row.content else gone

    def _opened(self) -> CacheStore:
        if self._store is None:
            self._store = self._place.opened()
        return self._store


def _content(record: CommitRecord) -> Content | str:
    """What an output holds, or why that cannot be told."""
    try:
        return content_of(record.stored)
    except UncacheableError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  a user's manager may say anything of an output, and a run goes on without its cache
        return f"it cannot be read: {error}"


def _sets_values(paths: RunPaths, task: str) -> bool:
    """Whether a task has set task values, which belong to its run."""
    folder = os.path.dirname(paths.value(task, ""))  # noqa: PTH120  text paths, as everywhere in io
    # What the framework sets itself follows from the output.
    own = f"{task}.{RESERVED}"
    return os.path.isdir(folder) and any(  # noqa: PTH112  as above
        name.startswith(f"{task}.") and not name.startswith(own)
        for name in os.listdir(folder)  # noqa: PTH208  as above
    )


def _whole(origin: RunPaths, row: CacheRow) -> CommitRecord | str:
    """The record of a row if all that it names is there as it was, else what is not.

    Files of the attempt's own are never written again; others are told by their content.
    """
    gone = f"the output of run {row.run_id} is gone"
    try:
        record = read_record(origin, row.key)
        if record is None or (record.run_id, record.attempt) != (row.run_id, row.attempt):
            return gone
        files = record.stored.all_files if record.stored else ()
        check_whole(files)
        own = f"{origin.attempt(row.key, row.attempt)}/"
        changed = [file.path for file in files if not file.path.startswith(own)]
        changed = [path for path in changed if file_digest(path) != row.files.get(path)]
    except (OutputError, OSError):
        return gone
    return f"{changed[0]} has been written since run {row.run_id}" if changed else record
