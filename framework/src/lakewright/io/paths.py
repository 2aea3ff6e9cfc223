"""Where a run keeps what: one place for the layout under a target's root.

    <root>/runs/<job>/<run>/<task>/<attempt>/…          files of one attempt
    <root>/runs/<job>/<run>/records/<task>.json         its commit record
    <root>/runs/<job>/<run>/values/<task>.<name>.json   task values
    <root>/runs/<job>/<run>/logs/<task>/<attempt>.log   what an attempt printed
    <root>/locks/<job>/<run>.lock                       held by the process that runs the run, or removes it
    <root>/runs/<job>/<run>/report.html                 what happened, as a page

Attempts are folders, all else are files with a suffix: a task may be called `records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lakewright.model.names import folder_name


@dataclass(frozen=True)
class RunPaths:
    """The folders of one run of one job.

    Plain text: volumes and local disks share it, and `pathlib` costs ten milliseconds at import.

    >>> RunPaths("/Volumes/main/flights/lakewright", "daily", "42").attempt("clean", 1)
    '/Volumes/main/flights/lakewright/runs/daily/42/clean/1'
    """

    root: str
    job: str
    run_id: str

    @cached_property
    def folder(self) -> str:
        """All that the run keeps."""
        return f"{self.root}/runs/{folder_name(self.job)}/{self.run_id}"

    @property
    def report(self) -> str:
        """The page that shows the run."""
        return f"{self.folder}/report.html"

    @property
    def lock(self) -> str:
        """Held by the process that runs the run, or removes it: not in the folder, which goes while it is held."""
        return f"{self.root}/locks/{folder_name(self.job)}/{self.run_id}.lock"

    def attempt(self, task: str, attempt: int) -> str:
        """The folder of one attempt of a task."""
        return f"{self.folder}/{task}/{attempt}"

    def record(self, task: str) -> str:
        """The commit record of a task."""
        return f"{self.folder}/records/{task}.json"

    def value(self, task: str, name: str) -> str:
        """One task value."""
        return f"{self.folder}/values/{task}.{name}.json"

    def log(self, task: str, attempt: int) -> str:
        """The log of one attempt of a task."""
        return f"{self.folder}/logs/{task}/{attempt}.log"
