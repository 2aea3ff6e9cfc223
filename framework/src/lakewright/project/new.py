"""A new pipeline folder, from the skeleton that this package carries."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

import yaml

from lakewright.errors.project import UsageError
from lakewright.project.repository import PIPELINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.project.repository import Repository

SKELETON: Final = Path(__file__).with_name("skeleton")
SUFFIX: Final = ".tmpl"
ANSWERS: Final = ".copier-answers.yml"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")
_TAKEN: Final = frozenset({"databricks", "lakewright", "polars", "resources", "tests"})

# What the template's own answers stand for; the example pipeline carries the same.
_ENVIRONMENT: Final = {"3.10": "1", "3.11": "2", "3.12": "5"}
_RUNTIME: Final = {"3.10": "14.3.x-scala2.12", "3.11": "15.4.x-scala2.12", "3.12": "16.4.x-scala2.12"}
_NODE: Final = {"azure": "Standard_D4ds_v5", "aws": "m6id.xlarge", "gcp": "n2-standard-4"}


def new_pipeline(repository: Repository, name: str) -> tuple[Path, ...]:
    """Write `pipelines/<name>/`; the files, in order.

    Raises:
        UsageError: the name cannot be a package's, or the folder is already there; nothing is written.
    """
    folder = repository.root / PIPELINES / name
    problem = _problem(name)
    if problem:
        raise UsageError(
            f"a pipeline cannot be called '{name}': {problem}",
            hint="Use lower-case letters, digits and '_', as in daily_sales.",
        )
    if folder.exists():
        raise UsageError(f"{folder.relative_to(repository.root)} is already there", hint="Choose another name.")
    rendered = skeleton(name, _answers(repository.root))
    for path, text in rendered.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tuple(folder / path for path in rendered)


def skeleton(name: str, answers: Mapping[str, object]) -> Mapping[str, str]:
    """The files of a new pipeline as path → text."""
    compute, statement = _compute(answers)
    values = {
        "name": name,
        "distribution": name.replace("_", "-"),
        "compute": statement,
        "compute_import": ", ".join(sorted(["job", compute])),
    }
    return {
        file.relative_to(SKELETON).as_posix().removesuffix(SUFFIX).replace("/package/", f"/{name}/"): Template(
            file.read_text(encoding="utf-8")
        ).substitute(values)
        for file in sorted(SKELETON.rglob(f"*{SUFFIX}"))
    }


def _problem(name: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "it must begin with a lower-case letter and hold only lower-case letters, digits and '_', at most 50"
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in _TAKEN:
        return "Python or this repository already uses the name"
    return None


def _answers(root: Path) -> Mapping[str, object]:
    file = root / ANSWERS
    content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else None
    return content if isinstance(content, dict) else {}


def _compute(answers: Mapping[str, object]) -> tuple[str, str]:
    """The constructor to import, and the statement that names the compute as the template's answers say."""
    python = str(answers.get("python", "3.12"))
    if answers.get("compute") != "job_cluster":
        return "serverless", f'COMPUTE = serverless(environment_version="{_ENVIRONMENT[python]}")  # Python {python}'
    node = _NODE[str(answers.get("cloud", "azure"))]
    lines = [
        "COMPUTE = job_cluster(",
        f'    spark_version="{_RUNTIME[python]}",  # Python {python}',
        f'    node_type="{node}",',
        "    workers=0,",
        ")",
    ]
    return "job_cluster", "\n".join(lines)
