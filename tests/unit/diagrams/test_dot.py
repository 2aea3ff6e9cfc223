"""DOT text for any name, the same on every run."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lakewright import job, task
from lakewright.diagrams.dot import dot, quoted
from lakewright.model.dag import Dag

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def test_data_flows_along_solid_arrows_and_order_along_dashed_ones() -> None:
    @task
    def first() -> int:
        return 1

    @task
    def second(number: int) -> int:
        return number

    @job
    def daily() -> None:
        number = first()
        second(number)
        second.named("later").after(number)(2)

    assert dot(daily.dag).splitlines()[3:] == [
        '    t0 [label="first"]',
        '    t1 [label="second"]',
        '    t2 [label="later"]',
        "    t0 -> t1",
        "    t0 -> t2 [style=dashed]",
        "}",
    ]


def test_a_hostile_name_stays_text() -> None:
    name = 'a"]; t0 [URL="javascript:x"]; \\N &lt;b&gt; "'
    drawn = dot(Dag.from_edges([], nodes=[name], name=name))
    assert drawn.splitlines()[3] == ('    t0 [label="a\\"]; t0 [URL=\\"javascript:x\\"]; \\\\N &amp;lt;b&amp;gt; \\""]')


@given(st.text())
def test_any_text_is_one_string(text: str) -> None:
    assert STRING.fullmatch(quoted(text))
    assert "\n" not in quoted(text)
