"""Attempts that could be made at once, and which of them comes next."""

from __future__ import annotations

import heapq

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
        self._waiting: list[tuple[float, int, Next]] = []
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, following: Next) -> None:
        """Let an attempt wait for its turn."""
        self._count += 1
        heapq.heappush(self._waiting, (-self._urgency.get(following.key, 0.0), self._count, following))

    def take(self) -> Next:
        """The next one."""
        return heapq.heappop(self._waiting)[2]

    def drop(self) -> list[Next]:
        """All that wait, which do so no more; the one that came first is the first."""
        dropped = sorted(self._waiting, key=lambda waiting: waiting[1])
        self._waiting.clear()
        return [following for _, _, following in dropped]
