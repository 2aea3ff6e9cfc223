"""A revision of a repository beside the present one, and processes that import its code."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lakewright.project.git import run, said
from lakewright.project.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A revision in a folder of its own.

    Attributes:
        repository: as it was.
        revision: the commit.
        environment: with it, Python imports the packages of this revision before those that are installed.
    """

    repository: Repository
    revision: str
    environment: Mapping[str, str] = field(repr=False)


@contextmanager
def checkout(root: Path, revision: str) -> Iterator[Checkout]:
    """A revision in a temporary work tree, which is removed at the end.

    Args:
        root: of the repository.
        revision: a commit that is in this clone.

    Raises:
        GitError: git cannot check it out.
    """
    below = Path(said(root, "rev-parse", "--show-prefix"))
    with beside(root, revision) as tree:
        place = tree / below
        yield Checkout(repository=Repository(place), revision=revision, environment=_importing(place))


@contextmanager
def beside(root: Path, revision: str) -> Iterator[Path]:
    """A temporary work tree of a revision beside the user's own, which is removed at the end.

    Raises:
        GitError: git cannot check it out.
    """
    with TemporaryDirectory(prefix="lakewright-") as scratch:
        tree = Path(scratch).resolve() / "tree"
        run(root, "worktree", "add", "--quiet", "--detach", str(tree), revision)
        try:
            yield tree
        finally:
            run(root, "worktree", "remove", "--force", str(tree))


def _importing(root: Path) -> dict[str, str]:
    sources = [root / "framework" / "src", *sorted(root.glob("pipelines/*/src")), *sorted(root.glob("shared/*/src"))]
    before = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
    return {"PYTHONPATH": os.pathsep.join([*map(str, sources), *before])}
