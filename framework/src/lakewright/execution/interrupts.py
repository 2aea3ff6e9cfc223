"""Ctrl-C in two steps: the first asks, the second insists."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


# Why tasks do not run that nobody has started when Ctrl-C is pressed.
INTERRUPTED: Final = "cancelled: the run was interrupted"


@contextmanager
def on_interrupt(asked: Callable[[], None]) -> Iterator[None]:
    """Within `with`, the first Ctrl-C calls `asked`, any further one raises KeyboardInterrupt.

    Nothing changes where Ctrl-C does not arrive (threads other than the main one) or has a handler of its own.

    Args:
        asked: is called wherever the program stands, so it must not do more than to leave word.
    """
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def first(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        asked()

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
