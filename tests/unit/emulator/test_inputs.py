"""What a for-each repeats its task for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.emulator.inputs import InputsError, items

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(JSON, max_size=5))
def test_the_elements_of_an_array_come_in_order(elements: list[object]) -> None:
    assert items(json.dumps(elements)) == elements


@pytest.mark.parametrize("text", ["", "a", "{{tasks.a.values.b}}", '["a"'])
def test_what_is_no_json_is_an_error_that_shows_it(text: str) -> None:
    with pytest.raises(InputsError, match="the inputs are not JSON: "):
        items(text)


@pytest.mark.parametrize("text", ['{"a": 1}', "3", '"a"', "null"])
def test_json_that_is_no_array_is_an_error(text: str) -> None:
    with pytest.raises(InputsError, match="are not a JSON array"):
        items(text)


def test_a_long_text_is_cut_in_the_error() -> None:
    with pytest.raises(InputsError) as caught:
        items("x" * 1000)
    assert len(str(caught.value)) < 150
