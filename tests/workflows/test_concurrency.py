"""What becomes of runs that come while others are under way: they are executed side by side."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.workflows.concurrency import Groups, Word
from tests.workflows.conftest import Publish
from tests.workflows.hub import Event, Hub
from tests.workflows.machine import Machine
from tests.workflows.platform import TARGETS, Platform
from tests.workflows.results import WorkflowRun
from tests.workflows.runner import run_workflow
from tests.workflows.steps import WorkflowError
from tests.workflows.test_deploys import records
from tests.workflows.test_pull_requests import JOBS, setting
from tests.workflows.test_runner import job, push, workflow

FIRST: Final = "echo first"
Work = Callable[[int], WorkflowRun]


def overlapping(machine: Machine, work: Work, *, others: int, begun: Callable[[], None]) -> list[WorkflowRun]:
    """The first run, during whose command the others begin, each on a machine of its own; and the others.

    Args:
        machine: of the first run.
        work: does a run, by its number.
        others: how many there are.
        begun: returns once another one has begun, and waits or has had its effect.
    """
    runs: list[Future[WorkflowRun]] = []

    def begin() -> None:
        for number in range(1, others + 1):
            runs.append(pool.submit(work, number))
            begun()

    with ThreadPoolExecutor() as pool:
        machine.meanwhile[FIRST] = begin
        first = work(0)
    assert len(runs) == others
    return [first, *(run.result() for run in runs)]


def until(groups: Groups, group: str, word: Word, *, run: Future[WorkflowRun]) -> None:
    """Wait until a run has made something happen in a group; it must not end before."""
    while word not in groups.said(group):
        assert not run.done() or word in groups.said(group), "\n".join(run.result().failures())
        time.sleep(0.05)


def grouped(concurrency: str) -> str:
    """A workflow of one job, which is in a group."""
    return workflow(job(f"{{run: '{FIRST}'}}", "{run: 'echo last'}", more=f"  concurrency: {concurrency}"))


@pytest.fixture
def together(tmp_path: Path, machine: Machine) -> Callable[..., list[WorkflowRun]]:
    def run(hub: Hub, *, others: int, word: Word = "waits", group: str = "one") -> list[WorkflowRun]:
        seen = iter(range(1, others + 1))
        machines = [machine, *(replace(machine, folder=tmp_path / f"machine-{n}", meanwhile={}) for n in range(others))]
        event = hub.push()
        return overlapping(
            machine,
            lambda number: run_workflow(hub, machines[number], event, file="test.yml"),
            others=others,
            begun=lambda: hub.groups.await_word(group, word, next(seen)),
        )

    return run


Together = Callable[..., list[WorkflowRun]]


def test_with_the_longest_queue_all_wait_and_run_in_their_order(publish: Publish, together: Together) -> None:
    hub = publish(test=grouped("{group: one, queue: max}"))
    assert [run.result for run in together(hub, others=3)] == 4 * ["success"]
    assert hub.groups.said("one") == ["enters", *3 * ["waits"], *3 * ["leaves", "enters"], "leaves"]
    entered = [who for _, word, who in hub.groups.log if word == "enters"]
    assert entered == [who for _, word, who in hub.groups.log if word == "leaves"] == sorted(entered)


def test_without_it_who_waits_gives_way_to_who_comes_after(publish: Publish, together: Together) -> None:
    hub = publish(test=grouped("{group: one}"))
    assert [run.result for run in together(hub, others=3)] == ["success", "cancelled", "cancelled", "success"]


def test_groups_are_the_same_in_capitals(publish: Publish, together: Together) -> None:
    hub = publish(test=grouped("{group: \"${{ github.run_id == '1' && 'one' || 'ONE' }}\", queue: max}"))
    assert [run.result for run in together(hub, others=1)] == ["success", "success"]


def test_who_is_in_another_group_does_not_wait(publish: Publish, together: Together) -> None:
    hub = publish(test=grouped("{group: 'of ${{ github.run_id }}'}"))
    assert [run.result for run in together(hub, others=1, word="leaves", group="of 2")] == ["success", "success"]


CANCELLING: Final = """\
work:
  runs-on: ubuntu-24.04
  permissions: {}
  steps:
    - run: echo first
    - run: sleep 60
    - run: echo never
    - {run: echo cancelled, if: cancelled()}
    - {run: echo always, if: always()}
