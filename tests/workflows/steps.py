"""One step of a job: a command in a shell, or an action."""

import hashlib
import itertools
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.workflows.actions import ActionError, Call, find_action
from tests.workflows.concurrency import Turn
from tests.workflows.contexts import scope
from tests.workflows.evaluation import Function, Scope, Value
from tests.workflows.hub import Event, Hub
from tests.workflows.machine import Machine
from tests.workflows.results import Result, StepRun

KEYS: Final = frozenset(
    [
        "continue-on-error",
        "env",
        "id",
        "if",
        "name",
        "run",
        "shell",
        "timeout-minutes",
        "uses",
        "with",
        "working-directory",
    ]
)
FILES: Final = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
LONGEST: Final = 600
GLANCE: Final = 0.2
# GitHub's own: without `shell:` a pipe succeeds when its last command does.
SHELLS: Final = {"": ("bash", "-e"), "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail")}


class WorkflowError(Exception):
    """A workflow that GitHub would not run, or of which something is not known here."""


@dataclass(slots=True, kw_only=True)
class Work:
    """A job under way: what its steps share."""

    hub: Hub
    machine: Machine
    event: Event
    run: int
    grants: Mapping[str, str]
    contexts: dict[str, Value]
    shell: str
    environment: dict[str, str]
    turn: Turn
    paths: list[str] = field(default_factory=list)
    summary: str = ""
    failed: bool = False

    @property
    def status(self) -> Mapping[str, Function]:
        """The functions that ask how the steps before have ended."""
        return {
            "always": lambda: True,
            "cancelled": lambda: self.turn.is_cancelled,
            "failure": lambda: self.failed,
            "success": lambda: not self.failed and not self.turn.is_cancelled,
        }

    def scope(self, place: str) -> Scope:
        """What an expression sees now."""
        return scope(place, self.contexts, status=self.status, hash_files=self._hash_files)

    def _hash_files(self, *patterns: str) -> str:
        found = sorted({path for pattern in patterns for path in self.machine.workspace.glob(pattern)})
        digests = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in found if path.is_file())
        return hashlib.sha256(digests).hexdigest() if digests else ""


def run_step(work: Work, step: Mapping[str, Any]) -> StepRun:
    """Run a step, unless its condition does not hold, and keep what it says for those behind it."""
    if unknown := step.keys() - KEYS:
        raise WorkflowError(f"a step has the unknown keys {sorted(unknown)}")
    name = step.get("name") or step.get("run") or step["uses"]
    if not work.scope("step.if").holds(step.get("if", "success()")):
        return _remember(work, step, StepRun(name=name, outcome="skipped", conclusion="skipped"))
    files = {each: work.machine.folder / "temp" / each for each in FILES}
    for file in files.values():
        file.write_text("", encoding="utf-8")
    was_cancelled = work.turn.is_cancelled
    fails, said, outputs = _act(work, step, files)
    cut_off = work.turn.is_cancelled and not was_cancelled
    work.environment.update(read_pairs(files["GITHUB_ENV"]))
    work.paths[:0] = files["GITHUB_PATH"].read_text(encoding="utf-8").splitlines()[::-1]
    work.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    tolerated = fails and step.get("continue-on-error") == "true"
    work.failed |= fails and not tolerated and not cut_off
    outcome: Result = "cancelled" if cut_off else "failure" if fails else "success"
    ended = StepRun(
        name=name,
        outcome=outcome,
        conclusion="success" if tolerated and not cut_off else outcome,
        said=said,
        outputs={**outputs, **read_pairs(files["GITHUB_OUTPUT"])},
    )
    return _remember(work, step, ended)


def _remember(work: Work, step: Mapping[str, Any], ended: StepRun) -> StepRun:
    if "id" in step:
        work.contexts["steps"][step["id"]] = {
            "conclusion": ended.conclusion,
            "outcome": ended.outcome,
            "outputs": dict(ended.outputs),
        }
    return ended


def _act(work: Work, step: Mapping[str, Any], files: Mapping[str, Path]) -> tuple[bool, str, Mapping[str, str]]:
    """Whether it failed, what it said, and what an action gave."""
    work.contexts["env"] = dict(work.environment)
    own = {name: work.scope("step").text(value) for name, value in step.get("env", {}).items()}
    work.contexts["env"].update(own)
    if "run" in step:
        return (*_run_command(work, step, {**own, **{name: str(path) for name, path in files.items()}}), {})
    inputs = {name: work.scope("step").text(value) for name, value in step.get("with", {}).items()}
    call = Call(
        inputs=inputs,
        hub=work.hub,
        machine=work.machine,
        run=work.run,
        sha=work.event.sha,
        ref=work.event.ref,
        files=files,
        grants=work.grants,
    )
    try:
        return False, "", find_action(step["uses"], inputs)(call)
    except ActionError as error:
        return True, f"{error}\n", {}


def _run_command(work: Work, step: Mapping[str, Any], own: Mapping[str, str]) -> tuple[bool, str]:
    shell = step.get("shell", work.shell)
    if shell not in SHELLS:
        raise WorkflowError(f"nothing is known of the shell '{shell}'")
    command = work.scope("step").text(step["run"])
    for pattern in [each for each in work.machine.meanwhile if re.fullmatch(each, command)]:
        work.machine.meanwhile.pop(pattern)()
    for pattern, code in work.machine.assumed.items():
        if re.fullmatch(pattern, command):
            return code != 0, f"assumed to end with {code}\n"
    script = work.machine.folder / "temp" / "step.sh"
    script.write_text(command, encoding="utf-8")
    folder = work.machine.workspace / work.scope("step").text(step.get("working-directory", "."))
    environment = {**work.machine.variables(), **work.environment, **own}
    environment["PATH"] = ":".join([*work.paths, environment["PATH"]])
    return _execute([*SHELLS[shell], str(script)], folder, environment, turn=work.turn)


def _execute(command: list[str], folder: Path, environment: Mapping[str, str], *, turn: Turn) -> tuple[bool, str]:
    """Run a command until it ends, or until its job is cancelled: then all that it has started ends too."""
    already, deadline = turn.is_cancelled, time.monotonic() + LONGEST
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        said: str | None = None
        while said is None:
            with suppress(subprocess.TimeoutExpired):
                said, _ = process.communicate(timeout=GLANCE)
            if said is None and (time.monotonic() > deadline or (turn.is_cancelled and not already)):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode != 0, said


def read_pairs(file: Path) -> dict[str, str]:
    """What a command has written to `$GITHUB_OUTPUT` or `$GITHUB_ENV`: `name=value`, or `name<<END`, lines, `END`."""
    pairs: dict[str, str] = {}
    lines = iter(file.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if opened := re.fullmatch(r"([^=]+?)<<(.+)", line):
            pairs[opened[1]] = "\n".join(itertools.takewhile(opened[2].__ne__, lines))
        elif "=" in line:
            name, _, value = line.partition("=")
            pairs[name] = value
        elif line:
            raise WorkflowError(f"'{line}' is no output: write name=value")
    return pairs
