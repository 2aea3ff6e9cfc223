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
from lakewright.text.names import slug
from tests.golden import pipeline

KEPT: Final = Path(__file__).with_name("kept")
JOBS: Final = (
    pipeline.daily_sales,
    pipeline.on_clusters,
    pipeline.without_wheels,
    pipeline.exported,
    pipeline.by_store,
)
DEFINITIONS: Final = tuple(each.definition for each in JOBS)
DRAWN: Final = [each for each in DEFINITIONS if each.name in {"daily-sales", "exported", "by_store"}]
PICTURES: Final = (("tree", "tree"), ("mmd", "mermaid"), ("dot", "dot"))


def pictures() -> dict[Path, str]:
    """The pictures that are kept, by their place."""
    return {
        KEPT / f"{slug(job.name).replace('-', '_')}.{suffix}": render(job, name)
        for job in DRAWN
        for suffix, name in PICTURES
    }


def test_generated_definitions_are_as_kept() -> None:
    assert differences(job_files(DEFINITIONS), KEPT) == ""


def test_the_pictures_are_as_kept() -> None:
    for place, drawn in pictures().items():
        assert drawn == place.read_text(encoding="utf-8")


def test_databricks_takes_the_definitions_and_drops_nothing() -> None:
    for definition in DEFINITIONS:
        generated = job_definition(definition)
        assert generated.items() <= Job.from_dict(generated).as_dict().items()  # type: ignore[arg-type]  # a plain dict


def test_the_definitions_have_no_findings() -> None:
    assert validate_all(DEFINITIONS) == ()


if __name__ == "__main__":
    write(job_files(DEFINITIONS), KEPT)
    for place, drawn in pictures().items():
        place.write_text(drawn, encoding="utf-8")
