"""Handing archives in: projects that need no index to be built, and what is left when something is refused."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lakewright.dependencies import ProcessorSettings, WheelTarget, process_dependencies
from lakewright.dependencies.index import Index
from tests.dependencies.fixtures import write_zip
from tests.wheel_files import write_wheel

if TYPE_CHECKING:
    import pytest

    from tests.wheel_files import PackageIndex

Files = Mapping[str, "str | bytes"]

# A back end of the project's own, so that nothing is to be fetched for a build.
BACK_END: Final = """
import zipfile
from pathlib import Path

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name, version, *more = Path("about.txt").read_text().splitlines()
    info, made = f"{name}-{version}.dist-info", f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, made), "w") as archive:
        for path in sorted(Path(name).rglob("*")):
            archive.write(path)
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *more, ""]
        archive.writestr(f"{info}/METADATA", "\\n".join(lines))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return made
"""


def project(name: str, version: str = "1.0", *, below: str = "", metadata: tuple[str, ...] = ()) -> dict[str, str]:
    """The files of a project with one package."""
    head = f"{below}/" if below else ""
    return {
        f"{head}pyproject.toml": (
            '[build-system]\nrequires = []\nbuild-backend = "back_end"\nbackend-path = ["tools"]\n'
        ),
        f"{head}tools/back_end.py": BACK_END,
        f"{head}about.txt": "\n".join((name, version, *metadata)),
        f"{head}{name}/__init__.py": f"VERSION = '{version}'\n",
    }


def wheel(folder: Path, name: str, version: str = "1.0", **more: Any) -> dict[str, bytes]:  # noqa: ANN401  as `write_wheel` takes them
    """A wheel by its name, as it lies in an archive."""
    made = write_wheel(folder / "wheels", name, version, **more)
    return {made.name: made.read_bytes()}


@dataclass
class Desk:
    """Where archives are handed in: an index on loopback, a volume, and a scratch folder of its own.

    Attributes:
        place: below which all of it lies.
        served: the index.
        target: what wheels must fit.
    """

    place: Path
    served: PackageIndex
    target: WheelTarget = field(default_factory=lambda: WheelTarget("3.12"))

    @property
    def volume(self) -> Path:
        """The folder of all runs."""
        return self.place / "volume"

    @property
    def scratch(self) -> Path:
        """What counts as the temporary folder."""
        return self.place / "scratch"

    @property
    def index(self) -> Index:
        """The index as the processor takes it, with a cache of its own."""
        environment = {**os.environ, "UV_CACHE_DIR": str(self.place / "uv")}
        return Index(urls=(self.served.url,), environment=environment)

    def settings(self, **more: Any) -> ProcessorSettings:  # noqa: ANN401  any setting
        """Settings that take packages from the index here."""
        return ProcessorSettings(**{"target": self.target, "index": self.index, "cache": self.place / "cache", **more})

    def process(self, files: Files, run_id: str = "run", **more: Any) -> dict[str, Any]:  # noqa: ANN401  any setting
        """The manifest of what comes of an archive with these files."""
        given = write_zip(self.place / "given" / "deps.zip", files)
        made = Path(process_dependencies(given, self.volume, run_id, settings=self.settings(**more)))
        manifest: dict[str, Any] = json.loads((made.parent / "manifest.json").read_text(encoding="utf-8"))
        return manifest

    def left_behind(self) -> list[Path]:
        """What lies in the volume and in the scratch folder."""
        return [path for folder in (self.volume, self.scratch) if folder.exists() for path in folder.rglob("*")]

    def use_scratch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the scratch folder for the temporary folder of this process and of those that it starts."""
        self.scratch.mkdir(exist_ok=True)
        monkeypatch.setenv("TMPDIR", str(self.scratch))
        monkeypatch.setattr(tempfile, "tempdir", str(self.scratch))


def fates(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What became of each file, in words."""
    return {each["file"]: f"{each['what']} {each['detail']}" for each in manifest["files"]}


def names(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The packages of a wheelhouse and their versions."""
    return {wheel["name"]: wheel["version"] for wheel in manifest["wheels"]}
