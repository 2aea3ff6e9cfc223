"""How an archive is processed: everything that can be said about it."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lakewright.dependencies.cache import default_cache
from lakewright.dependencies.index import Index
from lakewright.dependencies.limits import Limits
from lakewright.dependencies.platforms import AARCH64, X86_64, WheelTarget
from lakewright.dependencies.requirement_policy import RequirementPolicy
from lakewright.model.target import ON_PLATFORM

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.progress import Progress


def this_compute() -> WheelTarget:
    """On a cluster what it is itself, because there this compute is the target; elsewhere Python 3.12 on x86-64."""
    return this_interpreter() if ON_PLATFORM in os.environ else WheelTarget()


def this_interpreter() -> WheelTarget:
    """What the calling process runs on."""
    machine = AARCH64 if platform.machine() in {"aarch64", "arm64"} else X86_64
    return WheelTarget(f"{sys.version_info.major}.{sys.version_info.minor}", machine)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorSettings:
    """Settings of `process_dependencies`; each has a default that is meant to do.

    Attributes:
        target: what the wheels must fit.
        index: where packages come from; by default what uv's own variables say.
        policy: what requirements may ask for beside packages.
        limits: how much the archive may hold.
        root: the folder of the archive to read; by default a single folder around everything is taken off.
        top_level: whether loose modules can be imported as `x` too, not only as `user_modules.x`; by default where
            they import each other like that.
        with_tests: whether tests are carried with loose modules.
        with_dependencies: whether what the archive's own wheels depend on is fetched too.
        strict: whether wheels that take the place of the runtime's own packages are an error, not only noted.
        cache: the folder of files that were fetched before.
        progress: who shows what is fetched.
    """

    target: WheelTarget = field(default_factory=this_compute)
    index: Index = field(default_factory=Index)
    policy: RequirementPolicy = field(default_factory=RequirementPolicy)
    limits: Limits = field(default_factory=Limits)
    root: str | None = None
    top_level: bool | None = None
    with_tests: bool = False
    with_dependencies: bool = True
    strict: bool = False
    cache: Path = field(default_factory=default_cache)
    progress: Progress | None = None
