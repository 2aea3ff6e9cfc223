"""Mermaid text for any name, the same on every run."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lakewright import job, task
from lakewright.diagrams.mermaid import mermaid
from lakewright.model.dag import Dag


def test_data_flows_along_solid_arrows_and_order_along_dotted_ones() -> None:
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

    assert mermaid(daily.dag).splitlines() == [
        "graph TD",
        '    t0["first"]',
        '    t1["second"]',
        '    t2["later"]',
        "    t0 --> t1",
        "    t0 -.-> t2",
    ]


def test_a_hostile_name_stays_text() -> None:
    drawn = mermaid(Dag.from_edges([], nodes=['a"]; click t0 "x"<script>#`']))
    assert drawn.splitlines()[1] == '    t0["a#quot;]; click t0 #quot;x#quot;#lt;script#gt;#35;#96;"]'


@given(st.text())
def test_any_name_is_one_quoted_label(name: str) -> None:
    graph, node = mermaid(Dag.from_edges([], nodes=[name])).removesuffix("\n").split("\n")
    assert graph == "graph TD"
    assert re.fullmatch(r'    t0\["[^"<>`&]*"\]', node)
    assert "\n" not in node
    assert node.isprintable()


def test_an_entity_in_a_name_is_drawn_as_it_is_written() -> None:
    assert '["a #amp;lt; b #35;quot;"]' in mermaid(Dag.from_edges([], nodes=["a &lt; b #quot;"]))
