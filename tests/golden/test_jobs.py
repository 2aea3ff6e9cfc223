"""Generated definitions are compared with the ones kept here.

After a change that is meant to alter them: `python -m tests.golden.test_jobs`, then read the diff.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from databricks.bundles.jobs import Job

from lakewright.databricks.expressions import ROOT
from lakewright.databricks.jobs import job_definition
from lakewright.dependencies.contents import volume_folder
from lakewright.diagrams.formats import render
from lakewright.model.job import JobDefinition
from lakewright.model.pinned import PinnedWheels
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
PINNED: Final = PinnedWheels(
    folder=volume_folder(ROOT, "sales", "5dbb3cd27c54"),
    filenames=("rows-1.0-py3-none-any.whl", "sales-0.1.0+c2f39bcbd14a1-py3-none-any.whl"),
)


def pinned(job: JobDefinition) -> JobDefinition:
    """The job as it is deployed once its pipeline has a wheelhouse."""
    return replace(job, name=f"pinned-{job.name}", settings=replace(job.settings, pinned=PINNED))


DEFINITIONS: Final = (
    *(each.definition for each in JOBS),
    pinned(pipeline.exported.definition),
    pinned(pipeline.on_clusters.definition),
)
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
