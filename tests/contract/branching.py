"""Jobs that branch and loop in every way, for each Python to compile: prints their DAGs."""

import sys
from typing import Literal

from lakewright import Job, job, task
from lakewright.errors.base import LakewrightError


@task
def load(number: int) -> list[int]:
    return [number]


@task
def step(value: object, other: object = None) -> int:
    return len(str((value, other)))


@task
def is_big(value: object) -> bool:
    return bool(value)


def again(value: object) -> int:
    return step(value)


@job
def conditions(mode: str, number: int, level: Literal["low", "high"] = "low") -> int:
    rows = load(1)
    found = step(rows) if mode == "full" else step(1)
    if number <= 10 and mode == "a":
        found = step(found, 2)
    elif is_big(found):
        return step(found, 3)
    match level:
        case "low":
            found = step(found, 4)
        case _:
            pass
    return step(found)


@job
def places(mode: str, number: int) -> int:
    try:
        for each in (1, 2):
            if mode == str(each):
                return step(each)
        collected = [step(each) for each in load(number)]
        if number > 3:
            collected = [step(each, 1) for each in collected]
    finally:
        step("finally")
    return step(collected, again(number))


def compiled(written: Job[..., int]) -> str:
    """The DAG of a job, or why there is none."""
    try:
        return written.dag.to_json()
    except LakewrightError as error:
        return error.message


if __name__ == "__main__":
    sys.stdout.write("".join(f"{compiled(each)}\n" for each in (conditions, places)))
