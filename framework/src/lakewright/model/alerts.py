"""Tasks that an exclusion silences: alerts that sleep through a failure, and cleanups that a good run leaves out.

An alert is a task whose rule wants a failed parent. A parent that does not run because something above it failed did
not fail itself, and one that is excluded counts as successful: the alert is then excluded, though it was meant. And a
task that is to run in any case (`all_done`) is excluded when all that it waits for is.
"""

from __future__ import annotations

from itertools import chain, compress, product
from typing import Final, NamedTuple

from lakewright.model.states import Rule, State, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lakewright.model.dag import Dag

    Scenario = frozenset[str]

ALERTS: Final = frozenset({Rule.ONE_FAILED, Rule.ALL_FAILED})
EXHAUSTIVE: Final = 10


class Silence(NamedTuple):
    """An alert, and the failures that it would keep silent about.

    Attributes:
        failures: tasks each of which alone is enough; where none is, one group of tasks that fail together.
        skipped: parents of the alert that do not run when the first of these fails (the group fails).
    """

    alert: str
    failures: tuple[str, ...]
    together: bool
    skipped: tuple[str, ...]


class _Ends(NamedTuple):
    """How a task ends in all scenarios at once: bit n of each number is scenario n."""

    failed: int
    upstream_failed: int
    excluded: int


def silent_alerts(dag: Dag, *, exhaustive: int = EXHAUSTIVE) -> Iterator[Silence]:
    """The alerts of a DAG that some failures above them leave silent, in declaration order.

    An alert is meant when a parent failed or could not run for a failure above it; with `all_failed`, when that goes
    for all parents that were not excluded. It keeps silent when its rule, judged by `states.judge`, excludes it all the
    same. Every scenario that is reported does happen.

    Args:
        dag: the tasks.
        exhaustive: of an alert that hangs on no more tasks than these, no scenario is missed; else only a task that
            fails alone, one that fails with a parent, and all parents of a task at once are looked at.

    >>> from lakewright.model.dag import Dag
    >>> list(silent_alerts(Dag.from_edges([("load", "clean"), ("clean", "report")])))
    []
    """
    for task in dag.tasks:
        if Rule(task.settings.run_if) in ALERTS:
            silence = _silence(dag, task.key, exhaustive=exhaustive)
            if silence:
                yield silence


def skipped_cleanups(dag: Dag) -> Iterator[str]:
    """Tasks with `all_done` that do not run when nothing fails; one that any run excludes is excluded then, too."""
    if all(task.settings.run_if != Rule.ALL_DONE.value for task in dag.tasks):
        return
    states: dict[str, State] = {}
    for key in dag.topological_sort():
        rule = Rule(dag.task(key).settings.run_if)
        verdict = judge(rule, [(parent, states[parent]) for parent in dag.upstream(key)])
        states[key] = State.SUCCESS if verdict.runs else verdict.state
        if rule is Rule.ALL_DONE and not verdict.runs:
            yield key


def _silence(dag: Dag, alert: str, *, exhaustive: int) -> Silence | None:
    above = _above(dag, alert)
    scenarios = _all_mixes(above) if len(above) <= exhaustive else _likely(dag, above)
    ends = _ends(dag, above, scenarios)
    parents = dag.upstream(alert)
    silent = _silent(Rule(dag.task(alert).settings.run_if), [ends[key] for key in parents], _all(scenarios))
    found = [number for number in range(len(scenarios)) if silent >> number & 1]
    if not found:
        return None
    first = scenarios[found[0]]
    alone = tuple(key for number in found for key in scenarios[number] if len(scenarios[number]) == 1)
    skipped = tuple(key for key in parents if (ends[key].upstream_failed | ends[key].excluded) >> found[0] & 1)
    together = tuple(key for key in above if key in first)
    return Silence(alert, alone or together, together=not alone, skipped=skipped)


def _above(dag: Dag, key: str) -> tuple[str, ...]:
    """All tasks that a task hangs on, each after its own parents."""
    found: set[str] = set()
    pending = list(dag.upstream(key))
    while pending:
        parent = pending.pop()
        if parent not in found:
            found.add(parent)
            pending.extend(dag.upstream(parent))
    return tuple(each for each in dag.topological_sort() if each in found)


# In each scenario, which tasks fail when they run; those with fewer failures come first.
def _all_mixes(above: Sequence[str]) -> tuple[Scenario, ...]:
    mixes = (compress(above, mix) for mix in product((False, True), repeat=len(above)))
    return tuple(sorted(map(frozenset, mixes), key=len))


def _likely(dag: Dag, above: Sequence[str]) -> tuple[Scenario, ...]:
    alone = (frozenset((key,)) for key in above)
    pairs = (frozenset((parent, key)) for key in above for parent in dag.upstream(key))
    families = (frozenset(dag.upstream(key)) for key in above)
    return tuple(sorted(dict.fromkeys(chain(alone, pairs, families)), key=len))


def _all(scenarios: Sequence[Scenario]) -> int:
    return (1 << len(scenarios)) - 1


def _ends(dag: Dag, above: Iterable[str], scenarios: Sequence[Scenario]) -> Mapping[str, _Ends]:
    """`states.judge` for all scenarios at once; a thousand tasks in a thousand scenarios take a few milliseconds."""
    failing = dict.fromkeys(above, 0)
    for number, scenario in enumerate(scenarios):
        for key in scenario:
            failing[key] |= 1 << number
    ends: dict[str, _Ends] = {}
    for key in failing:
        rule, parents = Rule(dag.task(key).settings.run_if), [ends[parent] for parent in dag.upstream(key)]
        runs, idle = _runs(rule, parents, _all(scenarios))
        skipped = _all(scenarios) & ~runs
        excluded = skipped if rule in ALERTS else skipped & idle
        ends[key] = _Ends(runs & failing[key], skipped & ~excluded, excluded)
    return ends


def _runs(rule: Rule, parents: Sequence[_Ends], everywhere: int) -> tuple[int, int]:
    """The scenarios in which a task runs, and those in which all its parents are excluded."""
    if not parents:
        return everywhere, 0
    idle = _and((parent.excluded for parent in parents), everywhere)
    bad = [parent.failed | parent.upstream_failed for parent in parents]
    failed = [parent.failed for parent in parents]
    met = {
        Rule.ALL_SUCCESS: everywhere & ~_or(bad),
        Rule.NONE_FAILED: everywhere & ~_or(bad),
        Rule.ONE_SUCCESS: everywhere & ~_and(bad, everywhere),
        Rule.ALL_DONE: everywhere,
        Rule.ONE_FAILED: _or(failed),
        Rule.ALL_FAILED: _and(failed, everywhere),
    }
    return met[rule] & ~idle, idle


def _silent(rule: Rule, parents: Sequence[_Ends], everywhere: int) -> int:
    """The scenarios in which an alert is meant and does not run."""
    hit = _or(parent.failed | parent.upstream_failed for parent in parents)
    if rule is Rule.ALL_FAILED:
        hit &= _and((parent.failed | parent.upstream_failed | parent.excluded for parent in parents), everywhere)
    return hit & ~_runs(rule, parents, everywhere)[0]


def _or(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= number
    return found


def _and(numbers: Iterable[int], everywhere: int) -> int:
    for number in numbers:
        everywhere &= number
    return everywhere
