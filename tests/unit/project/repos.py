"""Small repositories for tests, written file by file."""

from pathlib import Path
from textwrap import dedent

TARGETS = """
variables:
  catalog: {}
  schema: {default: "${bundle.name}"}
  volume: {default: lakewright}
  data: {default: "${workspace.file_path}/data"}
targets:
  dev: {mode: development, default: true, workspace: {host: "https://dev.example.com"}, variables: {catalog: dev}}
  prod:
    mode: production
    workspace: {host: "https://prod.example.com", root_path: "/Workspace/bundles/${bundle.name}"}
    variables: {catalog: prod}
"""

JOBS = """
from lakewright import job, task

@task
def one() -> int:
    return 1

@job
def daily() -> int:
    return one()
"""

PIPELINE = """
from lakewright import pipeline

@pipeline
def part() -> int:
    return one()
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    """Files below a folder, their text dedented."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def repository(root: Path, **jobs: str) -> Path:
    """A repository with a pipeline for each name; the package of a pipeline lies in `root` itself, to be importable."""
    write(root, {"targets.yml": TARGETS})
    for name, source in jobs.items():
        write(
            root,
            {f"pipelines/{name}/databricks.yml": "bundle: {}", f"{name}/__init__.py": "", f"{name}/jobs.py": source},
        )
    return root
