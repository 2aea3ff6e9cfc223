"""What a task that is wired by hand is given as its `context`: the results of the tasks before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from lakewright.errors.running import MissingOutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class TaskResults(Mapping[str, Any]):
    """The results of the tasks that lead to a task, by name; those that failed or did not run are absent.

    A result is read when it is asked for. A task that returned None is there with None.

    Args:
        given: values that are there from the start; results go first.
        upstream: the tasks that lead to this one, the nearest first.
        record: raises MissingOutputError for a task that has not succeeded.
        read: a task's value.
    """

    def __init__(
        self,
        given: Mapping[str, object],
        *,
        upstream: Callable[[], Iterable[str]],
        record: Callable[[str], object],
        read: Callable[[str], object],
    ) -> None:
        self._given = given
        self._upstream = upstream
        self._record = record
        self._read = read

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  the type that the task returned
        if self._has_succeeded(name) and name in self._upstream():
            return self._read(name)
        return self._given[name]

    def __iter__(self) -> Iterator[str]:
        found = [key for key in self._upstream() if self._has_succeeded(key)]
        return iter(dict.fromkeys([*self._given, *reversed(found)]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<results of {', '.join(self) or 'no task'}>"

    def __setitem__(self, name: str, value: object) -> NoReturn:
        """Nothing is handed on in secret."""
        message = f"context[{name!r}] cannot be set: what a task hands on is what it returns"
        raise TypeError(message)

    def _has_succeeded(self, name: str) -> bool:
        try:
            self._record(name)
        except MissingOutputError:
            return False
        return True
