from decimal import Decimal

import pytest

from lakewright.model.reference import Reference


def test_a_function_is_found_by_its_module_and_qualified_name() -> None:
    def local() -> None: ...

    reference = Reference.of(local)
    assert Reference.parse(str(reference)) == reference
    assert reference.body == "test_a_function_is_found_by_its_module_and_qualified_name"
    assert Reference.of(Decimal) == Reference("decimal", "Decimal")


def test_a_function_of_a_module_has_no_body() -> None:
    assert Reference("flights.tasks", "clean").body is None


@pytest.mark.parametrize("text", ["", "flights.tasks", ":clean", "flights.tasks:"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not of the form 'package\.module:name'"):
        Reference.parse(text)
