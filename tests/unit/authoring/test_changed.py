from dataclasses import replace

from lakewright.authoring.body import Body
from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.static.body import as_read
from lakewright.authoring.tracing import Trace
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import clean, load

pytestmark = needs_branches


def body(month: int) -> list[int]:
    rows = load(1)
    return clean(rows) if month == 1 else rows


def renamed(trace: Trace) -> Trace:
    return replace(trace, dag=replace(trace.dag, name="changed"))


def test_a_changed_body_gives_the_changed_trace_and_leaves_the_original_alone() -> None:
    original = Body(body, name="daily")
    changed = ChangedBody(original, renamed)
    assert changed.trace().dag.name == "changed"
    assert original.trace().dag.name == "daily"
    assert changed.location == original.location


def test_it_is_read_and_specialised_with_its_change() -> None:
    changed = ChangedBody(Body(body, name="daily"), renamed)
    assert as_read(changed).trace().dag == changed.trace().dag
    special = changed.specialised({"month": 2}).trace().dag
    assert (special.name, special.nodes) == ("changed", ("load",))