next: {runs-on: ubuntu-24.04, permissions: {}, needs: work, steps: [{run: echo next}]}
gate: {runs-on: ubuntu-24.04, permissions: {}, needs: [work, next], if: always(), steps: [{run: echo gate}]}
"""


def test_who_runs_is_cut_off_where_the_workflow_says_so_and_what_always_runs_does(
    publish: Publish, machine: Machine, tmp_path: Path
) -> None:
    more = "concurrency: {group: one, cancel-in-progress: \"${{ github.event_name == 'push' }}\"}\n"
    hub = publish(test=workflow(CANCELLING, more=more))
    second = replace(machine, folder=tmp_path / "second", assumed={"sleep 60": 0}, meanwhile={})
    event = hub.push()
    first, other = overlapping(
        machine,
        lambda number: run_workflow(hub, second if number else machine, event, file="test.yml"),
        others=1,
        begun=lambda: hub.groups.await_word("one", "cancelled"),
    )
    assert (first.result, other.result) == ("cancelled", "success")
    assert first.results() == {"work": ["cancelled"], "next": ["cancelled"], "gate": ["success"]}
    assert hub.groups.said("one") == ["enters", "cancelled", "waits", "leaves", "enters", "leaves"]
    outcomes = {step.name: step.outcome for step in first.one("work").steps}
    assert outcomes["echo never"] == "skipped"
    assert (outcomes["echo cancelled"], outcomes["echo always"]) == ("success", "success")


def test_a_long_queue_in_which_who_runs_is_cancelled_is_refused(publish: Publish, machine: Machine) -> None:
    hub = publish(test=grouped("{group: one, queue: max, cancel-in-progress: true}"))
    with pytest.raises(WorkflowError, match="cannot be had with cancel-in-progress"):
        push(hub, machine)


def test_a_merge_right_after_another_waits_before_each_target_for_its_turn(deployed: Platform, tmp_path: Path) -> None:
    groups, before = deployed.hub.groups, len(records(deployed))
    first = deployed.merge(deployed.change("first", setting(deployed, 3)))
    more = deployed.read(JOBS).replace("max_concurrent_runs=3", "max_concurrent_runs=4")
    second = deployed.merge(deployed.change("second", {JOBS: more}))
    machines = [deployed.machine, replace(deployed.machine, folder=tmp_path / "second", meanwhile={})]

    def deploy(number: int) -> WorkflowRun:
        return run_workflow(deployed.hub, machines[number], (first, second)[number], file="deploy.yml")

    def meanwhile() -> None:
        other.append(pool.submit(deploy, 1))
        until(groups, "deploy-dev-flights", "waits", run=other[0])

    other: list[Future[WorkflowRun]] = []
    with ThreadPoolExecutor() as pool:
        deployed.machine.meanwhile[r".* lakewright deploy --target .*"] = meanwhile
        done = [deploy(0), other[0].result()]
    assert [run.result for run in done] == ["success", "success"], "\n".join(e for run in done for e in run.failures())
    assert groups.said("deploy-dev-flights") == ["enters", "waits", "leaves", "enters", "leaves"]
    for group in {group for group, _, _ in groups.log}:
        held = [word for word in groups.said(group) if word != "waits"]
        assert held == len(held) // 2 * ["enters", "leaves"], group
    new = [(each["environment"], each["sha"]) for each in deployed.github.deployments[before:]]
    assert [sorted({target for target, _ in new}), len(new)] == [sorted(TARGETS), 2 * len(TARGETS)]
    for target in TARGETS:
        assert [sha for name, sha in new if name == target] == [first.sha, second.sha]


def test_a_newer_push_to_a_pull_request_cuts_the_checks_of_the_older_off(deployed: Platform, tmp_path: Path) -> None:
    deployed.assume({r".*uv run nox --session .*": 0})
    machines = [deployed.machine, replace(deployed.machine, folder=tmp_path / "second", meanwhile={})]
    events: list[Event] = [deployed.hub.pull_request(deployed.change("setting", setting(deployed, 3)))]

    def check(number: int) -> WorkflowRun:
        return run_workflow(deployed.hub, machines[number], events[number], file="pull-request.yml")

    def meanwhile() -> None:
        events.append(deployed.hub.pull_request(deployed.change("setting", setting(deployed, 4))))
        newer.append(pool.submit(check, 1))
        until(deployed.hub.groups, "pull request-refs/pull/1/merge", "cancelled", run=newer[0])

    newer: list[Future[WorkflowRun]] = []
    with ThreadPoolExecutor() as pool:
        deployed.machine.meanwhile[r".* uv run nox --session types --"] = meanwhile
        older = check(0)
    assert older.result == "cancelled"
    assert older.results()["comment"] == ["cancelled"]
    assert newer[0].result().result == "success", "\n".join(newer[0].result().failures())
    [comment] = deployed.github.comments
    assert "`4`" in comment["body"]
