"""Hand edits in the framework that a repository carries: found by the hashes that a release of the template has."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from lakewright.errors.base import Location
from lakewright.model.diagnostics import Finding
from lakewright.project.packages import FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST: Final = "sha256sums"
_BUILT: Final = frozenset(["__pycache__", "build", "dist"])
_WAY_OUT: Final = (
    "The next update would merge it, or conflict with it. To keep it: write it in a library in shared/, or propose it\n"
    "to lakewright, whose next version brings it back. To undo it: git log {path}, and git checkout of what was there."
)


def check_framework(root: Path) -> tuple[Finding, ...]:
    """A finding for each file of the framework that is not what the release had; none where no release says so.

    The release writes `framework/sha256sums`, in the form that `sha256sum --check` reads; a copy of a template between
    two releases has none.
    """
    folder = root / FRAMEWORK
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return ()
    expected = read_manifest(manifest.read_text(encoding="utf-8"))
    present = {path: digest(folder / path) for path in files_of(folder)}
    changed = [path for path in sorted(expected.keys() | present.keys()) if expected.get(path) != present.get(path)]
    return tuple(_finding(path, is_new=path not in expected, is_gone=path not in present) for path in changed)


def _finding(path: str, *, is_new: bool, is_gone: bool) -> Finding:
    place = f"{FRAMEWORK}/{path}"
    what = "is not of this version of the framework" if is_new else "was deleted" if is_gone else "was edited by hand"
    return Finding(
        code="edited-framework",
        severity="warning",
        message=f"{place} {what}",
        location=Location(place, 1),
        hint=_WAY_OUT.format(path=place),
    )


def files_of(folder: Path) -> Iterator[str]:
    """The files of a framework's folder by path, sorted, without the manifest and what builds leave."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_left = any(part in _BUILT or part.startswith(".") or part.endswith(".egg-info") for part in parts)
        if path.is_file() and not is_left and parts != (MANIFEST,):
            yield "/".join(parts)


def digest(file: Path) -> str:
    """The SHA-256 of a file; of text with the line ends of git, whatever the system's are."""
    content = file.read_bytes()
    return hashlib.sha256(content if b"\0" in content else content.replace(b"\r\n", b"\n")).hexdigest()


def read_manifest(text: str) -> dict[str, str]:
    r"""The hash of each file by path.

    >>> read_manifest("ab12  src/a.py\n")
    {'src/a.py': 'ab12'}
    """
    return {path: found for found, _, path in (line.partition("  ") for line in text.splitlines()) if path}
