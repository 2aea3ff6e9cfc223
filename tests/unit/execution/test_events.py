import dataclasses

import pytest

from lakewright.execution.events import EventFields, TaskEvent, ignore
from lakewright.model.states import State

EVENT = TaskEvent(kind="started", key="clean", state=State.RUNNING)


def test_an_event_is_made_from_fields_that_it_has() -> None:
    assert list(EventFields.__annotations__) == [each.name for each in dataclasses.fields(TaskEvent)]


def test_an_event_says_no_more_than_it_knows() -> None:
    assert (EVENT.attempt, EVENT.rows, EVENT.error, EVENT.reason) == (1, None, None, "")


def test_a_listener_cannot_change_what_the_next_one_hears() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVENT.key = "other"  # type: ignore[misc]  # what is tried
    ignore(EVENT)
