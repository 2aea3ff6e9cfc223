"""The one state machine: what becomes of a task once all its parents have ended, and of a run once all tasks have.

Sources: Databricks, "Configure task dependencies" (run-if conditions) and "View job runs" (leaf tasks decide a run).
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class State(str, Enum):
    """How a task stands; every state but the first two is an end."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    UPSTREAM_FAILED = "upstream_failed"
    EXCLUDED = "excluded"


class Rule(str, Enum):
    """Which ends of its parents let a task run; the values of the platform's `run_if` in upper case."""

    ALL_SUCCESS = "all_success"
    ONE_SUCCESS = "one_success"
    NONE_FAILED = "none_failed"
    ALL_DONE = "all_done"
    ONE_FAILED = "one_failed"
    ALL_FAILED = "all_failed"


RUN_IF: Final[Mapping[Rule, str]] = {
    Rule.ALL_SUCCESS: "ALL_SUCCESS",
    Rule.ONE_SUCCESS: "AT_LEAST_ONE_SUCCESS",
    Rule.NONE_FAILED: "NONE_FAILED",
    Rule.ALL_DONE: "ALL_DONE",
    Rule.ONE_FAILED: "AT_LEAST_ONE_FAILED",
    Rule.ALL_FAILED: "ALL_FAILED",
}

# Rules of tasks that are there for failures: they clean up, or tell somebody.
FOR_FAILURES: Final = frozenset({Rule.ALL_DONE, Rule.ONE_FAILED, Rule.ALL_FAILED})
ENDED: Final = frozenset(State) - {State.PENDING, State.RUNNING}
FAILURES: Final = frozenset({State.FAILED, State.TIMED_OUT, State.CANCELLED})


class Semantics(NamedTuple):
    """One fact about the platform: what holds, who says so, and whether it was seen on a real workspace."""

    fact: str
    source: str
    verified: bool


SEMANTICS: Final[tuple[Semantics, ...]] = (
    Semantics("a task is judged once all its direct parents have ended", "run-if documentation", verified=False),
    Semantics("an excluded parent counts as successful", "run-if documentation", verified=False),
    Semantics(
        "when all parents are excluded the task is excluded, whatever its rule", "run-if documentation", verified=False
    ),
    Semantics(
        "an unmet success rule gives upstream_failed, an unmet failure rule excluded",
        "run-if documentation",
        verified=False,
    ),
    Semantics("NONE_FAILED also wants one parent that ran", "run-if documentation", verified=False),
    Semantics(
        "upstream_failed is a failure for success rules, and no failure of the parent's own for failure rules",
        "no source; chosen so that an alert watches its direct parents",
        verified=False,
    ),
    Semantics("the leaf tasks decide the status of a run", "job-run documentation", verified=False),
    Semantics(
        "an outcome that is not met excludes a task that wants all to succeed", "Jobs API, depends_on", verified=False
    ),
    Semantics(
        "for every other rule an outcome that is not met is an excluded parent",
        "no source; chosen so that one of several outcomes can be enough",
        verified=False,
    ),
    Semantics("a condition that cannot be evaluated fails", "if/else documentation", verified=False),
    Semantics("a for-each fails if an iteration does, and the others go on", "for-each documentation", verified=False),
    Semantics(
        "a reference to a task value that nobody has set fails the task", "databricks/cli issue 3827", verified=False
    ),
    Semantics(
        "the interval between attempts counts from the start of the failed one", "Jobs API, Task", verified=False
    ),
    Semantics("an attempt that timed out is tried again only with retry_on_timeout", "Jobs API, Task", verified=False),
    Semantics(
        "the timeout of a job cancels the tasks that run and those that wait",
        "no source; chosen after the states of cancelled runs",
        verified=False,
    ),
)


class Verdict(NamedTuple):
    """Whether a task runs; if not, the state it ends in and why."""

    runs: bool
    state: State = State.PENDING
    reason: str = ""


RUN: Final = Verdict(runs=True)


def judge(rule: Rule, parents: Sequence[tuple[str, State]]) -> Verdict:
    """What becomes of a task whose parents have ended as given.

    >>> judge(Rule.ALL_SUCCESS, [("load", State.SUCCESS), ("clean", State.FAILED)])
    Verdict(runs=False, state=<State.UPSTREAM_FAILED: 'upstream_failed'>, reason='upstream failed: clean')
    >>> judge(Rule.ONE_FAILED, [("clean", State.SUCCESS)]).state.value
    'excluded'
    """
    if not parents:
        return RUN
    if all(state is State.EXCLUDED for _, state in parents):
        return Verdict(runs=False, state=State.EXCLUDED, reason=f"excluded with {_names(key for key, _ in parents)}")
    if rule in {Rule.ONE_FAILED, Rule.ALL_FAILED}:
        return _judge_failure_rule(rule, parents)
    return _judge_success_rule(rule, parents)


def _judge_failure_rule(rule: Rule, parents: Sequence[tuple[str, State]]) -> Verdict:
    failed = [state in FAILURES for _, state in parents]
    if any(failed) if rule is Rule.ONE_FAILED else all(failed):
        return RUN
    wanted = "no parent failed" if rule is Rule.ONE_FAILED else "not all parents failed"
    return Verdict(runs=False, state=State.EXCLUDED, reason=f"excluded: {wanted}")


def _judge_success_rule(rule: Rule, parents: Sequence[tuple[str, State]]) -> Verdict:
    bad = [key for key, state in parents if state not in {State.SUCCESS, State.EXCLUDED}]
    if rule is Rule.ALL_DONE or not bad or (rule is Rule.ONE_SUCCESS and len(bad) < len(parents)):
        return RUN
    return Verdict(runs=False, state=State.UPSTREAM_FAILED, reason=f"upstream failed: {_names(bad)}")


def _names(keys: Iterable[str]) -> str:
    return ", ".join(keys)


def run_state(states: Iterable[State]) -> State:
    """`failed` if any of these failed or wanted to run and could not, else `success`.

    Of all tasks it is the status of a run here; of the leaves alone, the status that the platform gives it.
    """
    bad = FAILURES | {State.UPSTREAM_FAILED}
    return State.FAILED if any(state in bad for state in states) else State.SUCCESS
