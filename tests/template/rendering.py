"""Copies of the template: what `copier copy` makes of the work tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import copier
import yaml

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("copier.yml", "framework", "includes", "template")
# The Python that runs the tests runs what they render, and no uv or nox around them is felt there.
ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if name not in {"UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV"}},
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "UV_PYTHON": sys.executable,
    "UV_PYTHON_DOWNLOADS": "never",
}

Answers = Mapping[str, Any]


def snapshot(destination: Path) -> Path:
    """The template as it lies in the work tree, uncommitted files included, without what builds leave behind."""
    for path in _sources():
        copy = destination / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy, follow_symlinks=False)
    return destination


def _sources() -> list[str]:
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES, cwd=ROOT)
    return [name for name in listing.split("\0") if name and os.path.lexists(ROOT / name)]


def render(source: Path, destination: Path, answers: Answers) -> Path:
    """A generated repo with these answers and the default for every other question."""
    copier.run_copy(str(source), destination, data=dict(answers), defaults=True, quiet=True)
    return destination


def read_questions() -> dict[str, dict[str, Any]]:
    """What a user is asked, by name, in order."""
    document = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    return {
        name: question
        for name, question in document.items()
        if not name.startswith("_") and question.get("when") is not False
    }


def files(repo: Path) -> dict[str, bytes]:
    """Every file by its path, but for git's own."""
    paths = (path for path in repo.rglob("*") if path.is_file() and ".git" not in path.relative_to(repo).parts)
    return {path.relative_to(repo).as_posix(): path.read_bytes() for path in sorted(paths)}


def commit(repo: Path, message: str = "Work") -> None:
    """A commit of all that lies in a folder, which becomes a repository if it is none."""
    if not (repo / ".git").exists():
        run("git", "init", "--quiet", "--initial-branch=main", cwd=repo)
        run("git", "config", "user.name", "Test", cwd=repo)
        run("git", "config", "user.email", "test@example.com", cwd=repo)
    run("git", "add", "--all", cwd=repo)
    run("git", "commit", "--quiet", "--allow-empty", f"--message={message}", cwd=repo)


def run(*command: str, cwd: Path, code: int = 0) -> str:
    """What a command says; it must end with the code."""
    result = subprocess.run(
        command,
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == code, f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}"
    return result.stdout
