"""Which attempt comes next."""

from lakewright.execution.attempts import Next
from lakewright.execution.ready import Ready


def filled(urgency: dict[str, float], *keys: str) -> Ready:
    ready = Ready(urgency)
    for key in keys:
        ready.put(Next(key, 1))
    return ready


def taken(ready: Ready) -> str:
    keys = ""
    while ready:
        keys += ready.take().key
    return keys


def test_those_that_are_alike_go_in_the_order_in_which_they_came() -> None:
    assert taken(filled({}, *"dbca")) == "dbca"


def test_the_most_urgent_goes_first_and_what_is_not_known_goes_last() -> None:
    assert taken(filled({"a": 1.0, "c": 5.0, "d": 1.0}, *"dbca")) == "cdab"


def test_what_is_dropped_comes_in_the_order_in_which_it_came() -> None:
    ready = filled({"c": 5.0}, *"dbca")
    assert [following.key for following in ready.drop()] == list("dbca")
    assert not ready
