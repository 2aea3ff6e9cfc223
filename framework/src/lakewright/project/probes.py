"""What a real workspace is asked about itself: a job for each fact of the semantics that nobody has seen there yet.

Conditions need no compute, so they stand wherever a task has only to succeed, fail its comparison or wait for others.

Sources: Databricks, "Configure task dependencies", "Dynamic value references"; the Jobs API.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lakewright.databricks.run_outcomes import ITERATIONS, RUN
from lakewright.model.compute import Serverless
from lakewright.model.states import RUN_IF, SEMANTICS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

Task: TypeAlias = "Mapping[str, Any]"

SCRIPT: Final = "probe_task.py"
_STARTED: Final = "{{job.start_time.timestamp_ms}}"
_EXECUTION: Final = "{{task.execution_count}}"
_ENVIRONMENT: Final = "default"
# Nothing of a probe takes that long.
_LONGEST: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A job whose tasks show whether a fact holds.

    Attributes:
        key: of the job in the bundle.
        fact: to the letter as `SEMANTICS` has it.
        tasks: in the form of the platform.
        expected: the states that tasks end in if the fact holds.
        settings: of the job.
    """

    key: str
    fact: str
    tasks: tuple[Task, ...]
    expected: Mapping[str, str]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def job(self) -> Mapping[str, Any]:
        """The job's definition."""
        spec = {"environment_version": Serverless().environment_version}
        return {
            "name": f"lakewright probe: {self.key}",
            "timeout_seconds": _LONGEST,
            "environments": [{"environment_key": _ENVIRONMENT, "spec": spec}],
            "tasks": [dict(task) for task in self.tasks],
            **self.settings,
        }


def _condition(
    key: str, *after: str, rule: Rule = Rule.ALL_SUCCESS, left: str = "1", op: str = "EQUAL_TO", right: str = "1"
) -> Task:
    """A task that compares two values; it succeeds whatever comes out."""
    compared = {"op": op, "left": left, "right": right}
    return {"task_key": key, **_order(after, rule), "condition_task": compared}


def _script(key: str, *words: str, after: tuple[str, ...] = (), rule: Rule = Rule.ALL_SUCCESS, **settings: Any) -> Task:  # noqa: ANN401  any setting of a task
    """A task with a process of its own; it is tried again only if its settings say so."""
    own = {"environment_key": _ENVIRONMENT, "disable_auto_optimization": True, "max_retries": 0}
    process = {"python_file": f"./{SCRIPT}", "parameters": list(words)}
    return {"task_key": key, **_order(after, rule), "spark_python_task": process, **own, **settings}


def _order(after: tuple[str, ...], rule: Rule) -> Mapping[str, Any]:
    """After which tasks one comes, each as `key` or `key:outcome`."""
    if not after:
        return {}
    parents = ((key, outcome) for key, _, outcome in (each.partition(":") for each in after))
    named = [{"task_key": key, **({"outcome": outcome} if outcome else {})} for key, outcome in parents]
    return {"depends_on": named, "run_if": RUN_IF[rule]}


_GOOD: Final = _condition("good")
_BAD: Final = _script("bad", "fail")
_NO: Final = _condition("no", right="2")
_EXCLUDED: Final = _condition("left_out", "no:true")
_FAILURE_RULES: Final = (Rule.ONE_FAILED, Rule.ALL_FAILED)

