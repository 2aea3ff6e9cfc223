"""What a run and its processes say to each other."""

from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.raised import Frame, Raised, Traceback
from lakewright.execution.messages import Order, answer, raised_in

FRAMES = st.lists(st.builds(Frame, st.text(), st.integers(0), st.text(), st.text()), max_size=3).map(tuple)
TRACEBACKS = st.lists(st.builds(Traceback, st.text(), FRAMES), max_size=3).map(tuple)
KINDS = st.lists(st.text(), min_size=1, max_size=3).map(tuple)


@given(st.builds(Order, st.lists(st.text()), st.text(), st.dictionaries(st.text(), st.text())))
def test_an_order_is_one_line_whatever_it_says(order: Order) -> None:
    line = order.to_line()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert Order.from_line(line) == order


@given(st.builds(Raised, st.text(), KINDS, TRACEBACKS))
def test_an_answer_tells_what_was_raised(raised: Raised) -> None:
    line = answer(raised)
    assert line.count(b"\n") == 1
    assert raised_in(line) == raised


def test_an_answer_tells_that_nothing_was_raised() -> None:
    assert raised_in(answer(None)) is None
