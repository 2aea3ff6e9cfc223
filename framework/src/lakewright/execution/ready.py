"""Attempts that could be made at once, and which of them comes next."""

from __future__ import annotations

import heapq
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.execution.attempts import Next


class Ready:
    """A queue: the most urgent first, and of those that are alike the one that came first.

    Args:
        urgency: of tasks by key; 0 for those that it does not name.
    """

    def __init__(self, urgency: Mapping[str, float]) -> None:
        self._urgency = urgency
        self._urgent: list[tuple[float, int, Next]] = []
        # Where nothing is known of any task, order is all there is, and costs a tenth.
        self._in_order: deque[Next] = deque()
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._in_order or self._urgent)

    def put(self, following: Next) -> None:
        """Let an attempt wait for its turn."""
        if not self._urgency:
            self._in_order.append(following)
            return
        self._count += 1
        heapq.heappush(self._urgent, (-self._urgency.get(following.key, 0.0), self._count, following))

    def take(self) -> Next:
        """The next one."""
        return self._in_order.popleft() if self._in_order else heapq.heappop(self._urgent)[2]

    def drop(self) -> list[Next]:
        """All that wait, which do so no more; the one that came first is the first."""
        by_count = sorted(self._urgent, key=lambda waiting: waiting[1])
        dropped = [*self._in_order, *(following for _, _, following in by_count)]
        self._in_order.clear()
        self._urgent.clear()
        return dropped
