"""The end of a run before its tasks have ended: after a failure, or because the user asked for it."""

from __future__ import annotations

import asyncio

from lakewright.model.states import FOR_FAILURES, Rule

_FIRST, _ALL = False, True


class Stop:
    """Whether tasks still start: of a run that stops, only those that are there for failures; later perhaps none.

    Attributes:
        reason: why the run stops; empty while it does not.
    """

    def __init__(self) -> None:
        self.reason = ""
        self._asked = {_FIRST: asyncio.Event(), _ALL: asyncio.Event()}

    def ask(self, reason: str, *, everything: bool) -> None:
        """Let no task start that is not there for failures; with `everything` none at all."""
        self.reason = reason
        self._asked[_FIRST].set()
        if everything:
            self._asked[_ALL].set()

    def reaches(self, rule: Rule) -> bool:
        """Whether a task with this rule does not start any more."""
        return self._event(rule).is_set()

    async def pause(self, rule: Rule, seconds: float) -> None:
        """Wait, but no longer than a task with this rule may start."""
        try:
            await asyncio.wait_for(self._event(rule).wait(), seconds)
        except asyncio.TimeoutError:
            return

    def _event(self, rule: Rule) -> asyncio.Event:
        return self._asked[_ALL if rule in FOR_FAILURES else _FIRST]
