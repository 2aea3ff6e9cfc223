from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Final

import pytest

from lakewright.model.states import ENDED, FAILURES, RUN, RUN_IF, SEMANTICS, Rule, State, judge, run_state

SUCCESS, FAILED, TIMED_OUT, CANCELLED = State.SUCCESS, State.FAILED, State.TIMED_OUT, State.CANCELLED
UPSTREAM, EXCLUDED = State.UPSTREAM_FAILED, State.EXCLUDED

GOOD: Final = {SUCCESS, EXCLUDED}
# The rules once more, as the documentation says them.
RUNS: Final[Mapping[Rule, Callable[[Sequence[State]], bool]]] = {
    Rule.ALL_SUCCESS: lambda states: all(state in GOOD for state in states),
    Rule.ONE_SUCCESS: lambda states: any(state in GOOD for state in states),
    Rule.NONE_FAILED: lambda states: all(state in GOOD for state in states),
    Rule.ALL_DONE: lambda _: True,
    Rule.ONE_FAILED: lambda states: any(state in FAILURES for state in states),
    Rule.ALL_FAILED: lambda states: all(state in FAILURES for state in states),
}


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_rule_holds_for_every_mix_of_parents(rule: Rule, count: int) -> None:
    for states in product(sorted(ENDED), repeat=count):
        verdict = judge(rule, [(f"parent_{number}", state) for number, state in enumerate(states)])
        if set(states) == {EXCLUDED}:
            assert (verdict.runs, verdict.state) == (False, EXCLUDED)
        elif RUNS[rule](states):
            assert verdict is RUN
        else:
            skipped = EXCLUDED if rule in {Rule.ONE_FAILED, Rule.ALL_FAILED} else UPSTREAM
            assert (verdict.runs, verdict.state) == (False, skipped)


@pytest.mark.parametrize("rule", Rule)
def test_a_task_without_parents_runs_whatever_its_rule(rule: Rule) -> None:
    assert judge(rule, []) is RUN


@pytest.mark.parametrize(
    ("rule", "states", "reason"),
    [
        (Rule.ALL_SUCCESS, [SUCCESS, FAILED, UPSTREAM], "upstream failed: b, c"),
        (Rule.ONE_SUCCESS, [TIMED_OUT], "upstream failed: a"),
        (Rule.ONE_FAILED, [SUCCESS], "excluded: no parent failed"),
        (Rule.ALL_FAILED, [CANCELLED, SUCCESS], "excluded: not all parents failed"),
        (Rule.ALL_DONE, [EXCLUDED, EXCLUDED], "excluded with a, b"),
    ],
)
def test_a_task_that_does_not_run_says_why(rule: Rule, states: Sequence[State], reason: str) -> None:
    assert judge(rule, list(zip("abc", states, strict=False))).reason == reason


def test_the_status_of_a_run_is_that_of_its_worst_task() -> None:
    assert run_state([SUCCESS, EXCLUDED]) is SUCCESS
    assert run_state([]) is SUCCESS
    for bad in (FAILED, TIMED_OUT, CANCELLED, UPSTREAM):
        assert run_state([SUCCESS, bad]) is FAILED


def test_every_rule_has_its_word_on_the_platform() -> None:
    assert set(RUN_IF) == set(Rule)
    assert len(set(RUN_IF.values())) == len(Rule)


def test_every_fact_about_the_platform_names_its_source() -> None:
    assert all(row.fact and row.source for row in SEMANTICS)
