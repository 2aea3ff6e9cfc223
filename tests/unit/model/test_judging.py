"""What becomes of a task behind conditions."""

from typing import NamedTuple

import pytest

from lakewright.model.judging import Need, verdict
from lakewright.model.states import Rule, State


class Parent(NamedTuple):
    state: State
    taken: str = ""


ENDED = {
    "yes": Parent(State.SUCCESS, "true"),
    "no": Parent(State.SUCCESS, "false"),
    "broken": Parent(State.FAILED),
    "away": Parent(State.EXCLUDED),
    "load": Parent(State.SUCCESS),
    "lost": Parent(State.FAILED),
}


def end(rule: Rule, *needs: Need) -> State | None:
    """The state that a task ends in without running; None when it runs."""
    judged = verdict(rule, needs, ENDED)
    return None if judged.runs else judged.state


def test_the_side_that_is_taken_runs_and_the_other_is_excluded() -> None:
    assert end(Rule.ALL_SUCCESS, Need("yes", "true")) is None
    assert end(Rule.ALL_SUCCESS, Need("yes", "false")) is State.EXCLUDED


def test_the_reason_names_the_condition() -> None:
    assert verdict(Rule.ALL_SUCCESS, [Need("no", "true")], ENDED).reason == "excluded: no is not true"


def test_an_outcome_that_is_not_met_excludes_a_task_beside_parents_that_succeeded() -> None:
    assert end(Rule.ALL_SUCCESS, Need("load"), Need("no", "true")) is State.EXCLUDED
    assert end(Rule.ALL_SUCCESS, Need("yes", "true"), Need("no", "true")) is State.EXCLUDED


@pytest.mark.parametrize("rule", [Rule.ONE_SUCCESS, Rule.NONE_FAILED, Rule.ALL_DONE])
def test_for_other_rules_it_is_one_excluded_parent_among_others(rule: Rule) -> None:
    assert end(rule, Need("yes", "true"), Need("no", "true")) is None
    assert end(rule, Need("load"), Need("no", "true")) is None
    assert end(rule, Need("yes", "false"), Need("no", "true")) is State.EXCLUDED


@pytest.mark.parametrize("outcome", ["true", "false"])
def test_a_condition_that_failed_fails_both_sides(outcome: str) -> None:
    assert end(Rule.ALL_SUCCESS, Need("broken", outcome)) is State.UPSTREAM_FAILED
    assert end(Rule.ONE_FAILED, Need("broken", outcome)) is None


@pytest.mark.parametrize("outcome", ["true", "false"])
def test_a_condition_that_was_excluded_excludes_both_sides(outcome: str) -> None:
    assert end(Rule.ALL_SUCCESS, Need("away", outcome)) is State.EXCLUDED
    assert end(Rule.ALL_SUCCESS, Need("load"), Need("away", outcome)) is State.EXCLUDED


def test_a_failed_parent_counts_more_than_an_outcome() -> None:
    assert end(Rule.ALL_SUCCESS, Need("lost"), Need("no", "true")) is State.UPSTREAM_FAILED


def test_without_an_outcome_a_condition_is_a_task_like_others() -> None:
    assert end(Rule.ALL_SUCCESS, Need("no")) is None


def test_a_task_without_needs_runs() -> None:
    assert end(Rule.ALL_FAILED) is None
