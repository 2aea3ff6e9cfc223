import ast
import sys
from types import FrameType
from typing import Final

import pytest

from lakewright.authoring.handle import Handle
from lakewright.authoring.questions import is_future, may_ask, questions_in
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import load, picked
from tests.unit.authoring.traced import dag_of


class Noisy:
    """Its code would run if it were asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)

    def __getitem__(self, key: object) -> object:
        raise AssertionError(key)

    @property
    def rows(self) -> object:
        raise AssertionError


class Holder:
    __slots__ = ("rows",)

    def __init__(self, rows: object) -> None:
        self.rows = rows


def handle() -> Handle:
    """The output of a task, as a body has it."""
    kept: list[Handle] = []

    def body() -> None:
        kept.append(load(1))  # type: ignore[arg-type]  # as it is while a body is traced

    dag_of(body)
    return kept[0]


def frame_with(**names: object) -> FrameType:
    """A frame in which these names are known."""
    scope: dict[str, object] = {"frame_here": sys._getframe, **names}  # noqa: SLF001  the documented way to a frame
    exec("frame = frame_here()", scope)  # noqa: S102  a frame of its own
    frame = scope["frame"]
    assert isinstance(frame, FrameType)
    return frame


ASKED: Final = {
    "rows is None": "`is`",
    "rows is not other": "`is`",
    "isinstance(rows, list)": "isinstance()",
    "hasattr(rows, 'x')": "hasattr()",
}


@pytest.mark.parametrize("text", ASKED)
def test_what_python_answers_by_itself_is_a_question(text: str) -> None:
    (found,) = questions_in(ast.parse(text))
    assert (found.what, ast.unparse(found.node)) == (ASKED[text], text)
    assert ast.unparse(found.about[0]) == "rows"


def test_while_and_patterns_that_look_at_a_value_are_questions_and_plain_values_are_none() -> None:
    patterns = ("1 | 'a'", "[]", "{}", "int()", "_")
    match = "match rows:\n" + "".join(f"    case {each}: pass\n" for each in patterns)
    assert [ast.unparse(each.node) for each in questions_in(ast.parse(match))] == ["[]", "{}", "int()"]
    (asked,) = questions_in(ast.parse("while first and second:\n    pass"))
    assert {ast.unparse(each) for each in asked.about} == {"first and second", "first", "second"}
    assert list(questions_in(ast.parse("rows == 1 and len(rows) in other"))) == []


def test_code_that_cannot_ask_is_not_looked_at() -> None:
    assert not may_ask(compile("rows = load(1)\nclean(rows)", "jobs.py", "exec"))
    assert may_ask(compile("def inner(rows):\n    return isinstance(rows, list)", "jobs.py", "exec"))
    assert may_ask(compile("x = lambda rows: rows is other", "jobs.py", "exec"))


@pytest.mark.parametrize(
    "text",
    [
        "rows", "holder.rows", "table['rows']", "pair[1]", "rows if x else y", "y or rows", "(other := rows)",
        "load(1)", "tasks.load.named('x')(1)", "picked(1)",
    ],
)  # fmt: skip  # a table reads better in rows
def test_what_only_a_run_knows_is_told_wherever_it_is_kept(text: str) -> None:
    rows = handle()
    frame = frame_with(
        rows=rows,
        holder=Holder(rows),
        table={"rows": rows},
        pair=(0, rows),
        load=load,
        tasks=sample_tasks,
        picked=picked,
        x=1,
        y=0,
        other=0,
    )
    assert is_future(ast.parse(text, mode="eval").body, frame)


@pytest.mark.parametrize(
    "text", ["1", "x", "len(x)", "nothing", "noisy.rows", "noisy.other", "noisy[0]", "noisy.a.b()"]
)
def test_to_tell_so_runs_no_code_of_the_users(text: str) -> None:
    assert not is_future(ast.parse(text, mode="eval").body, frame_with(x=[1], noisy=Noisy()))
