import pytest

from lakewright.errors.authoring import BranchError
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import clean, load, take
from tests.unit.authoring.traced import dag_of, line_of

pytestmark = needs_branches


def test_calls_of_two_ways_that_agree_are_one_task_and_stand_in_an_order_that_both_keep() -> None:
    def body(mode: str) -> None:
        rows = load(1)
        if mode == "full":
            rows = clean(rows)
        take.named("always")(rows)
        if mode == "few":
            take.named("last")(rows)

    nodes = [key for key in dag_of(body).nodes if key in {"load", "clean", "always", "last"}]
    assert nodes == ["load", "clean", "always", "last"]


def test_calls_in_another_order_on_another_way_are_refused_at_one_of_them() -> None:
    def body(mode: str) -> None:
        order = ["load", "take"]
        if mode == "full":
            order.reverse()
        for each in order:
            if each == "load":
                load(1)
            else:
                take("x")

    with pytest.raises(BranchError, match="come in another order on another way through the body") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "take(")
    assert "Keep one order" in caught.value.hint
