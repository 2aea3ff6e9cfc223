"""A template with two versions, and a repository made from the first, with a remote that is a folder."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import copier

ANSWERS: Final = "{{ _copier_conf.answers_file }}.jinja"
PROJECT: Final = '[project]\nname = "platform"\nversion = "{version}"\nrequires-python = ">=3.10"\ndependencies = []\n'


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "Work") -> None:
    """A commit of all that lies there."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")


@dataclass(frozen=True)
class Made:
    """The template, what was made from its first version, and where that is pushed to."""

    template: Path
    repo: Path
    origin: Path

    def write(self, name: str, text: str) -> None:
        """A file of the template."""
        path = self.template / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def release(self, version: str, **files: str) -> None:
        """A version of the template in which these files, by stem, say this."""
        for stem, text in files.items():
            self.write(f"{stem}.txt", text)
        self.write("pyproject.toml", PROJECT.format(version=version))
        commit(self.template, version)
        git(self.template, "tag", f"v{version}")


def make(folder: Path) -> Made:
    """A repository at version 1.0.0 of its template, locked and pushed."""
    made = Made(folder / "template", folder / "repo", folder / "origin.git")
    made.write(ANSWERS, "{{ _copier_answers | to_nice_yaml -}}\n")
    made.write("copier.yml", "{}\n")
    made.write("targets.yml", "targets: {dev: {}}\n")
    made.release("1.0.0", notes="one\ntwo\nthree\n")
    copier.run_copy(str(made.template), made.repo, vcs_ref="v1.0.0", quiet=True, defaults=True)
    subprocess.run(["uv", "lock", "--quiet"], cwd=made.repo, check=True, capture_output=True)
    commit(made.repo)
    git(folder, "clone", "--quiet", "--bare", str(made.repo), str(made.origin))
    git(made.repo, "remote", "add", "origin", f"file://{made.origin}")
    return made
