"""Concurrency groups: who of those that want a group runs, who waits, and who is cancelled.

The rules are GitHub's, "Control the concurrency of workflows and jobs": in a group one runs; one waits, and gives way
to who comes after; with `queue: max` a hundred wait, in the order in which they came; `cancel-in-progress` cancels who
runs.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

LONGEST_QUEUE: Final = 100
PATIENCE: Final = 300
_GLANCE: Final = 0.05

Word: TypeAlias = Literal["waits", "enters", "leaves", "cancelled"]


@dataclass(eq=False, kw_only=True)
class Turn:
    """A run of a workflow, or a job of one, that may be cancelled while it waits or works.

    Attributes:
        who: as the log names it.
        above: the run of a job; whoever cancels it cancels the job too.
        survives: whether the job runs though its run is cancelled, as with `if: always()`.
    """

    who: str
    above: "Turn | None" = None
    survives: bool = False
    _flag: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        self._flag.set()

    @property
    def is_cancelled(self) -> bool:
        above = self.above is not None and self.above.is_cancelled and not self.survives
        return self._flag.is_set() or above


@dataclass(kw_only=True)
class Groups:
    """The groups of a repository.

    Attributes:
        log: what has happened, in order: the group, the word, who.
    """

    log: list[tuple[str, Word, str]] = field(default_factory=list)
    _running: dict[str, Turn] = field(default_factory=dict)
    _waiting: "defaultdict[str, list[Turn]]" = field(default_factory=lambda: defaultdict(list))
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def turn(self, settings: Mapping[str, Any] | None, turn: Turn) -> Iterator[bool]:
        """Whether it is the turn of somebody, once that is decided; the group is held as long as the block runs."""
        if settings is None:
            yield not turn.is_cancelled
            return
        # Names of groups are the same in capitals.
        group = settings["group"].casefold()
        begins = self._enter(group, settings, turn)
        try:
            yield begins
        finally:
            if begins:
                with self._changed:
                    del self._running[group]
                    self._tell(group, "leaves", turn)

    def _enter(self, group: str, settings: Mapping[str, Any], turn: Turn) -> bool:
        with self._changed:
            self._make_room(group, settings)
            self._waiting[group].append(turn)
            if group in self._running:
                self._tell(group, "waits", turn)
            while not turn.is_cancelled and (group in self._running or self._waiting[group][0] is not turn):
                self._changed.wait(_GLANCE)
            self._waiting[group].remove(turn)
            if turn.is_cancelled:
                self._tell(group, "cancelled", turn)
                return False
            self._running[group] = turn
            self._tell(group, "enters", turn)
            return True

    def _make_room(self, group: str, settings: Mapping[str, Any]) -> None:
        waiting = self._waiting[group]
        if settings["cancel-in-progress"] and group in self._running:
            self._running[group].cancel()
            self._tell(group, "cancelled", self._running[group])
        most = LONGEST_QUEUE if settings["queue"] == "max" else 1
        for one in waiting[: max(0, len(waiting) + 1 - most)]:
            one.cancel()

    def _tell(self, group: str, word: Word, turn: Turn) -> None:
        self.log.append((group, word, turn.who))
        self._changed.notify_all()

    def await_word(self, group: str, word: Word, times: int = 1) -> None:
        """Wait until something has happened in a group, so many times."""
        with self._changed:
            come = self._changed.wait_for(lambda: self.said(group).count(word) >= times, timeout=PATIENCE)
        assert come, f"nobody {word} in {group}: {self.log}"

    def said(self, group: str) -> list[Word]:
        """What has happened in a group, in order."""
        return [word for name, word, _ in self.log if name == group.casefold()]
