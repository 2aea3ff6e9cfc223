import pytest
from databricks.bundles.jobs import Job

from lakewright.model.states import RUN_IF, SEMANTICS, Rule, State, judge
from lakewright.project.probes import PROBES, Probe, Task, open_probes

RULES = {word: rule for rule, word in RUN_IF.items()}
every_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.key)


def test_every_fact_that_nobody_has_seen_has_a_probe_and_no_other() -> None:
    assert [probe.fact for probe in open_probes()] == [row.fact for row in SEMANTICS if not row.verified]
    assert {probe.fact for probe in PROBES} <= {row.fact for row in SEMANTICS}
    assert len({probe.key for probe in PROBES}) == len(PROBES)


@every_probe
def test_databricks_takes_the_job_of_a_probe_as_it_is_written(probe: Probe) -> None:
    read = Job.from_dict(probe.job)  # type: ignore[arg-type]  # a plain dict
    assert Job.from_dict(read.as_dict()) == read
    assert [task.task_key for task in read.tasks] == [task["task_key"] for task in probe.tasks]  # type: ignore[union-attr]


@every_probe
def test_a_probe_expects_states_of_its_own_tasks(probe: Probe) -> None:
    keys = {task["task_key"] for task in probe.tasks}
    assert {key.partition(" (")[0] for key in probe.expected} <= {*keys, "the run"}
    assert {word for word in probe.expected.values() if not word.isdigit()} <= {state.value for state in State}


@every_probe
def test_a_probe_expects_what_the_rules_here_give(probe: Probe) -> None:
    ends = {"good": State.SUCCESS, "no": State.SUCCESS, **{key: State(word) for key, word in states(probe).items()}}
    ends |= {task["task_key"]: State.FAILED for task in probe.tasks if task["task_key"] == "bad"}
    for task in probe.tasks:
        if "depends_on" in task and task["task_key"] in probe.expected and "timeout_seconds" not in probe.settings:
            assert_as_judged(task, ends)


def states(probe: Probe) -> dict[str, str]:
    return {key: word for key, word in probe.expected.items() if " " not in key}


def assert_as_judged(task: Task, ends: dict[str, State]) -> None:
    """What is expected of a task is what becomes of it here: an outcome that is not met is an excluded parent."""
    rule = RULES[task["run_if"]]
    unmet = [each["task_key"] for each in task["depends_on"] if each.get("outcome") and each["task_key"] == "no"]
    parents = [
        (key, State.EXCLUDED if key in unmet else ends[key])
        for key in (each["task_key"] for each in task["depends_on"])
    ]
    verdict = judge(rule, parents)
    expected = ends[task["task_key"]]
    if unmet and rule is Rule.ALL_SUCCESS:
        assert expected is State.EXCLUDED
    elif verdict.runs:
        assert expected in {State.SUCCESS, State.FAILED}
    else:
        assert expected is verdict.state
