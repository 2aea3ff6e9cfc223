"""Whatever a body is, a run here, one of the generated definition, and Python itself give the same."""

import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lakewright.errors.authoring import BranchError
from lakewright.pipelines.job import Job
from tests.contract.bodies import sources
from tests.contract.both import isolated, local

EXAMPLES: Final = settings().max_examples
# Each example of these starts a process for each of its tasks.
IN_PROCESSES: Final = max(1, min(100, EXAMPLES // 25))
PARAMETERS: Final = st.fixed_dictionaries(
    {"mode": st.sampled_from("abc"), "number": st.integers(0, 3).map(str), "flag": st.sampled_from(["true", "false"])}
)


def job_of(source: str, folder: str) -> Job[..., Any]:
    """The job of a module, if it goes no more ways than are allowed."""
    file = Path(folder) / "random_body.py"
    file.write_text(source, encoding="utf-8")
    specification = importlib.util.spec_from_file_location(f"random_body_{abs(hash(source))}", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    found: Job[..., Any] = module.body
    try:
        found.dag  # noqa: B018  traced
    except BranchError as error:
        assume("more than 16 ways" not in error.message)
        raise
    return found


def expected(job: Job[..., Any], texts: dict[str, str]) -> object:
    """What Python makes of the body, with tasks as functions."""
    return job.body.function(texts["mode"], int(texts["number"]), texts["flag"] == "true")


@settings(max_examples=EXAMPLES)
@given(sources(), PARAMETERS)
def test_a_run_in_this_process_gives_what_python_gives(source: str, texts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        job = job_of(source, folder)
        gave = local(job, texts, folder)
        assert gave.status == "success", source
        assert gave.value == expected(job, texts), source


@settings(max_examples=IN_PROCESSES)
@given(sources(), PARAMETERS)
def test_an_isolated_run_gives_the_same(source: str, texts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        job = job_of(source, folder)
        here = local(job, texts, str(Path(folder) / "here"))
        assert isolated(job, texts, str(Path(folder) / "apart")) == here, source
