"""Bodies in the ways in which people write them; each describes one DAG, traced or read."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,redundant-expr"
# ruff: noqa: ANN001, ANN201, ANN202, ARG001, E731, PERF401, RET504, T201

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from lakewright import Provider, pipeline, task
from lakewright.config import LocalConfig
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import clean as c
from tests.unit.authoring.sample_tasks import load, take, two

log = logging.getLogger(__name__)
provider = Provider(config=LocalConfig())
here = provider.local()
raw = provider.bucket(bucket="data", path="raw.parquet")
MONTHS = (1, 2, 3)
cl = sample_tasks.clean
on = task


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass(frozen=True)
class Window:
    first: int
    last: int = 12


class Pair(NamedTuple):
    left: list[int]
    right: list[int]


@task
def split(rows: list[int]) -> tuple[list[int], list[int]]:
    return rows[:1], rows[1:]


@task
def pair(rows: list[int]) -> Pair:
    return Pair(rows[:1], rows[1:])


@task
def table(rows: list[int]) -> dict[str, list[int]]:
    return {"rows": rows}


@on(name="weighed", retries=2)
def weigh(rows: list[int], size: Size = Size.SMALL, window: Window | None = None) -> int:
    return len(rows)


@here.task
def store(rows, destination) -> None: ...


@task
def gather(*parts: object, **named: object) -> int:
    return len(parts)


@task
def one(number: int) -> int:
    return number


@pipeline
def part(month: int):
    return c(load(month))


march = part.bind(month=3)


def helper(month: int, *, twice: bool = False):
    rows = load(month)
    return c(rows) if twice else rows


def nested_calls():
    return two(c(load(1)), y=c(rows=load(2)))


def aliases():
    again = cl
    return two(c(load(1)), again(sample_tasks.load(2)))


def reassigned():
    rows = load(1)
    rows = c(rows)
    rows = c(rows)
    return rows


def unpacked():
    first, (second, third) = split(load(1)), (load(2), load(3))
    left, right = first
    head, *tail = [left, right, second, third]
    return gather(head, *tail, named=third)


def parts_of_outputs():
    found = pair(load(1))
    return gather(found.left, found[1], table(found.right)["rows"])


def constants():
    window = Window(MONTHS[0] + 1)
    weigh(load(3 * 4), size=Size.LARGE, window=window)
    weigh(load(int("7")), Size["SMALL"])
    return gather(date(2026, 1, 31), Path("a") / "b", f"{'x':>3}{1 + 1}", b"\0", None, -1.5, {"a": (1, [2])})


def loops_over_constants(month):
    found = []
    for number, name in enumerate(["a", "b"], start=1):
        if name == "b":
            continue
        found.append(load(number))
    for number in range(5):
        if number > 1:
            break
        found += [load(number)]
    else:
        load(99)
    by_name = {name: take(name) for name in ("x", "y")}
    by_name["z"] = take(month)
    return gather(found, by_name, [load(each) for each in MONTHS if each != 2], list(map(load, MONTHS)))


def loops_over_outputs():
    numbers = load(1)
    found = []
    for number in numbers:
        found.append(one(number))
    more = [one(number) for number in numbers]
    return gather(found, tuple(more), one.options(concurrency=3).map(numbers), *one.map([7, 8]))


def list_parameter(months: list[int]):
    return gather([load(month) for month in months])


def settings_of_calls():
    rows = load.named("loaded").options(retries=1)(1)
    return c.after(rows, take("x")).named("last")([1])


def helpers():
    twice = lambda month: helper(month, twice=True)

    def inner(rows, times=2):
        for _ in range(times):
            rows = c(rows)
        return rows

    return gather(twice(1), inner(helper(2)), sorted([3, 1, 2], key=lambda number: -number))


def tasks_inside():
    @task
    def inside(rows: list[int]) -> tuple[int, int]:
        return 1, 2

    left, right = inside(load(1))
    return gather(left, right)


def pipelines_inside():
    return gather(part(1), part.named("other")(month=2), march())  # type: ignore[call-arg]  # it is bound


def buckets(target="x"):
    store(c(load(1)), raw)
    store(load(2), destination=provider.bucket(bucket="out", path=f"{'a'}/b.parquet"))


def said():
    print("loading")
    log.info("loading %s", 1)
    rows = load(1)
    assert MONTHS
    try:
        return c(rows)
    finally:
        take("done")


def imported_inside():
    from tests.unit.authoring.sample_tasks import load as loader

    return loader(1)


def generators():
    return gather(
        sum(number for number in MONTHS), next(load(month) for month in MONTHS), any(number > 1 for number in MONTHS)
    )


def walrus():
    return gather((rows := load(1)), rows, MONTHS and "x", "a" if len(MONTHS) > 2 else load(5))


@task
def is_good(rows: list[int]) -> bool:
    return bool(rows)


def branches(mode: str, month: int = 1):
    rows = load(month)
    if mode == "full":
        rows = c(rows)
    elif mode in ("none", "few") or month > 6:
        return take("nothing")
    if is_good(rows) and not month > 8:
        rows = c(rows)
    return gather(rows)


def early(size: Size):
    try:
        if size == Size.LARGE:
            return load(1)
        rows = load(2)
        return c(rows) if one(1) > 2 else rows
    finally:
        take("done")


def checked(month: int):
    return load(month) if month < 3 else helper(month)


def branches_in_helpers(month: int, *, twice: bool = True):
    return gather(checked(month), helper(2, twice=twice), [load(each) for each in (1, 2) if month >= each])


BODIES = [
    nested_calls, aliases, reassigned, unpacked, parts_of_outputs, constants, loops_over_constants, loops_over_outputs,
    list_parameter, settings_of_calls, helpers, tasks_inside, pipelines_inside, buckets, said, imported_inside,
    generators, walrus,
    # On 3.10 a body with branches is not traced.
    *([branches, early, branches_in_helpers] if sys.version_info >= (3, 11) else []),
]  # fmt: skip  # a table reads better in rows
