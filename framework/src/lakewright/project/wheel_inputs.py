"""What the wheels of a pipeline are built from, as a digest: equal digests, equal wheels."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.hashing import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.dependencies.current import BuiltFrom

# What tools leave behind, and what no wheel is built from.
_NEVER: Final = frozenset(["__pycache__", "build", "dist", "node_modules", "wheelhouse"])
# Beside a src/ folder these are no packages.
_BESIDE_SOURCE: Final = frozenset(["data", "docs", "tests"])


def project_digest(project: Path) -> str:
    """The digest of what a project's wheel is built from."""
    digest = hashlib.sha256()
    for name, file in _files(project):
        digest.update(f"{name}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def inputs_digest(root: Path, projects: Iterable[Path], *, facts: Iterable[str]) -> str:
    """The digest of all that the wheels of a pipeline come from: the lock, its projects, and how they are built.

    Args:
        root: of the repository.
        projects: folders whose wheels are built.
        facts: anything else that changes what is built.
    """
    lock = root / "uv.lock"
    found = [lock.read_bytes().hex() if lock.is_file() else "", *facts]
    found += [f"{os.path.relpath(project, root)} {project_digest(project)}" for project in sorted(projects)]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def has_changed(root: Path, known: BuiltFrom) -> bool:
    """Whether a wheelhouse was built from other sources, or another lock, than there are now."""
    projects = [root / project for project in known.projects]
    return inputs_digest(root, projects, facts=known.facts) != known.inputs


def _files(project: Path) -> Iterator[tuple[str, Path]]:
    has_source = (project / "src").is_dir()
    for top, folders, names in os.walk(project):
        place = Path(top)
        left_out = _NEVER | (_BESIDE_SOURCE if has_source and place == project else frozenset())
        folders[:] = sorted(name for name in folders if _counts(name) and name not in left_out)
        for name in sorted(names):
            if _counts(name) and not name.endswith(".pyc"):
                yield (place / name).relative_to(project).as_posix(), place / name


def _counts(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(".egg-info")
