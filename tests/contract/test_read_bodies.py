"""What the source of a body tells is what tracing it tells, for any body of the part of Python that both know."""

from __future__ import annotations

import linecache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright import task
from lakewright.authoring.body import Body
from lakewright.authoring.static.body import as_read
from lakewright.errors.authoring import StaticAnalysisError, TraceError
from lakewright.errors.base import LakewrightError
from tests.branches import needs_branches


@task
def load(month: int) -> list[int]:
    return [month]


@task
def clean(rows: object, times: int = 1) -> list[int]:
    return [times] if rows else []


@task
def split(rows: object) -> tuple[list[int], list[int]]:
    return [1] if rows else [], [2]


@task
def check(rows: object) -> bool:
    return bool(rows)


@task
def gather(*parts: object, **named: object) -> int:
    return len(parts) + len(named)


NAMES = ["a", "b", "c"]
names = st.sampled_from(NAMES)
EXPRESSIONS = [
    "load({number})",
    "load(month)",
    "clean({name})",
    "clean(load({number}), times={number})",
    "clean.named('k{number}')({name})",
    "clean.after({name})({other})",
    "gather({name}, part={other})",
    "gather(*[{name}, {other}], **{{'x': {name}}})",
    "gather([clean({name}, n) for n in range({number})])",
    "[load(n) for n in range({number}) if n != 1]",
    "[clean(x) for x in load({number})]",
    "clean.map(load({number}))",
    "split({name})[{number} % 2]",
    "helper({name})",
    "(lambda x: clean(x))({name})",
    "{name}",
    "f'{number}'",
]
expressions = st.builds(
    lambda text, number, name, other: text.format(number=number, name=name, other=other),
    st.sampled_from(EXPRESSIONS),
    st.integers(0, 3),
    names,
    names,
)
CONDITIONS = [
    "month > 3",
    "month == 1 or mode == 'full'",
    "not check({name})",
    "mode in ('full', 'few')",
    "{number} > 1",
]
conditions = st.builds(
    lambda text, name, number: text.format(name=name, number=number),
    st.sampled_from(CONDITIONS),
    names,
    st.integers(0, 3),
)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


@st.composite
def _block(draw: st.DrawFn, depth: int) -> list[str]:
    found: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        found += draw(_statement(depth))
    return found


@st.composite
def _statement(draw: st.DrawFn, depth: int) -> list[str]:
    name, value, test = draw(names), draw(expressions), draw(conditions)
    flat = [
        [f"{name} = {value}"],
        [f"{name}, {draw(names)} = split({draw(names)})"],
        [value],
        ["found = []", "for x in load(1):", "    found.append(clean(x))", f"{name} = gather(found)"],
        [f"if {test}:", f"    return {name}"],
    ]
    if not depth:
        return draw(st.sampled_from(flat))
    inner, other = (_indented(draw(_block(depth - 1))) for _ in range(2))
    deep = [
        [f"if {test}:", *inner, "else:", *other],
        [f"for n in range({draw(st.integers(0, 2))}):", *inner, f"    {name} = clean({name}, n)"],
        ["try:", *inner, "finally:", f"    load({draw(st.integers(0, 9))})"],
    ]
    return draw(st.sampled_from([*flat, *deep]))


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Modules with a body."""
    lines = ["a = load(7)", "b = clean(a)", "c = [a, b]", *draw(_block(2)), f"return {draw(names)}"]
    helper = ["def helper(rows):", "    return clean(rows) if MONTHS else rows", ""]
    return "\n".join([*helper, "def body(month: int, mode: str = 'full'):", *_indented(lines), ""])


def _told(body: Body) -> tuple[object, ...]:
    try:
        dag = body.trace().dag
    except LakewrightError as error:
        # What Python itself raises in a body, reading does not word.
        is_pythons = type(error) in {StaticAnalysisError, TraceError}
        return (is_pythons, "" if is_pythons else error.message)
    return (dag, dag.to_json(), [str(task.location) for task in dag.tasks])


@needs_branches
@given(sources())
@settings(max_examples=150, deadline=None)
def test_any_body_that_is_read_is_told_as_it_is_traced(source: str) -> None:
    file = "<a body>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    module: dict[str, Any] = {"MONTHS": (1, 2), "__name__": __name__}
    module.update(load=load, clean=clean, split=split, check=check, gather=gather)
    exec(compile(source, file, "exec", dont_inherit=True), module)  # noqa: S102  as importing does
    body = Body(module["body"], name="body")
    assert _told(as_read(body)) == _told(body)
