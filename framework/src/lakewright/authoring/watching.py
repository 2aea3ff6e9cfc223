"""Instructions of some code, each told before it is executed."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import Any, Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager
    from types import CodeType, FrameType

    # Gets the frame and the offset of the instruction; what it raises is raised there.
    Told = Callable[[FrameType, int], None]

_NAME: Final = "lakewright"
_MARK: Final = "lw_watches"
# Those that the documentation of `sys.monitoring` gives no meaning to.
_TOOLS: Final = (3, 4)


def watched(codes: Collection[CodeType], told: Told) -> AbstractContextManager[None]:
    """For some time, calls `told` before each instruction of some code, in whatever thread it is executed.

    Debuggers and coverage see nothing of it where Python has `sys.monitoring` (3.12+); elsewhere they do not see what
    this thread does meanwhile.
    """
    return _MONITOR.watched(codes, told) if sys.version_info >= (3, 12) else _traced(codes, told)


@contextmanager
def _traced(codes: Collection[CodeType], told: Told) -> Iterator[None]:
    # By id, because the hash of a code object is computed from all its instructions.
    wanted = frozenset(map(id, codes))

    def called(frame: FrameType, event: str, argument: object) -> Any:  # noqa: ANN401  a trace function, or None
        if id(frame.f_code) not in wanted:
            return around(frame, event, argument) if around is not None else None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return executed

    def executed(frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401  as above
        if event == "opcode":
            told(frame, frame.f_lasti)
        return executed

    before = sys.gettrace()
    # Who watches already goes on; a debugger would take this one's place.
    around: Any = before if getattr(before, _MARK, False) else None
    setattr(called, _MARK, True)
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)


class _Monitor:
    """The one user of `sys.monitoring` in this process: who watches which code."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[int, list[Told]] = {}
        self._tool: int | None = None

    @contextmanager
    def watched(self, codes: Collection[CodeType], told: Told) -> Iterator[None]:
        with self._lock:
            self._begin()
            for code in codes:
                self._watchers.setdefault(id(code), []).append(told)
                self._set(code)
        try:
            yield
        finally:
            with self._lock:
                for code in codes:
                    self._watchers[id(code)].remove(told)
                    self._set(code)
                self._end()

    def _begin(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # 3.12+
        if self._tool is None:
            self._tool = next((tool for tool in _TOOLS if monitoring.get_tool(tool) is None), _TOOLS[-1])
            monitoring.use_tool_id(self._tool, _NAME)
            monitoring.register_callback(self._tool, monitoring.events.INSTRUCTION, self._executed)

    def _set(self, code: CodeType) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # as above
        watchers = self._watchers[id(code)]
        monitoring.set_local_events(self._tool, code, monitoring.events.INSTRUCTION if watchers else 0)
        if not watchers:
            del self._watchers[id(code)]

    def _end(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # as above
        if not self._watchers and self._tool is not None:
            monitoring.register_callback(self._tool, monitoring.events.INSTRUCTION, None)
            monitoring.free_tool_id(self._tool)
            self._tool = None

    def _executed(self, code: CodeType, offset: int) -> None:
        frame = sys._getframe(1)  # noqa: SLF001  the documented way to a caller's frame
        for told in tuple(self._watchers.get(id(code), ())):
            told(frame, offset)


_MONITOR: Final = _Monitor()
