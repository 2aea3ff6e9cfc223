import json
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.model.loop import MOST_SINGLE, indices, inputs, spans

MOST_BYTES = 48 * 1024


@given(st.integers(0, 60_000))
def test_iterations_share_the_indices_in_order_and_leave_none_out(count: int) -> None:
    assert list(chain.from_iterable(spans(count))) == list(range(count))


@given(st.integers(0, 60_000))
def test_an_input_stands_for_its_indices_once_it_has_been_text(count: int) -> None:
    shared = spans(count)
    assert tuple(indices(str(given)) for given in inputs(shared)) == shared


@pytest.mark.parametrize("count", [MOST_SINGLE, MOST_SINGLE + 1, 20_000, 10_000_000])
def test_all_inputs_fit_into_a_task_value(count: int) -> None:
    assert len(json.dumps(inputs(spans(count)), separators=(",", ":"))) <= MOST_BYTES


def test_up_to_five_thousand_elements_each_has_an_iteration_of_its_own() -> None:
    assert len(spans(MOST_SINGLE)) == MOST_SINGLE
    assert len(spans(MOST_SINGLE + 1)) < MOST_SINGLE


@pytest.mark.parametrize("text", ["", "x", "3-", "-3", "1-2-3", "{{input}}", "٣"])
def test_what_is_no_index_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no index"):
        indices(text)
