"""The job definitions of a whole tree of files, made by that tree's own framework in the present environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.project import ProjectError
from lakewright.project.packages import closures
from lakewright.project.repository import PIPELINES
from lakewright.project.targets import read_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakewright.project.packages import Package

# `lakewright jobs` has been there since the first release: what is asked of another release is what people ask it.
_GENERATE: Final = """
import contextlib, io, json, sys
from pathlib import Path
from lakewright.cli import main

out, target, *names = sys.argv[1:]
said = {}
for name in names:
    sys.argv = ["lakewright", "jobs", name, "--target", target, "--out", str(Path(out, name))]
    told, code = io.StringIO(), 0
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
            main()
    except SystemExit as ended:
        code = ended.code
    if code:
        said[name] = told.getvalue() or f"ended with {code}"
Path(out, "failures.json").write_text(json.dumps(said), encoding="utf-8")
"""

# How many findings there are is seen.
_COUNT: Final = re.compile(r"\n\d+ findings?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The definitions of a pipeline by the keys of its jobs, or why there are none."""

    jobs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    error: str = ""


def generations(
    tree: Path, packages: Sequence[Package], names: Iterable[str], *, target: str | None, framework: Path
) -> Mapping[str, Generation]:
    """What some pipelines of a tree deploy.

    Args:
        tree: a repository, as files.
        packages: its own.
        names: of the pipelines.
        target: that is generated for; the first where it has none of this name.
        framework: the folder of the framework that generates.

    Raises:
        ProjectError: the tree has no targets, or its framework does not start.
    """
    wanted = tuple(names)
    if not wanted:
        return {}
    targets = read_targets(tree)[0].targets
    chosen = target if target is not None and target in targets else next(iter(targets))
    with tempfile.TemporaryDirectory(prefix="lakewright-") as scratch:
        command = [sys.executable, "-c", _GENERATE, scratch, chosen, *wanted]
        path = os.pathsep.join(_import_places(tree, packages, wanted, framework=framework))
        environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise ProjectError(f"the framework in {framework} does not generate:\n{done.stderr.strip()[-2000:]}")
        failures = json.loads((Path(scratch) / "failures.json").read_text(encoding="utf-8"))
        return {name: _read(Path(scratch) / name, failures.get(name, ""), tree) for name in wanted}


def _read(folder: Path, error: str, tree: Path) -> Generation:
    # The place of a temporary tree differs every time.
    told = _COUNT.sub("", error.strip()).replace(f"{tree}{os.sep}", "")
    files = sorted(folder.glob("*.json")) if not error else []
    return Generation(jobs={file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}, error=told)


def _import_places(tree: Path, packages: Sequence[Package], names: Iterable[str], *, framework: Path) -> list[str]:
    """Where modules are found: before those that are installed, the framework and what the pipelines are made of."""
    wanted = {f"{PIPELINES}/{name}" for name in names}
    made_of = closures([package for package in packages if package.folder in wanted], packages)
    folders = sorted({folder for ways in made_of.values() for folder in ways})
    sources = [tree / folder / "src" if (tree / folder / "src").is_dir() else tree / folder for folder in folders]
    installed = os.environ.get("PYTHONPATH", "")
    own = [framework / "src"] if (framework / "src").is_dir() else []
    return [*map(str, own), *map(str, sources), *filter(None, [installed])]
