"""All that a deploy needs, looked at: this machine, GitHub, and each target."""

from __future__ import annotations

import sys
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.current import current_wheelhouse, read_built_from
from lakewright.project.bundle_cli import find_cli
from lakewright.project.checkup import looked_at, right, unknown, wrong
from lakewright.project.doctor_github import look_at_github
from lakewright.project.doctor_target import look_at_target
from lakewright.project.git import revision
from lakewright.project.targets import read_targets
from lakewright.project.wheel_inputs import has_changed
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.project.checkup import Checkup
    from lakewright.project.repository import PipelineFolder, Repository

MACHINE: Final = "this machine"
_PYTHONS: Final = ((3, 10), (3, 13))


def examine(repository: Repository, targets: Sequence[str]) -> Iterator[Checkup]:
    """What is found on this machine, on GitHub and about targets, as it is found.

    Raises:
        UsageError: there is no such target.
        ProjectError: `targets.yml` cannot be read.
    """
    known, _ = read_targets(repository.root)
    chosen = {name: known.target(name) for name in targets or known.targets}
    yield from _machine(repository)
    yield from look_at_github(repository.root, chosen)
    for name in chosen:
        yield from look_at_target(repository, name)


def _machine(repository: Repository) -> Iterator[Checkup]:
    found = sys.version_info[:2]
    said = f"Python {sys.version.split()[0]}"
    lowest, highest = (".".join(map(str, each)) for each in _PYTHONS)
    way_out = f"Use a Python from {lowest} to {highest}."
    yield right(MACHINE, said) if _PYTHONS[0] <= found <= _PYTHONS[1] else wrong(MACHINE, said, way_out)
    yield looked_at(MACHINE, _cli)
    commit = revision(repository.root)
    way_out = "git init && git add --all && git commit"
    yield right(MACHINE, f"commit {commit[:9]}") if commit else wrong(MACHINE, "nothing is committed", way_out)
    for folder in repository.pipelines:
        yield looked_at(MACHINE, partial(_wheels, repository, folder))


def _cli() -> Checkup:
    find_cli(lambda _: None)
    return right(MACHINE, f"Databricks CLI {version('databricks-bundles')}, as databricks-bundles")


def _wheels(repository: Repository, folder: PipelineFolder) -> Checkup:
    build = f"lakewright wheelhouse build {folder.name}"
    made = current_wheelhouse(folder.path)
    if made is None:
        return unknown(MACHINE, f"{folder.name} has no wheelhouse yet; shared targets run nothing else", build)
    known = read_built_from(folder.path)
    if known and has_changed(repository.root, known):
        return wrong(MACHINE, f"{folder.name} has changed since its wheelhouse was built", build)
    return right(MACHINE, f"{folder.name}: {plural(len(made.wheels), 'wheel')} for {made.target}")
