"""Whether a job's packages do what they should, on the driver and in the processes of Spark's executors."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final, NamedTuple

from lakewright.errors.dependencies import ChecksFailedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    Check: TypeAlias = Callable[[], object]

_log: Final = logging.getLogger("lakewright.dependencies")
_MARK_WIDTH: Final = 8
_NAME_WIDTH: Final = 25
_MESSAGE: Final = 200


class CheckResult(NamedTuple):
    """How one check came out."""

    name: str
    ok: bool
    message: str

    def __str__(self) -> str:
        mark = "✓ PASS" if self.ok else "✗ FAIL"
        return f"{mark:{_MARK_WIDTH}} {self.name:{_NAME_WIDTH}} {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """How all of them came out.

    Attributes:
        results: on the driver first, then on executors.
        processes: of executors that checks ran in, as `host:pid`.
    """

    results: tuple[CheckResult, ...]
    processes: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many failed."""
        return sum(not result.ok for result in self.results)

    @property
    def table(self) -> str:
        """A line for each, and how many passed.

        >>> print(CheckReport(results=(CheckResult("multiply", True, "42"),)).table)
        ✓ PASS   multiply                  42
        Total: 1/1 passed
        """
        total = len(self.results)
        return "\n".join([*map(str, self.results), f"Total: {total - self.failed}/{total} passed"])

    def raise_for_failures(self) -> None:
        """Raise if one failed.

        Raises:
            ChecksFailedError: a RuntimeError with the table.
        """
        if self.failed:
            raise ChecksFailedError(self.failed, self.table)


def check_packages(checks: Mapping[str, Check], *, spark: object = None, partitions: int = 4) -> CheckReport:
    """Run checks here and, with a session, on executors; whether each did what it should.

    A check is a function without arguments that imports what it needs. It fails by raising or by giving False.

    Args:
        checks: by name.
        spark: a session, classic or Connect; without one checks run here only.
        partitions: how many tasks of Spark run each check.

    >>> report = check_packages({"json": lambda: __import__("json").loads("[42]") == [42]})
    >>> print(report.table)
    ✓ PASS   json                      True
    Total: 1/1 passed
    """
    here = tuple(CheckResult(name, *_outcome(check)) for name, check in checks.items())
    if spark is None:
        report = CheckReport(results=here)
    else:
        ran = [json.loads(line) for line in _on_executors(spark, checks, partitions)]
        there = tuple(_of_executors(name, [each["results"][name] for each in ran]) for name in checks)
        processes = tuple(sorted({each["process"] for each in ran}))
        report = CheckReport(results=(*here, *there), processes=processes)
    _log.info("checks of the job's packages:\n%s", report.table)
    return report


def _of_executors(name: str, outcomes: Sequence[tuple[bool, str]]) -> CheckResult:
    passed = [message for ok, message in outcomes if ok]
    wrong = [message for ok, message in outcomes if not ok]
    message = f"{len(passed)}/{len(outcomes)} OK" + (f": {wrong[0]}" if wrong else "")
    return CheckResult(f"{name} (workers)", bool(outcomes) and not wrong, message)


def _outcome(check: Check) -> tuple[bool, str]:
    try:
        found = check()
    except Exception as error:  # noqa: BLE001  whatever a check raises is its outcome
        return False, f"{type(error).__name__}: {error}"[:_MESSAGE]
    return found is not False, repr(found)[:_MESSAGE]


def _run(checks: Mapping[str, Check]) -> str:
    """All checks, in this process, as a line of JSON."""
    results = {name: _outcome(check) for name, check in checks.items()}
    return json.dumps({"process": f"{socket.gethostname()}:{os.getpid()}", "results": results})


def _run_partition(_: Iterable[object], *, checks: Mapping[str, Check]) -> Iterator[str]:
    yield _run(checks)


def _on_executors(spark: Any, checks: Mapping[str, Check], partitions: int) -> list[str]:  # noqa: ANN401  no common type
    """What `_run` gives in each of some partitions: of an RDD where the session has them, else through a UDF.

    Executors need not have lakewright: its functions travel with their code.
    """
    pickling: Any = import_module("pyspark.cloudpickle")
    module = sys.modules[__name__]
    pickling.register_pickle_by_value(module)
    try:
        context = _context(spark)
        if context is None:
            _log.info("executors are asked through a UDF on %d partitions: the session has no RDDs", partitions)
            return _through_udf(spark, checks, partitions)
        _log.info("executors are asked through an RDD of %d partitions", partitions)
        ask = partial(_run_partition, checks=dict(checks))
        found: list[str] = context.parallelize(range(partitions), partitions).mapPartitions(ask).collect()
        return found
    finally:
        pickling.unregister_pickle_by_value(module)


def _through_udf(spark: Any, checks: Mapping[str, Check], partitions: int) -> list[str]:  # noqa: ANN401  no common type
    functions: Any = import_module("pyspark.sql.functions")
    ask = functions.udf(partial(_run_row, checks=dict(checks)), "string")
    return [row[0] for row in spark.range(0, partitions, 1, partitions).select(ask("id")).collect()]


def _run_row(_: int, *, checks: Mapping[str, Check]) -> str:
    return _run(checks)


def _context(spark: Any) -> Any:  # noqa: ANN401  no common type
    try:
        return spark.sparkContext
    except Exception:  # noqa: BLE001  whatever it is, there is no context
        return None
