"""A repository of several pipelines and shared libraries, small enough for tests, with all that ties them together."""

from typing import Final

TARGETS: Final = "targets: {dev: {mode: development}}\n"


def project(name: str, *needs: str, more: str = "") -> str:
    """A `pyproject.toml`."""
    needed = ", ".join(f'"{each}"' for each in ("lakewright", *needs))
    return f'[project]\nname = "{name}"\nversion = "0.1.0"\ndependencies = [{needed}]\n{more}'


def bundle(name: str) -> str:
    """A `databricks.yml`."""
    return f"bundle: {{name: {name}}}\ninclude: [../../targets.yml]\nsync: {{paths: [.]}}\n"


def pipeline(name: str, *needs: str, code: str = "", more: str = "") -> dict[str, str]:
    """The files of a pipeline."""
    folder = f"pipelines/{name}"
    return {
        f"{folder}/databricks.yml": bundle(name),
        f"{folder}/pyproject.toml": project(name.replace("_", "-"), *needs, more=more),
        f"{folder}/src/{name}/__init__.py": "",
        f"{folder}/src/{name}/jobs.py": code,
        f"{folder}/data/rows.csv": "1\n",
    }


def library(name: str, *needs: str, code: str = "") -> dict[str, str]:
    """The files of a shared library."""
    folder = f"shared/{name}"
    return {
        f"{folder}/pyproject.toml": project(name, *needs),
        f"{folder}/src/{name}/__init__.py": code,
    }


FILES: Final[dict[str, str]] = {
    "targets.yml": TARGETS,
    "pyproject.toml": '[project]\nname = "platform"\nversion = "0"\n[tool.uv.workspace]\nmembers = ["shared/*"]\n',
    "README.md": "",
    "LICENSE": "",
    "docs/a.md": "",
    "docs/plan.sql": "",
    "scripts/a.py": "",
    ".gitattributes": "",
    ".github/CODEOWNERS": "",
    ".github/workflows/deploy.yml": "",
    "framework/pyproject.toml": '[project]\nname = "lakewright"\nversion = "0"\n',
    "framework/src/lakewright/project/skeleton/pyproject.toml": "{{ not TOML",
    **library("units"),
    **library("geo", "Units>=0.1 ; python_version > '3'"),
    **library("audit"),
    **library("lonely"),
    **pipeline("flights", "geo"),
    **pipeline("web", code="from audit import begin\n"),
    **pipeline("sales"),
}
EVERY: Final = ("flights", "sales", "web")
