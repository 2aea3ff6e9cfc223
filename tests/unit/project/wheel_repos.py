"""A workspace with pipelines and a package that they share, and an index on loopback for what they depend on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lakewright.dependencies.index import Index
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.wheels import Built, Wanted, build_wheelhouse
from tests.unit.project.repos import JOBS, TARGETS, write
from tests.wheel_files import PackageIndex, package_index, write_wheel

ENVIRONMENT: Final = {"UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
ROOT: Final = """
[project]
name = "platform"
version = "0"
requires-python = ">=3.10,<3.14"

[tool.uv]
package = false

[tool.uv.workspace]
members = ["pipelines/*", "shared/*"]

[[tool.uv.index]]
name = "own"
url = "{url}"
explicit = true
"""
PROJECT: Final = """
[project]
name = "{name}"
version = "0.1.0"
requires-python = ">=3.10,<3.14"
dependencies = [{needs}]

[build-system]
requires = ["uv_build>=0.11,<1"]
build-backend = "uv_build"

[tool.uv.sources]
rows = {{ index = "own" }}
pyspark = {{ index = "own" }}
py4j = {{ index = "own" }}
money = {{ workspace = true }}
{more}
"""


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A repository and what its packages come from."""

    root: Path
    served: PackageIndex

    @property
    def folder(self) -> PipelineFolder:
        """Its pipeline."""
        return PipelineFolder(self.root / "pipelines" / "sales")

    def build(self, wanted: Wanted | None = None, *, index: Index | None = None, cache: Path | None = None) -> Built:
        """The pipeline's wheelhouse."""
        return build_wheelhouse(
            Repository(self.root),
            self.folder,
            wanted,
            index=index or Index(),
            cache=cache or self.root.parent / "cache",
        )

    def lock(self, *options: str) -> None:
        """Bring its lock up to date."""
        environment = {**os.environ, **ENVIRONMENT}
        subprocess.run(["uv", "lock", "--quiet", *options], cwd=self.root, env=environment, check=True)


def project(root: Path, name: str, needs: str, *, more: str = "") -> None:
    """A package of the workspace."""
    kind = "shared" if name == "money" else "pipelines"
    write(root / kind / name, {"pyproject.toml": PROJECT.format(name=name, needs=needs, more=more)})
    write(
        root / kind / name, {f"src/{name}/__init__.py": "", f"src/{name}/jobs.py": JOBS, "databricks.yml": "bundle: {}"}
    )


@contextmanager
def workspace(place: Path, *, needs: str = '"rows", "money"', more: str = "") -> Iterator[Workspace]:
    """A pipeline `sales` that needs `rows` of the index and the shared package `money`."""
    for version in ("1.0", "2.0"):
        write_wheel(place / "files", "rows", version)
    write_wheel(place / "files", "pyspark", "4.1.0", requires=["py4j"])
    write_wheel(place / "files", "py4j", "1.0")
    with package_index(place / "files") as served:
        root = write(place / "repo", {"targets.yml": TARGETS, "pyproject.toml": ROOT.format(url=served.url)})
        project(root, "sales", needs, more=more)
        project(root, "money", "")
        made = Workspace(root=root, served=served)
        made.lock()
        yield made
