"""A new pipeline folder, from the skeleton that this package carries."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

import yaml

from lakewright.errors.project import UsageError
from lakewright.project.repository import PIPELINES
from lakewright.project.settings import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.project.repository import Repository

SKELETON: Final = Path(__file__).with_name("skeleton")
SUFFIX: Final = ".tmpl"
ANSWERS: Final = ".copier-answers.yml"

# The template asks for the first pipeline by the same rules; a test holds copier.yml equal to these.
NAME: Final = re.compile(r"\A(?=.{1,50}\Z)[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
RESERVED: Final = Path(__file__).with_name("reserved_names.txt")

# What the template's own answers stand for; the example pipeline carries the same.
_ENVIRONMENT: Final = {"3.10": "1", "3.11": "2", "3.12": "5"}
_RUNTIME: Final = {"3.10": "14.3.x-scala2.12", "3.11": "15.4.x-scala2.12", "3.12": "16.4.x-scala2.12"}
_NODE: Final = {"azure": "Standard_D4ds_v5", "aws": "m6id.xlarge", "gcp": "n2-standard-4"}


def new_pipeline(repository: Repository, name: str) -> tuple[Path, ...]:
    """Write `pipelines/<name>/`; the files, in order.

    Raises:
        UsageError: the name cannot be a package's or is taken, or the folder is already there; nothing is written.
    """
    folder = repository.root / PIPELINES / name
    problem = None if folder.exists() and NAME.fullmatch(name) else _problem(repository.root, name)
    if problem:
        raise UsageError(
            f"a pipeline cannot be called '{name}': {problem}",
            hint="Choose another name, as in daily_sales.",
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


def _problem(root: Path, name: str) -> str | None:
    if not NAME.fullmatch(name):
        return (
            "it begins with a lower-case letter and holds only lower-case letters, digits and single '_' between them, "
            "at most 50"
        )
    if name in RESERVED.read_text(encoding="utf-8").split():
        return "Python, a tool or this repository already uses the name"
    owner = dict(_taken(root)).get(name)
    return f"{owner} already has the name" if owner else None


def _taken(root: Path) -> Iterator[tuple[str, str]]:
    """Names of the workspace's projects and of their packages, as packages spell them, and who has them."""
    for file in (root / "pyproject.toml", *sorted(root.glob("*/*/pyproject.toml"))):
        if file.is_file():
            distribution = str(read_toml(file).get("project", {}).get("name", ""))
            yield distribution.lower().replace("-", "_"), file.relative_to(root).as_posix()
    for package in sorted(root.glob("*/*/src/*/__init__.py")):
        yield package.parent.name, package.parent.relative_to(root).as_posix()


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
