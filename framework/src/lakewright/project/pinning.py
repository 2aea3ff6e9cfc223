"""Jobs pinned to the wheelhouse of their pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakewright.databricks.expressions import ROOT
from lakewright.dependencies.contents import volume_folder
from lakewright.dependencies.current import current_wheelhouse
from lakewright.model.job import JobSettings
from lakewright.model.pinned import PinnedWheels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.model.job import JobDefinition
    from lakewright.project.repository import PipelineFolder


def with_wheelhouse(jobs: Sequence[JobDefinition], folder: PipelineFolder) -> tuple[JobDefinition, ...]:
    """Jobs that run with the pipeline's wheelhouse, if it has one; those that name their own libraries keep them.

    Raises:
        WheelhouseError: what was built is gone or damaged.
    """
    made = current_wheelhouse(folder.path)
    if made is None:
        return tuple(jobs)
    pinned = pinned_wheels(made, folder.name)
    return tuple(
        replace(job, settings=replace(job.settings, pinned=pinned))
        if job.settings.libraries == JobSettings().libraries
        else job
        for job in jobs
    )


def pinned_wheels(made: Wheelhouse, pipeline: str) -> PinnedWheels:
    """Where clusters find a wheelhouse."""
    return PinnedWheels(folder=volume_folder(ROOT, pipeline, made.digest), filenames=in_order(made))


def in_order(made: Wheelhouse) -> tuple[str, ...]:
    """The wheels of a wheelhouse, each after those that it needs.

    Where each is installed by itself, what it needs is there already, so that no index is asked for it.
    """
    known = {wheel.name: wheel for wheel in made.wheels}
    placed: dict[str, None] = {}

    def place(name: str, above: frozenset[str]) -> None:
        for need in known[name].needs:
            # Packages may need each other: then one of them comes first.
            if need in known and need not in placed and need not in above:
                place(need, above | {name})
        placed.setdefault(name)

    for name in sorted(known):
        place(name, frozenset())
    return tuple(known[name].filename for name in placed)
