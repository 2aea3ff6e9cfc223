# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,redundant-expr,exhaustive-match"
from collections.abc import Callable
from typing import Any, Final

import pytest

from lakewright.errors.authoring import BranchError
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import clean, load, two
from tests.unit.authoring.traced import dag_of, line_of


def loaded(month: int) -> list[int]:
    return clean(load(month))


def plain(number: int) -> int | None:
    return None if number else 1


def is_none(month: int) -> None:
    if month is None:  # here
        load(1)


def output_is_none() -> None:
    rows = load(1)
    if rows is not None:  # here
        clean(rows)


def of_a_function() -> None:
    rows = loaded(1)
    clean([]) if rows is None else clean(rows)  # here


def of_a_module() -> None:
    rows = sample_tasks.load.options(retries=1)(1)
    if rows is None:  # here
        clean([])


def by_type() -> None:
    rows = load(1)
    if isinstance(rows, list):  # here
        clean(rows)


def by_pattern(month: int) -> None:
    match month:
        case int():  # here
            load(1)


def by_singleton(month: int) -> None:
    match month:
        case None:  # here
            load(1)


def again() -> None:
    rows = load(1)
    while rows:  # here
        rows = clean(rows)


def within() -> None:
    rows = [load(1)]
    two([row for row in rows if load(2) is None])  # here


def in_a_lambda(month: int) -> None:
    pick: Callable[[int], list[int]] = lambda asked: load(1) if asked is None else load(2)  # noqa: E731  # here
    pick(month)


def in_an_inner_function(month: int) -> None:
    def pick(asked: int) -> list[int]:
        return load(1) if asked is None else load(2)  # here

    pick(asked=month)


REFUSED: Final = [
    is_none,
    output_is_none,
    of_a_function,
    of_a_module,
    by_type,
    by_pattern,
    by_singleton,
    again,
    within,
    in_a_lambda,
    in_an_inner_function,
]


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body.__name__)
def test_what_python_answers_without_asking_is_refused_at_its_line(body: Callable[..., Any]) -> None:
    with pytest.raises(BranchError, match="known only when the job runs") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "# here")
    assert caught.value.hint


def helped(rows: list[int]) -> list[int]:
    return load(1) if rows is None else rows


def test_functions_that_a_body_calls_are_read_too() -> None:
    def body() -> None:
        clean(helped(load(1)))

    globals()["helped"] = helped
    with pytest.raises(BranchError) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(helped, "is None")


class Box:
    def choose(self, asked: int) -> list[int]:
        return load(1) if asked is None else load(2)


def test_methods_are_read_too() -> None:
    def body(month: int) -> None:
        Box().choose(month)

    with pytest.raises(BranchError) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(Box.choose, "is None")


def test_functions_of_other_modules_are_read_too() -> None:
    def body(month: int) -> None:
        sample_tasks.picked(month)

    with pytest.raises(BranchError) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(sample_tasks.picked, "is None")


def test_an_inner_function_may_ask_about_what_the_body_knows() -> None:
    def body(month: int) -> None:
        def pick(asked: int | None) -> list[int]:
            return load(month) if asked is None else load(asked)

        pick(None)

    assert dag_of(body).nodes == ("load",)


def test_what_a_body_knows_may_be_asked_about() -> None:
    def body(month: int) -> None:
        number = plain(1)
        tries = 0
        while tries < 2:
            tries += 1
        if number is None and isinstance(tries, int):
            load(month)
        match tries:
            case int():
                load(2)
        rows = None
        for month_known in (1, 2):
            rows = load(month_known) if rows is None else clean(rows)

    with pytest.raises(BranchError):
        # `rows` is an output from the second round on.
        dag_of(body)


def test_plain_values_may_be_asked_about() -> None:
    def body(month: int) -> None:
        number = plain(1)
        tries = 0
        while tries < 2:
            tries += 1
        if number is None and isinstance(tries, int):
            load(month)

    assert dag_of(body).nodes == ("load",)
