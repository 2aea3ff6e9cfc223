"""`lakewright doctor --probe`: what the semantics say of the platform, tried on a real workspace and judged."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import yaml

from lakewright.databricks.run_outcomes import run_outcomes
from lakewright.databricks.workspace import Workspace
from lakewright.errors.project import UsageError
from lakewright.io.local import PIPELINE_FILE
from lakewright.project import probe_task
from lakewright.project.checkup import looked_at, right, wrong
from lakewright.project.probes import SCRIPT, open_probes
from lakewright.project.targets import deployable_target, read_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.checkup import Checkup
    from lakewright.project.probes import Probe

NAME: Final = "lakewright-probe"
# Where a bundle lies is not said: it is deployed below the home of whoever deploys it.
_PLACES: Final = "_path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """Where facts are tried.

    Attributes:
        target: of `targets.yml`.
        workspace: how the target says to sign in.
    """

    target: str
    workspace: Mapping[str, Any]
    sleep: Callable[[float], object] = field(default=time.sleep, repr=False, compare=False)

    @classmethod
    def of(cls, root: Path, target: str) -> Probing:
        """Facts are tried on the workspace of a target.

        Raises:
            UsageError: there is no such target.
            ProjectError: `targets.yml` says nothing that would work about it.
        """
        own = deployable_target(root, target).workspace
        shared = read_targets(root)[0].workspace
        settings = {**shared.model_dump(exclude_none=True), **own.model_dump(exclude_none=True)}
        return cls(target=target, workspace={k: v for k, v in settings.items() if not k.endswith(_PLACES)})

    def files(self) -> Mapping[str, str]:
        """The bundle: its files by their names, with a job for each fact that is not verified."""
        bundle = {
            "bundle": {"name": NAME, "databricks_cli_version": f"== {version('databricks-bundles')}"},
            "targets": {self.target: {"mode": "development", "default": True, "workspace": dict(self.workspace)}},
            "resources": {"jobs": {probe.key: dict(probe.job) for probe in open_probes()}},
        }
        script = Path(probe_task.__file__).read_text(encoding="utf-8")
        return {PIPELINE_FILE: yaml.dump(bundle, Dumper=_Plain, sort_keys=False, width=120), SCRIPT: script}

    def write(self, folder: Path) -> None:
        """Write the bundle into a folder that is new or empty.

        Raises:
            UsageError: something else lies there.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is there already", hint="Name a folder that is new or empty.")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files().items():
            (folder / name).write_text(text, encoding="utf-8")

    def judge(self, cli: BundleCli) -> Generator[Checkup, None, None]:
        """Whether each fact holds, as it is found; in the end nothing is left on the workspace.

        Raises:
            DeployError: the bundle cannot be deployed or taken away again, or the workspace refuses.
        """
        workspace = Workspace.of(self.workspace)
        with TemporaryDirectory(prefix=f"{NAME}-") as scratch:
            folder = Path(scratch) / NAME
            self.write(folder)
            try:
                cli.do(folder, "deploy", target=self.target)
                summary = json.loads(cli.answer(folder, "summary", "--output", "json", target=self.target))
                jobs = summary["resources"]["jobs"]
                runs = [(probe, workspace.start(int(jobs[probe.key]["id"]))) for probe in open_probes()]
                for probe, run in runs:
                    yield looked_at(self.target, partial(self._judged, probe, workspace, run))
            finally:
                cli.do(folder, "destroy", "--auto-approve", target=self.target)

    def _judged(self, probe: Probe, workspace: Workspace, run: int) -> Checkup:
        found = run_outcomes(workspace, run, sleep=self.sleep)
        return judged(self.target, probe, found)


def judged(target: str, probe: Probe, found: Mapping[str, str]) -> Checkup:
    """Whether a fact holds, by how the tasks of its probe ended."""
    others = [
        f"{key}: {expected} expected, {found.get(key, 'nothing')} found"
        for key, expected in probe.expected.items()
        if found.get(key) != expected
    ]
    return wrong(target, probe.fact, "\n".join(others)) if others else right(target, probe.fact)


class _Plain(yaml.SafeDumper):
    """Writes what is repeated once more, in place of naming it."""

    def ignore_aliases(self, _: object) -> bool:
        return True
