"""Tasks of jobs with loops and branches, which processes import."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from lakewright import FileIo, context, task


@dataclass(frozen=True)
class Part:
    """A part of some input."""

    name: str
    day: date


@task
def names(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@task
def numbers(count: int) -> list[int]:
    """The numbers below a count."""
    return list(range(count))


@task
def mixed() -> list[object]:
    """Elements that JSON, or a hurried reader of it, may take for something else."""
    return ["1e3", "007", "true", "null", 1, 1.5, True, None, {"a": [1]}, [], "{{input}}", "${x}", "ü\n"]


@task
def parts() -> list[Part]:
    """Elements that are objects."""
    return [Part("a", date(2026, 1, 31)), Part("b", date(2026, 2, 28))]


@task
def frames() -> list[pl.DataFrame]:
    """Elements that are frames."""
    return [pl.DataFrame({"n": [1, 2]}), pl.DataFrame({"n": [3]})]


@task
def height(frame: pl.DataFrame) -> int:
    """How many rows a frame has."""
    return frame.height


@task
def shown(value: object) -> str:
    """A value as Python writes it."""
    return repr(value)


@task
def length(word: str, plus: int = 0) -> int:
    """How long a word is; a word that begins with `x` breaks it."""
    if word.startswith("x"):
        message = f"{word} is broken"
        raise ValueError(message)
    return len(word) + plus


@task(retries=1)
def flaky(word: str) -> int:
    """Fails at first."""
    if context().attempt == 1:
        message = "not yet"
        raise ConnectionError(message)
    return len(word)


@task
def doubled(number: int) -> int:
    """Twice a number."""
    return 2 * number


@task
def nothing(word: str) -> None:
    """Gives nothing."""


@task
def halves(word: str) -> tuple[str, str]:
    """A word in two."""
    return word[: len(word) // 2], word[len(word) // 2 :]


@task(io=FileIo("exports/words.json"))
def exported(word: str) -> dict[str, str]:
    """A word that others read."""
    return {"word": word}


@task
def joined(*values: object, **named: object) -> str:
    """All that it gets, as Python writes it."""
    return repr((values, named))


@task(run_if="all_done")
def tidied(*_values: object) -> str:
    """Runs whatever became of those before it."""
    return "tidy"


@task
def worded(text: str) -> str:
    """A text in brackets."""
    return f"<{text}>"


@task
def is_long(text: str) -> bool:
    """Whether a text has more than three characters."""
    return len(text) > 3


@task
def total(weight: int, values: list[int | list[int]]) -> int:
    """A number that tells all of its inputs, and their order, apart."""
    found = weight
    for value in values:
        inner = value if isinstance(value, list) else [value]
        for each in inner:
            found = (found * 7 + each + 1) % 10_007
        found = (found * 3 + len(inner)) % 10_007
    return found


@task
def even(number: int) -> bool:
    """Whether a number is even."""
    return number % 2 == 0
