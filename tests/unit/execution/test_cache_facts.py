"""What a task depends on is gathered, or said not to be known."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lakewright.execution.cache import UncacheableError
from lakewright.execution.cache_facts import TaskFacts
from lakewright.loading.objects import load
from lakewright.model.record import CommitRecord, Stored
from lakewright.pipelines.arguments import plan
from tests.unit.execution.runs import Runs
from tests.unit.project.repos import write

NAME = "facts_flights"
JOBS = """
from dataclasses import dataclass
from enum import Enum
from lakewright import job
from facts_flights import tasks
from facts_flights.kinds import Kind

@job
def daily(month: int = 1, day: int = 5, kind: Kind = Kind.NEW) -> int:
    return tasks.clean(tasks.load_rows(month), kind, limit=3)
"""
FILES: Mapping[str, str] = {
    "__init__.py": "",
    "jobs.py": JOBS,
    "kinds.py": "from enum import Enum\nclass Kind(Enum):\n    NEW = 1\n",
    "names.py": "ROWS = 5\n",
    "tasks.py": (
        "from lakewright import task\nfrom facts_flights import names\n\n"
        "@task\ndef load_rows(month: int) -> int:\n    return month\n\n"
        "@task(cache=True)\ndef clean(rows: int, kind, limit: int) -> int:\n    return rows\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package, as if it had been there before this process began."""
    monkeypatch.syspath_prepend(tmp_path)
    write(tmp_path, {f"{NAME}/{name}": text for name, text in FILES.items()})
    for file in tmp_path.rglob("*.py"):
        os.utime(file, (1000.0, 1000.0))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


def gathered(run: Runs, project: Path, *, loaded: float = 2000.0) -> Mapping[str, Mapping[str, str]]:
    """The facts of task `clean`."""
    found: Any = load(f"{NAME}.jobs:daily")
    planned = plan(found.body, {"month": 2}, target=run.target)
    record = CommitRecord(job="daily", run_id="r1", task="load_rows", attempt=1, stored=Stored(format="json", value=2))
    return TaskFacts(planned, project, loaded=loaded).of("clean", {"load_rows": (record, "content")})


def test_all_that_a_task_depends_on_is_gathered(run: Runs, project: Path) -> None:
    (project / "uv.lock").write_text("one", encoding="utf-8")
    facts = gathered(run, project)
    assert set(facts["source"]) == {f"{NAME}/{name}.py" for name in ("__init__", "tasks", "names", "kinds")}
    assert facts["runtime"].keys() == {"cpython"}
    assert facts["lock"].keys() == {"uv.lock", "lakewright"}
    assert facts["call"] == {"function": f"{NAME}.tasks:clean", "io manager": "by type"}
    assert facts["constant"] == {"limit": "3"}
    assert facts["argument"] == {"rows": '{"output":"load_rows"}', "kind": '{"parameter":"kind"}'}
    assert facts["parameter"] == {"kind": "NEW"}
    assert facts["input"] == {"load_rows": "content"}


def test_a_file_that_is_newer_than_this_process_may_not_be_what_runs(run: Runs, project: Path) -> None:
    with pytest.raises(UncacheableError, match=f"{NAME}/__init__.py has changed since this process loaded it"):
        gathered(run, project, loaded=500.0)


def test_a_file_that_was_written_while_a_task_ran_is_told(run: Runs, project: Path) -> None:
    found: Any = load(f"{NAME}.jobs:daily")
    gathering = TaskFacts(plan(found.body, {}, target=run.target), project, loaded=2000.0)
    facts = {"source": {f"{NAME}/names.py": "", f"{NAME}/tasks.py": ""}}
    assert gathering.changed_since(facts) == ""
    os.utime(project / NAME / "tasks.py", (3000.0, 3000.0))
    assert gathering.changed_since(facts) == f"{NAME}/tasks.py"
    (project / NAME / "names.py").unlink()
    assert gathering.changed_since(facts) == f"{NAME}/names.py"


@pytest.mark.usefixtures("project")
def test_code_outside_of_the_project_cannot_be_told(run: Runs, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(UncacheableError, match=rf"the source of module '{NAME}.tasks' is not below {other}"):
        gathered(run, other)
