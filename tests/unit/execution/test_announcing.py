from typing import Literal

import pytest

from lakewright.errors.running import OutputError
from lakewright.execution.announcing import announcements, length_of
from lakewright.model.published import Published


def test_each_value_is_taken_from_where_it_lies_in_the_output() -> None:
    published = (
        Published("lw_items", "items", ("days",)),
        Published("lw_truth", "truth", ("late",)),
        Published("lw_number", "number", (0, "share")),
    )
    assert announcements("load", {"days": ["a", "b", "c"]}, published[:1]) == {"lw_items": [0, 1, 2]}
    assert announcements("load", {"late": False}, published[1:2]) == {"lw_truth": False}
    assert announcements("load", [{"share": 0.5}], published[2:]) == {"lw_number": 0.5}


def test_a_long_list_is_announced_by_ranges_so_that_the_platform_takes_it() -> None:
    (items,) = announcements("load", list(range(20_000)), (Published("lw_items", "items"),)).values()
    assert isinstance(items, list)
    assert (len(items), items[1]) == (2500, "8-15")


@pytest.mark.parametrize(
    ("what", "value", "message"),
    [
        ("items", {"a": 1}, "the output of task 'load' is looped over, and it is a dict"),
        ("truth", 1, "the job branches on the output of task 'load', and it is an int"),
        ("number", True, "the job compares the output of task 'load' with a number, and it is True"),
        ("number", "12", "the job compares the output of task 'load' with a number, and it is '12'"),
        ("number", float("nan"), "with a number, and it is nan"),
    ],
)
def test_what_breaks_the_promise_of_an_annotation_is_told_with_its_task(
    what: Literal["items", "truth", "number"], value: object, message: str
) -> None:
    with pytest.raises(OutputError, match=message) as caught:
        announcements("load", value, (Published("lw_x", what),))
    assert "as the annotation of the task promises" in str(caught.value)


def test_a_tuple_has_a_length_as_a_list_has() -> None:
    assert (length_of("load", []), length_of("load", (1, 2))) == (0, 2)
