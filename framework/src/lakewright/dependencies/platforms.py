"""What wheels must fit: the Python and the machine of the compute, never of the host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from lakewright.errors.authoring import SettingError
from lakewright.errors.wheels import UnknownPythonError
from lakewright.model.compute import ExistingCluster, JobCluster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.tags import Tag

    from lakewright.model.compute import Compute

X86_64: Final = "x86_64"
AARCH64: Final = "aarch64"
PLATFORMS: Final = (X86_64, AARCH64)

# Runtimes have a newer glibc, each its own; nearly all wheels are built for this one or an older one.
GLIBC: Final = (2, 28)
# PEP 599, 571 and 513: the names that glibc versions had before PEP 600.
_OLD_NAMES: Final = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
_OLDEST: Final = {X86_64: 5, AARCH64: 17}

# A machine type tells by its name that it is Arm. Sources: Amazon EC2 "instance type naming conventions" (g: Graviton),
# Azure "virtual machine naming conventions" (p: Arm), Google Compute Engine "machine families" (T2A, C4A, N4A).
_ARM: Final = (
    re.compile(r"[a-z]+(?:-[a-z0-9]+)?\d+[a-z]*g[a-z]*(?:-[a-z]+)?\.[\w-]+"),
    re.compile(r"Standard_[A-Z]+\d+(?:-\d+)?[a-z]*p[a-z]*(?:_.*)?"),
    re.compile(r"(?:t2a|c4a|n4a)-.+"),
)
_PYTHON: Final = re.compile(r"3\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class WheelTarget:
    """A Python, and a kind of machine, both of the compute that wheels are for.

    Attributes:
        python: such as `3.12`.
        platform: `x86_64` or `aarch64`.

    >>> print(WheelTarget("3.11"))
    Python 3.11 on Linux x86_64
    """

    python: str = "3.12"
    platform: str = X86_64

    def __post_init__(self) -> None:
        if not _PYTHON.fullmatch(self.python):
            raise SettingError.wrong("WheelTarget", "python", self.python, wanted="a version such as '3.12'")
        if self.platform not in PLATFORMS:
            raise SettingError.wrong("WheelTarget", "platform", self.platform, wanted=" or ".join(PLATFORMS))

    def __str__(self) -> str:
        return f"Python {self.python} on Linux {self.platform}"

    @property
    def uv_options(self) -> tuple[str, ...]:
        """The target as options of `uv pip compile`."""
        return (f"--python-version={self.python}", f"--python-platform={self.platform}-manylinux_{GLIBC[0]}_{GLIBC[1]}")

    @property
    def markers(self) -> dict[str, str]:
        """The target as the environment that markers of requirements are judged in (PEP 508)."""
        full = f"{self.python}.0"
        return {
            "implementation_name": "cpython",
            "implementation_version": full,
            "os_name": "posix",
            "platform_machine": self.platform,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": full,
            "python_version": self.python,
            "sys_platform": "linux",
        }


def wheel_target(compute: Compute, *, python: str | None = None, platform: str | None = None) -> WheelTarget:
    """What wheels must fit on a compute.

    Args:
        compute: where tasks run.
        python: where it is known better.
        platform: the same.

    Raises:
        UnknownPythonError: it is a cluster that is made elsewhere, or a runtime that this release does not know.

    >>> from lakewright.model.compute import job_cluster, serverless
    >>> wheel_target(serverless("2"))
    WheelTarget(python='3.11', platform='x86_64')
    >>> wheel_target(job_cluster("16.4.x-scala2.12", "m7gd.xlarge"))
    WheelTarget(python='3.12', platform='aarch64')
    """
    python = python or compute.python
    if python is None:
        raise UnknownPythonError(described(compute))
    return WheelTarget(python, platform or machine(compute))


def machine(compute: Compute) -> str:
    """The kind of processor of a compute, as far as the machine type tells it; else x86-64."""
    is_arm = isinstance(compute, JobCluster) and any(name.fullmatch(compute.node_type) for name in _ARM)
    return AARCH64 if is_arm else X86_64


def described(compute: Compute) -> str:
    """A compute in words."""
    if isinstance(compute, ExistingCluster):
        return f"the existing cluster '{compute.cluster_id}'"
    if isinstance(compute, JobCluster):
        return f"the runtime '{compute.spark_version}' on {compute.node_type}"
    return f"serverless environment '{compute.environment_version}'"


@cache
def tag_order(target: WheelTarget) -> Mapping[Tag, int]:
    """Every tag that the target takes, and its rank: the lowest is the best."""
    from packaging.tags import compatible_tags, cpython_tags

    major, minor = (int(part) for part in target.python.split("."))
    interpreter = f"cp{major}{minor}"
    platforms = list(_platforms(target.platform))
    native = cpython_tags((major, minor), [interpreter], platforms)
    pure = compatible_tags((major, minor), interpreter, platforms)
    return {tag: rank for rank, tag in enumerate((*native, *pure))}


def _platforms(machine_name: str) -> tuple[str, ...]:
    """Names of the platform, the newest first; the whole list, because a tag stands for itself only."""
    names = []
    for minor in range(GLIBC[1], _OLDEST[machine_name] - 1, -1):
        names.append(f"manylinux_2_{minor}_{machine_name}")
        if (2, minor) in _OLD_NAMES:
            names.append(f"{_OLD_NAMES[2, minor]}_{machine_name}")
    return (*names, f"linux_{machine_name}")
