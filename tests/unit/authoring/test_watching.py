import sys
import threading
from types import FrameType

import pytest

from lakewright.authoring.watching import watched


def counted(numbers: list[int]) -> int:
    total = 0
    for number in numbers:
        total += number
    return total


def other() -> int:
    return counted([1])


def test_each_instruction_of_the_code_is_told_before_it_is_executed() -> None:
    seen: list[tuple[int, object]] = []

    def told(frame: FrameType, offset: int) -> None:
        seen.append((offset, frame.f_locals.get("total")))

    with watched([counted.__code__], told):
        assert counted([1, 2]) == 3
    assert {total for _, total in seen} == {None, 0, 1, 3}
    assert len(seen) > len({offset for offset, _ in seen})


def test_only_that_code_is_told_and_only_meanwhile() -> None:
    seen: list[str] = []
    with watched([other.__code__], lambda frame, _: seen.append(frame.f_code.co_name)):
        other()
    before = len(seen)
    other()
    assert set(seen) == {"other"}
    assert len(seen) == before


def test_what_is_raised_comes_out_where_the_code_stands_and_what_was_there_before_comes_back() -> None:
    def refuse(_frame: FrameType, _offset: int) -> None:
        raise ZeroDivisionError

    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError), watched([counted.__code__], refuse):
        counted([1])
    assert sys.gettrace() is before
    assert counted([1]) == 1


def test_watching_nests_and_threads_do_not_disturb_each_other() -> None:
    seen: dict[str, int] = {}

    def run(name: str) -> None:
        for _ in range(20):
            inner = watched([other.__code__], lambda *_: None)
            with watched([counted.__code__], lambda *_: seen.update({name: 1})), inner:
                counted([1, 2])

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run("main")
    assert set(seen) >= {"main"}
    assert counted([1]) == 1
