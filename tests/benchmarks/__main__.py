"""Measure the promises about speed: a table for people, JSON for machines, exit code 1 if one is broken."""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.benchmarks import (
    analysis,
    checks,
    dags,
    first_run,
    generate,
    gitops,
    isolated,
    packages,
    report,
    runs,
    startup,
    store,
    template,
    wheels,
    worker,
)
from tests.benchmarks.measure import Row

PARTS: Final[Mapping[str, Callable[[], Iterator[Row]]]] = {
    "startup": startup.measure,
    "worker": worker.measure,
    "isolated": isolated.measure,
    "packages": packages.measure,
    "wheels": wheels.measure,
    "runs": runs.measure,
    "store": store.measure,
    "generate": generate.measure,
    "dags": dags.measure,
    "analysis": analysis.measure,
    "report": report.measure,
    "gitops": gitops.measure,
    "template": template.measure,
    "first_run": first_run.measure,
    "checks": checks.measure,
}


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="measure only this; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the numbers in a file")
    options = parser.parse_args()
    rows = [row for part in options.part or PARTS for row in PARTS[part]()]
    print(table(rows))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(to_json(rows), encoding="utf-8")
    return 0 if all(row.holds for row in rows) else 1


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, which reads well in a terminal too."""
    width = max(len(row.name) for row in rows)
    head = f"| {'promise':{width}} |   measured |      limit |   |"
    rule = f"|{'-' * (width + 2)}|-----------:|-----------:|---|"
    return "\n".join([head, rule, *(_line(row, width) for row in rows)])


def _line(row: Row, width: int) -> str:
    mark = " " if row.limit is None else "✔" if row.holds else "✘"
    limit = "" if row.limit is None else f"{row.limit:7.2f} {row.unit:2}"
    return f"| {row.name:{width}} | {row.value:7.2f} {row.unit:2} | {limit:10} | {mark} |"


def to_json(rows: Sequence[Row]) -> str:
    """The rows, with what they were made from and where."""
    content = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": [{**asdict(row), "value": row.value, "holds": row.holds} for row in rows],
    }
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
