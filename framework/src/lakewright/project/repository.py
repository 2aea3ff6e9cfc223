"""The folders of a repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lakewright.errors.project import UsageError
from lakewright.io.local import PIPELINE_FILE, PROJECT_FILE, find_above
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PIPELINES: Final = "pipelines"
PRICES_FILE: Final = "prices.toml"


@dataclass(frozen=True, slots=True)
class PipelineFolder:
    """`pipelines/<name>/`: one bundle."""

    path: Path

    @property
    def name(self) -> str:
        """The pipeline's name: its folder's."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that the template has made, or a lone pipeline folder."""

    root: Path

    @classmethod
    def around(cls, place: Path) -> Repository:
        """The repository that a folder lies in.

        Raises:
            UsageError: it lies in none.
        """
        root = find_above(place.resolve(), PROJECT_FILE)
        if root is None:
            raise UsageError(
                f"{place} is not inside a lakewright repository: no {PROJECT_FILE} here or above",
                hint="Go to your repository, or start one with copier.",
            )
        return cls(root)

    @property
    def pipelines(self) -> tuple[PipelineFolder, ...]:
        """All pipeline folders, by name."""
        folders = sorted((self.root / PIPELINES).glob(f"*/{PIPELINE_FILE}"))
        return tuple(PipelineFolder(file.parent) for file in folders)

    def pipeline(self, name: str) -> PipelineFolder:
        """One pipeline folder.

        Raises:
            UsageError: there is none of this name.
        """
        found = {folder.name: folder for folder in self.pipelines}
        if name not in found:
            raise UsageError(f"there is no pipeline '{name}'{did_you_mean(name, found)}")
        return found[name]

    def here(self, place: Path) -> tuple[PipelineFolder, ...]:
        """The pipeline that a folder lies in, or all of them."""
        inside = find_above(place.resolve(), PIPELINE_FILE)
        return (PipelineFolder(inside),) if inside else self.pipelines