PROBES: Final[tuple[Probe, ...]] = (
    Probe(
        key="all_parents_end",
        fact="a task is judged once all its direct parents have ended",
        tasks=(
            _BAD,
            _script("slow", "sleep", "120"),
            _script("after", "not_before", "120", _STARTED, after=("bad", "slow"), rule=Rule.ONE_FAILED),
        ),
        expected={"bad": "failed", "slow": "success", "after": "success"},
    ),
    Probe(
        key="excluded_counts",
        fact="an excluded parent counts as successful",
        tasks=(_NO, _EXCLUDED, _GOOD, _condition("after", "left_out", "good")),
        expected={"left_out": "excluded", "after": "success"},
    ),
    Probe(
        key="all_excluded",
        fact="when all parents are excluded the task is excluded, whatever its rule",
        tasks=(_NO, _EXCLUDED, *(_condition(rule.value, "left_out", rule=rule) for rule in Rule)),
        expected={"left_out": "excluded", **{rule.value: "excluded" for rule in Rule}},
    ),
    Probe(
        key="unmet_rules",
        fact="an unmet success rule gives upstream_failed, an unmet failure rule excluded",
        tasks=(
            _BAD,
            _GOOD,
            _condition("all_success", "bad", "good"),
            _condition("one_success", "bad", rule=Rule.ONE_SUCCESS),
            _condition("none_failed", "bad", "good", rule=Rule.NONE_FAILED),
            _condition("one_failed", "good", rule=Rule.ONE_FAILED),
            _condition("all_failed", "bad", "good", rule=Rule.ALL_FAILED),
        ),
        expected={
            **dict.fromkeys(("all_success", "one_success", "none_failed"), "upstream_failed"),
            **{rule.value: "excluded" for rule in _FAILURE_RULES},
        },
    ),
    Probe(
        key="none_failed",
        fact="NONE_FAILED also wants one parent that ran",
        tasks=(
            _NO,
            _EXCLUDED,
            _GOOD,
            _condition("none_ran", "left_out", rule=Rule.NONE_FAILED),
            _condition("one_ran", "left_out", "good", rule=Rule.NONE_FAILED),
        ),
        expected={"left_out": "excluded", "none_ran": "excluded", "one_ran": "success"},
    ),
    Probe(
        key="upstream_failed",
        fact="upstream_failed is a failure for success rules, and no failure of the parent's own for failure rules",
        tasks=(
            _BAD,
            _GOOD,
            _condition("broken", "bad"),
            _condition("all_success", "broken", "good"),
            _condition("none_failed", "broken", "good", rule=Rule.NONE_FAILED),
            *(_condition(rule.value, "broken", rule=rule) for rule in _FAILURE_RULES),
        ),
        expected={
            **dict.fromkeys(("broken", "all_success", "none_failed"), "upstream_failed"),
            **{rule.value: "excluded" for rule in _FAILURE_RULES},
        },
    ),
    Probe(
        key="leaves_decide",
        fact="the leaf tasks decide the status of a run",
        tasks=(_BAD, _condition("handled", "bad", rule=Rule.ALL_DONE)),
        expected={"bad": "failed", "handled": "success", RUN: "success"},
    ),
    Probe(
        key="outcome_not_met",
        fact="an outcome that is not met excludes a task that wants all to succeed",
        tasks=(_NO, _GOOD, _condition("after", "no:true", "good")),
        expected={"no": "success", "after": "excluded"},
    ),
    Probe(
        key="one_of_outcomes",
        fact="for every other rule an outcome that is not met is an excluded parent",
        tasks=(
            _NO,
            _GOOD,
            *(
                _condition(rule.value, "no:true", "good:true", rule=rule)
                for rule in Rule
                if rule is not Rule.ALL_SUCCESS
            ),
        ),
        expected={
            **{rule.value: "success" for rule in (Rule.ONE_SUCCESS, Rule.NONE_FAILED, Rule.ALL_DONE)},
            **{rule.value: "excluded" for rule in _FAILURE_RULES},
        },
    ),
    Probe(
        key="no_comparison",
        fact="a condition that cannot be evaluated fails",
        tasks=(_condition("compare", left="many", op="GREATER_THAN", right="1"),),
        expected={"compare": "failed"},
    ),
    Probe(
        key="for_each",
        fact="a for-each fails if an iteration does, and the others go on",
        tasks=(
            {
                "task_key": "each",
                "for_each_task": {
                    "inputs": '["a", "b", "c"]',
                    "concurrency": 1,
                    "task": _script("each_one", "fail_on", "a", "{{input}}"),
                },
            },
        ),
        expected={"each": "failed", ITERATIONS.format("each"): "2"},
    ),
    Probe(
        key="unset_value",
        fact="a reference to a task value that nobody has set fails the task",
        tasks=(
            _script("sets_none", "succeed"),
            _script("reads", "succeed", "{{tasks.sets_none.values.missing}}", after=("sets_none",)),
        ),
        expected={"sets_none": "success", "reads": "failed"},
    ),
    Probe(
        key="interval",
        fact="the interval between attempts counts from the start of the failed one",
        # The second attempt starts 300 s after the first one did, or 600 s if the interval counts from its end.
        tasks=(
            _script(
                "again",
                *("fail_first", "300", _EXECUTION, _STARTED),
                max_retries=1,
                min_retry_interval_millis=300_000,
            ),
        ),
        expected={"again": "success"},
    ),
    Probe(
        key="timeout",
        fact="an attempt that timed out is tried again only with retry_on_timeout",
        tasks=tuple(
            _script(
                key,
                *("sleep_first", "900", _EXECUTION),
                max_retries=1,
                timeout_seconds=300,
                retry_on_timeout=again,
            )
            for key, again in (("given_up", False), ("again", True))
        ),
        expected={"given_up": "timed_out", "again": "success"},
    ),
    Probe(
        key="job_timeout",
        fact="the timeout of a job cancels the tasks that run and those that wait",
        tasks=(_script("runs", "sleep", "900"), _condition("waits", "runs")),
        expected={"runs": "cancelled", "waits": "cancelled"},
        settings={"timeout_seconds": 300},
    ),
)


def open_probes() -> tuple[Probe, ...]:
    """The probes of the facts that are not verified yet."""
    open_facts = {row.fact for row in SEMANTICS if not row.verified}
    return tuple(probe for probe in PROBES if probe.fact in open_facts)
