"""What the known actions do, as far as workflows here rely on it; any other action or input is a failure."""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.workflows.hub import Hub
from tests.workflows.machine import Machine

WARN: Final = "warn"


class ActionError(Exception):
    """An action that ends with an error, or of which nothing is known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An action that is called, with what it may touch.

    Attributes:
        files: where a step leaves variables and entries of PATH for the steps behind it.
        grants: the permissions of the job.
    """

    inputs: Mapping[str, str]
    hub: Hub
    machine: Machine
    run: int
    sha: str
    ref: str
    files: Mapping[str, Path]
    grants: Mapping[str, str]

    def given(self, name: str, default: str = "") -> str:
        return self.inputs.get(name) or default

    def require(self, permission: str, level: str) -> None:
        """The token must have a permission.

        Raises:
            ActionError: it has not.
        """
        if self.grants.get(permission) not in {level, "write"}:
            raise ActionError(f"Resource not accessible by integration: needs {permission}: {level}")

    def leave(self, file: str, line: str) -> None:
        with self.files[file].open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")


Action: TypeAlias = Callable[[Call], Mapping[str, str]]


def checkout(call: Call) -> Mapping[str, str]:
    """A clone of the commit that the workflow runs for, or of `ref:`; shallow unless told otherwise."""
    call.require("contents", "read")
    if call.given("persist-credentials") != "false":
        raise ActionError("the token would stay in the clone")
    work, depth = call.machine.workspace, call.given("fetch-depth", "1")
    shallow = [] if depth == "0" else [f"--depth={depth}"]
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "remote", "add", "origin", f"file://{call.hub.origin}")
    if not shallow:
        git(work, "fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
    wanted = call.given("ref", call.sha)
    git(work, "fetch", "--quiet", *shallow, "origin", wanted)
    # A branch is checked out as one, as the action does; anything else leaves HEAD detached.
    branch = (
        call.ref.removeprefix("refs/heads/") if not call.given("ref") and call.ref.startswith("refs/heads/") else ""
    )
    git(work, "checkout", "--quiet", *(["-B", branch] if branch else ["--detach"]), "FETCH_HEAD")
    if call.machine.kept.is_dir():
        call.machine.kept.rename(work / ".venv")
    return {"commit": git(work, "rev-parse", "HEAD"), "ref": call.ref}


def setup_python(call: Call) -> Mapping[str, str]:
    """The Python that runs the tests stands in for any version."""
    folder = call.machine.tools("python3", "pip")
    call.leave("GITHUB_PATH", str(folder))
    return {"python-version": call.given("python-version")}


def setup_uv(call: Call) -> Mapping[str, str]:
    """The tests' uv on the PATH, and told which Python to take: the one that runs the tests."""
    call.leave("GITHUB_PATH", str(call.machine.tools("uv", "uvx")))
    if call.given("python-version"):
        call.leave("GITHUB_ENV", f"UV_PYTHON={sys.executable}")
    return {"uv-version": call.given("version")}


def setup_cli(call: Call) -> Mapping[str, str]:
    """The program that stands in for the Databricks CLI on the PATH."""
    if not call.given("version"):
        raise ActionError("any version of the Databricks CLI would do")
    if call.machine.databricks is None:
        raise ActionError("this machine has no program that stands in for the Databricks CLI")
    call.leave("GITHUB_PATH", str(call.machine.databricks))
    return {}


def upload_artifact(call: Call) -> Mapping[str, str]:
    """Files under a name that the run has once, by their paths below what they share."""
    key = (call.run, call.given("name", "artifact"))
    if key in call.hub.artifacts:
        raise ActionError(f"an artifact with the name {key[1]} already exists on the workflow run")
    found = sorted(
        _matches(call.machine.workspace, call.given("path"), hidden=call.given("include-hidden-files") == "true")
    )
    if not found:
        return _nothing_found(call)
    base = Path(os.path.commonpath([_root(call.machine.workspace, line) for line in call.given("path").split()]))
    storage = call.hub.storage / "artifacts" / str(call.run) / key[1]
    for file in found:
        target = storage / file.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, target)
    call.hub.artifacts[key] = storage
    return {"artifact-id": str(len(call.hub.artifacts))}


