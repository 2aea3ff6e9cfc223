"""Mermaid text for any name, the same on every run."""

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
