"""Generated definitions are compared with the ones kept here.

After a change that is meant to alter them: `python -m tests.golden.test_jobs`, then read the diff.
"""

from pathlib import Path
from typing import Final

from databricks.bundles.jobs import Job

from lakewright.databricks.jobs import job_definition
from lakewright.diagrams.formats import render
from lakewright.model.validation import validate_all
from lakewright.project.generate import differences, job_files, write
from tests.golden import pipeline

KEPT: Final = Path(__file__).with_name("kept")
DEFINITIONS: Final = tuple(
    each.definition for each in (pipeline.daily_sales, pipeline.on_clusters, pipeline.without_wheels)
)


def test_generated_definitions_are_as_kept() -> None:
    assert differences(job_files(DEFINITIONS), KEPT) == ""


def test_the_pictures_are_as_kept() -> None:
    for suffix, name in (("tree", "tree"), ("mmd", "mermaid")):
        drawn = render(DEFINITIONS[0], name)
        assert drawn == (KEPT / f"daily_sales.{suffix}").read_text(encoding="utf-8")


def test_databricks_takes_the_definitions_and_drops_nothing() -> None:
    for definition in DEFINITIONS:
        generated = job_definition(definition)
        assert generated.items() <= Job.from_dict(generated).as_dict().items()  # type: ignore[arg-type]  # a plain dict


def test_the_definitions_have_no_findings() -> None:
    assert validate_all(DEFINITIONS) == ()


if __name__ == "__main__":
    write(job_files(DEFINITIONS), KEPT)
    for suffix, name in (("tree", "tree"), ("mmd", "mermaid")):
        (KEPT / f"daily_sales.{suffix}").write_text(render(DEFINITIONS[0], name), encoding="utf-8")
