from collections.abc import Callable

import pytest

from lakewright.authoring.unknown import Unknown, check_known
from lakewright.errors.authoring import StaticAnalysisError

frame = Unknown("pl")


@pytest.mark.parametrize("use", [lambda: frame.DataFrame, frame, lambda: frame[0]], ids=["attribute", "call", "item"])
def test_nothing_can_be_done_with_what_is_not_known(use: Callable[[], object]) -> None:
    with pytest.raises(StaticAnalysisError, match="what 'pl' stands for cannot be told without importing it"):
        use()


def test_questions_of_python_are_answered_with_no() -> None:
    assert not hasattr(frame, "__dataclass_fields__")


def test_a_type_is_known_if_all_its_parts_are() -> None:
    check_known(dict[str, list[int]])
    with pytest.raises(StaticAnalysisError):
        check_known(list[frame])  # type: ignore[valid-type]  # what is tested