def _root(work: Path, pattern: str) -> Path:
    """What the files of a pattern are kept relative to: the folder before its first wildcard."""
    parts = itertools.takewhile(lambda part: not set("*?[") & set(part), Path(pattern).parts)
    path = work.joinpath(*parts)
    return path.parent if path.is_file() else path


def _nothing_found(call: Call) -> Mapping[str, str]:
    if call.given("if-no-files-found", WARN) == "error":
        raise ActionError(f"No files were found with the provided path: {call.given('path')}")
    return {}


def _matches(work: Path, patterns: str, *, hidden: bool) -> Iterator[Path]:
    for pattern in patterns.split():
        for found in work.glob(pattern.rstrip("/")):
            for path in found.rglob("*") if found.is_dir() else [found]:
                is_hidden = any(part.startswith(".") for part in path.relative_to(work).parts)
                if path.is_file() and (hidden or not is_hidden):
                    yield path


def download_artifact(call: Call) -> Mapping[str, str]:
    """One artefact by name, or all that a pattern matches, each in a folder of its name unless they are merged."""
    target = call.machine.workspace / call.given("path", ".")
    wanted, pattern = call.given("name"), call.given("pattern")
    found = {name: path for (run, name), path in call.hub.artifacts.items() if run == call.run}
    if wanted and wanted not in found:
        raise ActionError(f"Unable to download artifact(s): Artifact not found for name: {wanted}")
    for name, storage in found.items():
        if name == wanted or (not wanted and Path(name).match(pattern or "*")):
            apart = not wanted and call.given("merge-multiple") != "true"
            shutil.copytree(storage, target / name if apart else target, copy_function=os.link, dirs_exist_ok=True)
    return {"download-path": str(target)}


def attest(call: Call) -> Mapping[str, str]:
    """A signature over files; nobody signs here, but the files must be there and the job must be allowed to."""
    for permission in ("id-token", "attestations"):
        call.require(permission, "write")
    if not list(_matches(call.machine.workspace, call.given("subject-path"), hidden=False)):
        raise ActionError(f"Could not find subject at path {call.given('subject-path')}")
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """An action and those of its inputs that mean something here."""

    action: Action
    inputs: frozenset[str]


ACTIONS: Final[Mapping[str, Known]] = {
    "actions/checkout": Known(checkout, frozenset(["fetch-depth", "persist-credentials", "ref"])),
    "actions/setup-python": Known(setup_python, frozenset(["python-version"])),
    "actions/upload-artifact": Known(
        upload_artifact, frozenset(["if-no-files-found", "include-hidden-files", "name", "path", "retention-days"])
    ),
    "actions/download-artifact": Known(download_artifact, frozenset(["merge-multiple", "name", "path", "pattern"])),
    "actions/attest": Known(attest, frozenset(["sbom-path", "subject-path"])),
    "astral-sh/setup-uv": Known(setup_uv, frozenset(["enable-cache", "python-version", "version"])),
    "databricks/setup-cli": Known(setup_cli, frozenset(["version"])),
}


def find_action(uses: str, inputs: Mapping[str, str]) -> Action:
    """The stand-in for an action.

    Raises:
        ActionError: the action or one of the inputs is not known here.
    """
    name = uses.partition("@")[0]
    if name not in ACTIONS:
        raise ActionError(f"nothing is known of the action '{uses}'")
    if unknown := inputs.keys() - ACTIONS[name].inputs:
        raise ActionError(f"nothing is known of the inputs {sorted(unknown)} of '{name}'")
    return ACTIONS[name].action


def git(folder: Path, *arguments: str) -> str:
    """What git says.

    Raises:
        ActionError: it ended with an error.
    """
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ActionError(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()
