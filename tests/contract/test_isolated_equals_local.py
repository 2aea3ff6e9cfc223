"""Whatever the DAG, it ends alike: serial, on threads, in processes, and as an isolated run of its definition."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from databricks.bundles.jobs import Job as BundleJob
from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright import job
from lakewright.databricks.jobs import job_definition
from lakewright.emulator.plan import plan
from lakewright.emulator.run import run
from lakewright.execution.result import RunResult
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.states import Rule
from lakewright.model.target import TargetValues
from lakewright.model.task import PROCESSES, SERIAL, THREADS
from lakewright.pipelines.job import Job
from lakewright.text.exceptions import said
from tests.contract.both import both, isolated, local
from tests.contract.definitions import BUNDLE
from tests.contract.isolated_tasks import end_badly, outlive, say, step

# Each example starts a process for each of its tasks.
EXAMPLES: Final = max(1, min(100, settings().max_examples // 12))
LARGEST: Final = 6


@dataclass(frozen=True)
class Node:
    """A task: what it comes after, whether it takes their outputs, when it runs, whether it fails."""

    key: str
    parents: tuple[str, ...]
    rule: str
    takes_outputs: bool
    fails: bool


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    """Tasks, each after some of those before it."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, LARGEST))):
        known = [node.key for node in nodes]
        parents = draw(st.lists(st.sampled_from(known), unique=True, max_size=3)) if known else []
        rule = draw(st.sampled_from(Rule)).value if parents else Rule.ALL_SUCCESS.value
        takes = rule == Rule.ALL_SUCCESS.value and draw(st.booleans())
        nodes.append(Node(f"t{number}", tuple(parents), rule, takes, draw(st.booleans())))
    return nodes


def job_of(nodes: list[Node]) -> Job[[], None]:
    """The job whose body calls these tasks."""

    def body() -> None:
        handles: dict[str, Any] = {}
        for node in nodes:
            parents = [handles[key] for key in node.parents]
            called = step.named(node.key).options(run_if=node.rule)
            if node.takes_outputs:
                handles[node.key] = called(node.key, *parents, fails=node.fails)
            else:
                handles[node.key] = called.after(*parents)(node.key, fails=node.fails)

    return job(name="j")(body)


def ended(result: RunResult[Any]) -> dict[str, tuple[object, ...]]:
    """How each task has ended: also why, and after how many attempts."""
    return {
        key: (outcome.state, outcome.reason, outcome.attempts, outcome.error and said(outcome.error))
        for key, outcome in result.outcomes.items()
    }


def values(paths: RunPaths, nodes: list[Node]) -> dict[str, object]:
    """What each task has committed."""
    records = {node.key: read_record(paths, node.key) for node in nodes}
    return {key: record.stored.value for key, record in records.items() if record and record.stored}


@settings(max_examples=EXAMPLES)
@given(graphs())
def test_states_outputs_and_both_statuses_are_equal(nodes: list[Node]) -> None:
    written = job_of(nodes)
    definition = BundleJob.from_dict(job_definition(written.definition)).as_dict()  # type: ignore[arg-type]  # a plain dict
    with tempfile.TemporaryDirectory() as folder:
        here = str(Path(folder) / SERIAL)
        local = written.execute(executor=SERIAL, target=TargetValues(root=here), run_id="1")
        for executor in (THREADS, PROCESSES):
            root = str(Path(folder) / executor)
            other = written.execute(executor=executor, max_workers=2, target=TargetValues(root=root), run_id="1")
            assert ended(other) == ended(local)
            assert values(other.paths, nodes) == values(local.paths, nodes)
        apart = RunPaths(str(Path(folder) / "apart"), "j", "1")
        places = {"/Volumes/cat/sch/vol": apart.root}
        as_deployed = run(plan(dict(definition), paths=apart, bundle=BUNDLE, places=places))
        assert as_deployed.states == local.states
        assert {key: outcome.reason for key, outcome in as_deployed.outcomes.items() if not outcome.attempts} == {
            key: outcome.reason for key, outcome in local.outcomes.items() if not outcome.attempts
        }
        assert (as_deployed.status, as_deployed.leaf_status) == (local.status, local.leaf_status)
        assert values(apart, nodes) == values(RunPaths(here, "j", "1"), nodes)


@job
def late() -> None:
    """Tasks that are done before their processes are."""
    say.named("after_hang").after(outlive.named("hang").options(timeout=2)(60.0))("x")
    say.named("after_end").after(end_badly.options(timeout=30)())("x")
    outlive.named("soon").options(timeout=30)(0.1)


def test_an_attempt_ends_with_its_process_whatever_it_has_committed_before(tmp_path: Path) -> None:
    gave = both(late)
    assert gave.states == {
        "hang": "timed_out",
        "after_hang": "upstream_failed",
        "end_badly": "failed",
        "after_end": "upstream_failed",
        "soon": "success",
    }
    for give in (local, isolated):
        root = tmp_path / give.__name__
        give(late, {}, str(root))
        assert sorted(file.stem for file in root.rglob("records/*.json")) == ["soon"]
        assert not list(root.rglob("hang/1"))
