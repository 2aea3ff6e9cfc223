"""Ctrl-C in two steps: the first asks, the second insists."""

from __future__ import annotations

import signal
import threading
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

    from typing_extensions import Self


INTERRUPTED: Final = "cancelled: the run was interrupted"
"""Why tasks do not run that nobody has started when Ctrl-C is pressed."""

LOOKS_EVERY: Final = 0.5
"""How many seconds the main thread may wait for anything at a time, so that no Ctrl-C is lost.

The interpreter calls the handler of a signal in the main thread, between two instructions. A signal that arrives right
before that thread begins to wait, or that the system gives to another thread, ends no wait, so it goes unseen until
something else does: https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers
"""


class Interrupts:
    """Within `with`, the first Ctrl-C calls `asked`, any further one raises KeyboardInterrupt.

    Nothing changes where Ctrl-C does not arrive (threads other than the main one) or has a handler of its own.

    Args:
        asked: is called wherever the program stands, so it must not do more than to leave word.
    """

    def __init__(self, asked: Callable[[], None]) -> None:
        self._asked = asked
        self._is_ours = False
        self._has_asked = False
        self._insists = False

    def __enter__(self) -> Self:
        is_main = threading.current_thread() is threading.main_thread()
        self._is_ours = is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._is_ours:
            signal.signal(signal.SIGINT, self._pressed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _pressed(self, _number: int, _frame: FrameType | None) -> None:
        if not self._has_asked:
            self._has_asked = True
            self._asked()
            return
        self._insists = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise again what was raised where nobody lets it through: a finalizer, a callback, the body of a task.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed a second time, and `answered` was not called since.
        """
        if self._insists:
            raise KeyboardInterrupt

    def answered(self) -> None:
        """The KeyboardInterrupt has ended what it was to end."""
        self._insists = False
