"""`lakewright new` writes what the template would have written: the two carry the same facts."""

from itertools import product
from typing import Final

import pytest

from lakewright.project.new import skeleton
from tests.template.conftest import Rendered
from tests.template.rendering import read_questions

QUESTIONS: Final = read_questions()
PYTHONS: Final = tuple(QUESTIONS["python"]["choices"])
CLOUDS: Final = tuple(QUESTIONS["cloud"]["choices"].values())
ANSWERS: Final = (
    *({"compute": "serverless", "python": python, "cloud": "azure"} for python in PYTHONS),
    *({"compute": "job_cluster", "python": python, "cloud": cloud} for python, cloud in product(PYTHONS, CLOUDS)),
)


def compute_of(jobs: str) -> str:
    """The statement that names where a pipeline's jobs run."""
    return jobs.partition("COMPUTE = ")[2].partition("\n\n\n")[0].strip()


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda answers: "-".join(answers.values()))
def test_a_new_pipeline_runs_where_the_example_runs(rendered: Rendered, answers: dict[str, str]) -> None:
    example = rendered(answers) / "pipelines" / "flights"
    files = skeleton("flights", answers)
    assert compute_of(files["src/flights/jobs.py"]) == compute_of(
        (example / "src" / "flights" / "jobs.py").read_text(encoding="utf-8")
    )


def test_the_files_around_the_code_are_those_of_the_example(rendered: Rendered) -> None:
    example = rendered({}) / "pipelines" / "flights"
    files = skeleton("flights", {})
    for name in ("databricks.yml", "resources/__init__.py"):
        assert files[name] == (example / name).read_text(encoding="utf-8")
    theirs = (example / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert [line for line in files["pyproject.toml"].splitlines() if line not in theirs] == [
        'description = "The pipeline flights"'
    ]
