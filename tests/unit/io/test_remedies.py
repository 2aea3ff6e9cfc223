from typing import Any, Final

import pytest

from lakewright.io.remedies import remedy


def stranger(package: str, name: str) -> Any:  # noqa: ANN401  an object of a library that need not be here
    """An object whose type says that it is of a library."""
    return type(name, (), {"__module__": f"{package}.core"})()


VALUES: Final[dict[str, tuple[object, str]]] = {
    "set": ({1}, "Return sorted(…)"),
    "frozenset": (frozenset(), "Return sorted(…)"),
    "tuple": ((1, 2), "Annotate the return as tuple[…]"),
    "number as a key": ({1: 2}, "Use str as keys"),
    "iterator": (iter([1]), "Return list(…)"),
    "generator": ((text for text in "ab"), "Return list(…)"),
    "array": (stranger("numpy", "ndarray"), "Return ….tolist()"),
    "number of numpy": (stranger("numpy", "float64"), "Return ….item()"),
    "frame of pandas": (stranger("pandas", "DataFrame"), "pl.from_pandas(…)"),
    "object": (object(), "or give the task its own IO manager"),
}


@pytest.mark.parametrize("what", VALUES)
def test_each_value_has_its_way_out(what: str) -> None:
    value, way_out = VALUES[what]
    assert way_out in remedy(value)
