"""What a run gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from lakewright.errors.running import NoResultError, TaskFailedError
from lakewright.model.states import State, run_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lakewright.io.paths import RunPaths
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord

R = TypeVar("R")


class HasState(Protocol):
    """How a task ended."""

    @property
    def state(self) -> State:
        """The state that it ended in."""

    @property
    def reason(self) -> str:
        """Why it did not run, where it did not."""


# A named tuple: there is one for every task, and a frozen dataclass takes three times as long to make.
class TaskOutcome(NamedTuple):
    """How one task ended.

    Attributes:
        seconds: of each attempt, in order.
        error: what the last attempt raised.
        reason: why it did not run; of one that has succeeded, where its output comes from.
        cache: of a task with `cache=True` that ran, why its output was not taken from an earlier run.
        last_attempt: the number of its last attempt.
        taken: of a condition, `"true"` or `"false"`.
    """

    state: State
    seconds: tuple[float, ...] = ()
    last_attempt: int = 0
    record: CommitRecord | None = None
    error: BaseException | None = None
    reason: str = ""
    cache: str = ""
    taken: str = ""

    @property
    def attempts(self) -> int:
        """How many times this run tried it."""
        return len(self.seconds)


class RunInterruptedError(KeyboardInterrupt):
    """A run that its user stopped.

    Attributes:
        result: what it gave until then.
    """

    def __init__(self, result: RunResult[Any]) -> None:
        super().__init__(f"run '{result.run_id}' was interrupted")
        self.result = result


class Finished(Protocol):
    """How a run ended, whatever has run it."""

    @property
    def status(self) -> str:
        """`success` or `failed`."""

    @property
    def leaf_status(self) -> str:
        """The status as the platform judges it."""

    @property
    def seconds(self) -> float:
        """How long it took."""


class Judged:
    """What the states of its tasks make of a run, whatever has run it.

    Attributes:
        outcomes: how each task ended, by key.
        leaves: the tasks that nothing hangs on.
    """

    __slots__ = ()

    outcomes: Mapping[str, HasState]
    leaves: tuple[str, ...]

    @property
    def states(self) -> Mapping[str, str]:
        """The state of each task, by key."""
        return {key: outcome.state.value for key, outcome in self.outcomes.items()}

    @property
    def status(self) -> str:
        """`success`, or `failed` if any task failed, even one whose failure another task handled."""
        return run_state(outcome.state for outcome in self.outcomes.values()).value

    @property
    def leaf_status(self) -> str:
        """The status as the platform judges it: by the tasks that nothing hangs on."""
        return run_state(self.outcomes[key].state for key in self.leaves).value


class RunResult(Judged, Mapping[str, Any], Generic[R]):
    """A mapping from task key to value, with the status of the run and of each task.

    Values are read when they are asked for; tasks that did not succeed have none and are absent.

    Attributes:
        run_id: the run's id.
        outcomes: how each task ended, in declaration order.
        leaves: the tasks that nothing hangs on.
        seconds: of the whole run.

    >>> from lakewright import MemoryIo, job, task
    >>> @task
    ... def load() -> list[int]:
    ...     return [1, 2, 3]
    >>> @task
    ... def total(numbers: list[int]) -> int:
    ...     return sum(numbers)
    >>> @job
    ... def daily() -> int:
    ...     return total(load())
    >>> result = daily.execute(io=MemoryIo())
    >>> result.status, result["load"], result.value
    ('success', [1, 2, 3], 6)
    >>> result.states
    {'load': 'success', 'total': 'success'}
    """

    outcomes: Mapping[str, TaskOutcome]

    def __init__(
        self,
        *,
        dag: Dag,
        paths: RunPaths,
        outcomes: Mapping[str, TaskOutcome],
        seconds: float,
        value_of: Callable[[str], object],
        body_value: Callable[[], R],
    ) -> None:
        self.dag = dag
        self.run_id = paths.run_id
        self.paths = paths
        self.outcomes = outcomes
        self.leaves = dag.leaves
        self.seconds = seconds
        self._value_of = value_of
        self._body_value = body_value

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  the type that the task returns, which a key does not tell
        outcome = self.outcomes.get(key)
        if outcome is None or outcome.state is not State.SUCCESS:
            raise NoResultError(key, status=outcome.state.value if outcome else "", known=self.outcomes)
        return self._value_of(key)

    def __iter__(self) -> Iterator[str]:
        return (key for key, outcome in self.outcomes.items() if outcome.state is State.SUCCESS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        succeeded = f"{len(self)} of {len(self.outcomes)} tasks succeeded"
        return f"<run '{self.run_id}' of '{self.dag.name}': {self.status}, {succeeded}>"

    @property
    def value(self) -> R:
        """What the body returned, with data in place of outputs.

        Raises:
            TaskFailedError: a task failed.
        """
        self.raise_for_status()
        return self._body_value()

    def raise_for_status(self) -> None:
        """Raise if a task failed.

        Raises:
            TaskFailedError: the first that failed, its cause chained.
        """
        for key, outcome in self.outcomes.items():
            if outcome.error is not None:
                location = self.dag.task(key).location
                error = TaskFailedError(key, attempts=outcome.attempts, cause=outcome.error, location=location)
                raise error from outcome.error
