import signal
import threading

import pytest

from lakewright.execution.interrupts import Interrupts


def nothing() -> None: ...


def test_the_handler_of_others_is_left_alone_and_ours_does_not_stay() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts(nothing):
        pass
    assert signal.getsignal(signal.SIGINT) is before
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts(nothing):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_nothing_is_handled() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def work() -> None:
        with Interrupts(nothing):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_within_it_the_first_interrupt_asks_and_the_second_raises() -> None:
    asked: list[str] = []

    def interrupt_twice() -> None:
        with Interrupts(lambda: asked.append("asked")):
            signal.raise_signal(signal.SIGINT)
            assert asked == ["asked"]
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupt_twice()
    assert asked == ["asked"]


def press_twice(interrupts: Interrupts) -> None:
    """What raises is swallowed, as by a finalizer."""
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert interrupts is not None


def test_what_was_raised_where_nobody_lets_it_through_is_raised_again_until_it_is_answered() -> None:
    with Interrupts(nothing) as interrupts:
        interrupts.check()
        press_twice(interrupts)
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()
        interrupts.answered()
        interrupts.check()
