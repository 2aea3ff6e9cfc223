"""Packages that a runtime brings itself, and what it means to bring them along."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from lakewright.model.compute import Serverless
from lakewright.model.target import ON_PLATFORM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lakewright.dependencies.contents import WheelEntry
    from lakewright.model.compute import Compute

# Every runtime has these, each its own version of them. Source: the release notes of the runtimes.
BROUGHT: Final = frozenset(
    ["databricks-connect", "databricks-sdk", "grpcio", "numpy", "pandas", "protobuf", "py4j", "pyarrow", "pyspark"]
)
# These are the runtime's own build of Spark: another one does not talk to it.
SPARK: Final = frozenset(["databricks-connect", "py4j", "pyspark"])
PROVIDED: Final = 'leave it to it: [tool.lakewright] provided = ["{}"]'
_OF_ENVIRONMENT: Final[Mapping[str, Mapping[str, str]]] = {
    # Source: learn.microsoft.com, "Serverless environment versions", which tells no other package of ours of these.
    "1": {"databricks-connect": "14.3.7"},
    "2": {"databricks-connect": "15.4.5"},
    "3": {"databricks-connect": "16.4.2"},
    "4": {"databricks-connect": "17.2.3"},
    # Source: docs.databricks.com, the requirements of the base image "client.5.x" for standard compute.
    "5": {
        "databricks-connect": "18.0",
        "databricks-sdk": "0.67.0",
        "grpcio": "1.67.0",
        "numpy": "2.1.3",
        "pandas": "2.2.3",
        "protobuf": "5.29.4",
        "pyarrow": "21.0.0",
    },
}


def brought_by(computes: Iterable[Compute]) -> dict[str, str]:
    """The versions that the computes are known to bring; of a package that is known of several, the newest."""
    from packaging.version import Version

    found: dict[str, str] = {}
    for compute in computes:
        known = _OF_ENVIRONMENT.get(compute.environment_version, {}) if isinstance(compute, Serverless) else {}
        for name, version in known.items():
            found[name] = max(found.get(name, version), version, key=Version)
    return found


def brought_here() -> dict[str, str]:
    """The versions that this compute brings; none where it is not the platform's."""
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, str] = {}
    for name in BROUGHT if ON_PLATFORM in os.environ else ():
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def replaced(wheels: Iterable[WheelEntry], known: Mapping[str, str], *, instead: str = PROVIDED) -> Iterator[str]:
    """What a user should know of wheels that take the place of the runtime's own packages, a sentence each.

    Args:
        wheels: of a wheelhouse.
        known: the versions that the runtime has, as far as they are known.
        instead: what to do with one that takes the place of Spark.
    """
    from packaging.version import Version

    for wheel in wheels:
        own = known.get(wheel.name, "")
        if wheel.name in SPARK:
            way_out = instead.format(wheel.name)
            yield f"{wheel.name} {wheel.version} would take the place of the runtime's own Spark; {way_out}"
        elif own and Version(wheel.version) < Version(own):
            yield f"{wheel.name} {wheel.version} is older than {own}, which the runtime has: its own code may need that"


def marked(wheel: WheelEntry, known: Mapping[str, str]) -> str:
    """What to tell of a wheel that the runtime has too; empty for others."""
    if wheel.name not in BROUGHT:
        return ""
    own = known.get(wheel.name)
    return f"the runtime has {own}" if own else "the runtime has its own"
