"""What it costs to read bodies, against parsing their files."""

import ast
import importlib
import linecache
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from lakewright import job
from tests.benchmarks.measure import TIMES, Row, calls, side_by_side

ROUNDS: Final = 5
FILES: Final = 500
HALF: Final = FILES // 2
# A module of a pipeline as people write it: tasks that do something, with types and docstrings, and one body.
_HEAD: Final = '''"""Delays of airport {number}."""

from __future__ import annotations

from lakewright import task

MONTHS = {{"jan": 1, "feb": 2, "mar": 3}}


@task(retries=2)
def load(month: int, airport: str = "JFK") -> list[dict[str, int]]:
    """Departures of one month, one row a flight."""
    rows = [{{"flight": number, "month": month, "delay": number % 17 - 4}} for number in range(1000)]
    return [row for row in rows if row["month"] == month and airport]
'''
_TASK: Final = '''

@task
def step_{number}(rows: list[dict[str, int]], least: int = 10) -> list[dict[str, int]]:
    """What is left once rows that nobody asks about are gone."""
    kept = []
    for row in rows:
        if row["delay"] >= least and row["flight"] % {number} == 0:
            kept.append({{**row, "delay": row["delay"] - least, "group": row["flight"] // 100}})
        elif row["delay"] < 0:
            kept.append({{**row, "delay": 0, "group": -1}})
    return sorted(kept, key=lambda row: (row["group"], row["flight"]))
'''
_BODY: Final = '''

@task
def report(parts: list[list[dict[str, int]]], title: str) -> dict[str, int]:
    """One number for each part."""
    return {{f"{{title}} {{number}}": sum(row["delay"] for row in part) for number, part in enumerate(parts)}}


@task
def group(row: dict[str, int]) -> list[dict[str, int]]:
    """One row by itself."""
    return [row]


def delays(month: int = 1, least: int = 10) -> dict[str, int]:
    """Who is late, and by how much?"""
    rows = load(month)
    first = step_2(step_1(rows, least))
    second = step_4(step_3(rows, least=least), 5)
{branch}    parts = [first, second]
    for name in ("jan", "feb"):
        parts.append(step_5(load(MONTHS[name], airport="EWR")))
    third = step_6.named("third")(rows)
{loop}    return report([*parts, step_8(step_7(third))], title="delays")
'''
_BRANCH: Final = """    if least > 20:
        second = step_4(second)
"""
_LOOP: Final = "    parts.extend(group(row) for row in third)\n"
# Bodies of four kinds, one file after the other.
_BODIES: Final = [_BODY.format(branch=branch, loop=loop) for branch in ("", _BRANCH) for loop in ("", _LOOP)]
_TASKS: Final = "".join(_TASK.format(number=number) for number in range(1, 9))


def measure() -> Iterator[Row]:
    """All files, and whether half of them take half as long."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        try:
            texts = [_HEAD.format(number=number) + _TASKS + _BODIES[number % 4] for number in range(FILES)]
            yield from _rows([_module(Path(folder), number, text) for number, text in enumerate(texts)], texts)
        finally:
            sys.path.remove(folder)


def _module(folder: Path, number: int, text: str) -> ModuleType:
    name = f"lakewright_read_{number}"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    return importlib.import_module(name)


def _rows(modules: Sequence[ModuleType], texts: Sequence[str]) -> Iterator[Row]:
    for module in modules[: len(_BODIES)]:
        assert job(module.delays).analyze().method == "static"
        assert job(module.delays).analyze().dag == job(module.delays).dag
    works = {
        "parse": lambda: [ast.parse(text) for text in texts],
        "read": lambda: _read(modules),
        "half": lambda: _read(modules[:HALF]),
    }
    seconds = side_by_side({name: calls(work) for name, work in works.items()}, rounds=ROUNDS)
    name = f"analyze() of {FILES} files, against ast.parse of them"
    yield Row(name=name, ours=seconds["read"], baseline=seconds["parse"], limit=4.0, unit=TIMES)
    name = f"analyze() of {FILES} files, against twice half of them"
    yield Row(name=name, ours=seconds["read"], baseline=2 * seconds["half"], limit=1.3, unit=TIMES)


def _read(modules: Sequence[ModuleType]) -> None:
    linecache.clearcache()
    for module in modules:
        job(module.delays).analyze()
