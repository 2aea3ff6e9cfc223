"""The picture and the generated job of each pattern are those of its first example.

After a change that is meant to alter them: `python -m tests.docs.test_patterns`, then read the diff.
"""

import importlib.util
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from lakewright.databricks.jobs import job_definition
from lakewright.pipelines.job import Job
from tests.docs.pages import ROOT, blocks, name

FOLDER: Final = ROOT / "docs" / "how-to" / "patterns"
# Python 3.10 compiles no branch: `test_examples` holds that it says so.
LEFT_OUT: Final = ("README.md",) if sys.version_info >= (3, 11) else ("README.md", "branch.md")
PATTERNS: Final = sorted(page for page in FOLDER.glob("*.md") if page.name not in LEFT_OUT)
BLOCK: Final = re.compile(r"^```(?P<language>mermaid|json)\n.*?^```$", re.MULTILINE | re.DOTALL)
# What says how a process is started is the same for every task.
OF_THE_PROCESS: Final = ("python_wheel_task", "environment_key", "disable_auto_optimization")


def first_job(page: Path, folder: Path) -> Job[..., Any]:
    """The job that a page shows first."""
    file = folder / f"{page.stem.replace('-', '_')}.py"
    file.write_text(blocks(page, "python")[0].code, encoding="utf-8")
    specification = importlib.util.spec_from_file_location(f"pattern_{file.stem}", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return next(value for value in vars(module).values() if isinstance(value, Job))


def drawn(job: Job[..., Any]) -> Mapping[str, str]:
    """What a page shows of a job, by the language of the block."""
    tasks: Any = job_definition(job.definition)["tasks"]
    lines = ",\n".join(f"  {json.dumps(shown(task))}" for task in tasks)
    return {"mermaid": job.visualize(), "json": f"[\n{lines}\n]\n"}


def shown(task: Mapping[str, Any]) -> dict[str, Any]:
    """A generated task without what starts its process."""
    kept = {field: value for field, value in task.items() if field not in OF_THE_PROCESS}
    loop = kept.get("for_each_task")
    return {**kept, "for_each_task": {**loop, "task": shown(loop["task"])}} if loop else kept


@pytest.mark.parametrize("page", PATTERNS, ids=name)
def test_a_pattern_shows_the_picture_and_the_job_of_its_first_example(page: Path, tmp_path: Path) -> None:
    expected = drawn(first_job(page, tmp_path))
    found = {block.language: block.code for block in blocks(page, "mermaid", "json")}
    assert found == expected


def rewrite(page: Path, folder: Path) -> None:
    """Put into a page what it is to show."""
    expected = drawn(first_job(page, folder))
    text = BLOCK.sub(
        lambda found: f"```{found['language']}\n{expected[found['language']]}```", page.read_text(encoding="utf-8")
    )
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        for pattern in PATTERNS:
            rewrite(pattern, Path(scratch))
