"""From an archive that somebody hands in to the wheels that a job runs with."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.dependencies.archive import open_archive
from lakewright.dependencies.asked import (
    Asked,
    check_hashes,
    check_needs,
    left_to_resolve,
    projects_by_path,
    read_asked,
    with_options,
)
from lakewright.dependencies.delivery import WHEELHOUSE, check_free, checked_run_id, deliver, pack
from lakewright.dependencies.formats import Layout, recognise
from lakewright.dependencies.gather import Gathered, gather
from lakewright.dependencies.manifest import Fate, Manifest
from lakewright.dependencies.opened import local_path
from lakewright.dependencies.own_wheels import OwnWheels, check_apart, own_wheels
from lakewright.dependencies.processor_settings import ProcessorSettings
from lakewright.dependencies.requirement_policy import without_credentials
from lakewright.dependencies.resolve import resolve
from lakewright.dependencies.runtimes import brought_here, replaced
from lakewright.dependencies.staging import scratch
from lakewright.dependencies.wheelhouse import entries_of
from lakewright.errors.dependencies import NothingToInstallError, ReplacedPackageError

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.archive import Archive

_log: Final = logging.getLogger("lakewright.dependencies")


class DependencyProcessor:
    """Makes the wheelhouse of one run from an archive.

    Args:
        input_zip: a zip, a tar, a tar.gz or a folder; `dbfs:` paths are found where clusters mount them.
        output_volume: the folder below which each run has a folder of its own.
        run_id: the name of that folder; a new UUID unless given.
        settings: how the archive is processed.

    Attributes:
        run_id: the name of the run's folder.
    """

    def __init__(
        self,
        input_zip: str | os.PathLike[str],
        output_volume: str | os.PathLike[str],
        run_id: str | None = None,
        *,
        settings: ProcessorSettings | None = None,
    ) -> None:
        self.run_id = checked_run_id(run_id)
        self._input = local_path(input_zip)
        self._base = os.fspath(output_volume).rstrip("/") or "/"
        self._settings = settings or ProcessorSettings()

    def process(self) -> str:
        """The path of the run's `wheelhouse.zip`: its wheels, and a manifest that accounts for every file handed in.

        Nothing is written to the output before all is known to be right.

        Raises:
            ArchiveError: the archive breaks a rule.
            DependencyError: its packages cannot be had as they are asked for.
            OutputExistsError: the run has a folder already.
        """
        path = f"{self._base}/{self.run_id}"
        folder = local_path(path)
        check_free(folder)
        with scratch() as place:
            made = self._make(place)
            text = made.manifest.to_json()
            deliver(pack(made.wheels, text, place), text, folder)
        _log.info("wrote %s/%s: %d wheels", path, WHEELHOUSE, len(made.wheels))
        return f"{path}/{WHEELHOUSE}"

    def _make(self, place: Path) -> _Made:
        settings = self._settings
        # Errors of a build name the folder.
        given, built = place / "given" / (self._input.stem.strip(".") or "archive"), place / "built"
        with open_archive(self._input, settings.limits) as archive:
            layout, asked = self._read(archive)
            archive.extract(given, names=set(archive.members) - set(layout.ignored))
        settings = replace(settings, index=with_options(settings.index, asked.requirements.index_options))
        own = own_wheels(layout, given, built, settings=settings)
        found = _gather(asked, own, settings)
        entries = entries_of(found.wheels, settings.target, origins=found.origins)
        check_apart(own, found.wheels)
        for entry in entries:
            _log.info("  %s %s, %s, %s bytes", entry.name, entry.version, entry.origin, f"{entry.size:,}")
        instead = tuple(replaced(entries, brought_here(), instead="ask for nothing that brings it along"))
        if instead and settings.strict:
            raise ReplacedPackageError(instead)
        notes = (*own.notes, *instead)
        for note in notes:
            _log.warning("%s", note)
        fates = (*own.fates, *_read_only(asked, layout))
        manifest = Manifest(layout=layout, target=settings.target, wheels=entries, fates=fates, notes=notes)
        return _Made(found.wheels, manifest)

    def _read(self, archive: Archive) -> tuple[Layout, Asked]:
        settings = self._settings
        _log.info("run %s: reading %s for %s", self.run_id, archive.path, settings.target)
        layout = recognise(archive, root=settings.root, with_tests=settings.with_tests)
        asked = read_asked(archive, layout, settings.policy)
        named = projects_by_path(asked.requirements, archive, layout)
        if named:
            layout = recognise(archive, root=settings.root, with_tests=settings.with_tests, projects=named)
        kinds = ", ".join(layout.parts)
        _log.info("%s (%s), %d files, %d left out", layout.format, kinds, len(archive.members), len(layout.ignored))
        return layout, asked


class _Made(NamedTuple):
    wheels: tuple[Path, ...]
    manifest: Manifest


def process_dependencies(
    input_zip: str | os.PathLike[str],
    output_volume: str | os.PathLike[str],
    run_id: str | None = None,
    *,
    settings: ProcessorSettings | None = None,
) -> str:
    """The path of the `wheelhouse.zip` that was made from an archive, as `DependencyProcessor` makes it.

    Args:
        input_zip: the archive.
        output_volume: the folder below which each run has a folder of its own.
        run_id: the name of that folder; a new UUID unless given.
        settings: how the archive is processed.

    Raises:
        DependencyError: something that was handed in is refused; nothing is written.
    """
    return DependencyProcessor(input_zip, output_volume, run_id, settings=settings).process()


def _gather(asked: Asked, own: OwnWheels, settings: ProcessorSettings) -> Gathered:
    """All wheels: the archive's own, and what is fetched beside them."""
    packages, constraints = asked.requirements.packages, asked.requirements.constraints
    left = left_to_resolve(packages, own.wheels.values(), settings.target)
    depending = own.paths if settings.with_dependencies else ()
    found = Gathered((), {})
    if depending:
        for wheel in own.wheels.values():
            check_needs(wheel.filename, wheel.requires, settings.policy)
    if left or (depending and own.requires):
        _log.info("resolving %d requirements and %d wheels of the archive", len(left), len(depending))
        lock = resolve(
            [each.text for each in left],
            settings.target,
            index=settings.index,
            wheels=depending,
            constraints=[each.text for each in constraints],
        )
        check_hashes(packages, lock.files)
        found = gather(lock, cache=settings.cache, index=settings.index, progress=settings.progress)
    wheels = {path.name: path for path in (*found.wheels, *own.paths)}
    if not wheels:
        shown = [f"{each.location}: {without_credentials(each.text)}" for each in packages]
        raise NothingToInstallError(str(settings.target), shown)
    return Gathered(tuple(wheels.values()), {**found.origins, **own.origins})


def _read_only(asked: Asked, layout: Layout) -> tuple[Fate, ...]:
    """What became of the files that no wheel has."""
    read = tuple(Fate(file=name, what="read as", detail="requirements") for name in asked.files)
    ignored = {name: why for name, why in layout.ignored.items() if name not in asked.files}
    return (*read, *(Fate(file=name, what="ignored", detail=why) for name, why in ignored.items()))
