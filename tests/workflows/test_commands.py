"""Each `run:` of a workflow is sound as a command of a shell, and names what the command line has."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_group

from lakewright.cli.app import COMMANDS, command_line
from tests.template.rendering import render, snapshot
from tests.workflows.rules import ROOT, read_workflows

GROUP: Final = get_group(command_line(*COMMANDS))
SHELLCHECK: Final = ("shellcheck", "--shell=bash", "--norc", "-")
# The shell's own, and what stands for a value that comes with the event.
VALUES: Final = {"NUMBER": "7", "ALLOWED:+--allow-deletes": "--allow-deletes"}


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every command of our own workflows and of those that the template makes."""
    folder = tmp_path_factory.mktemp("commands")
    return [*_commands(ROOT), *_commands(render(snapshot(folder / "template"), folder / "repo", {}))]


def _commands(repo: Path) -> Iterator[str]:
    for workflow in read_workflows(repo).values():
        yield from (step["run"] for _, step in workflow.steps() if "run" in step)


def calls(command: str) -> Iterator[list[str]]:
    """The words behind each `lakewright` in a command, up to the end of that call."""
    for found in re.findall(r"\blakewright ([^|&>]+)", command):
        filled = re.sub(r"\$\{?([A-Z_]+[^}\s\"]*)\}?", lambda match: VALUES.get(match[1], "value"), found)
        yield shlex.split(filled)


def test_a_shell_has_nothing_to_say_of_any_command(commands: list[str]) -> None:
    script = "".join(f"{command}\n" for command in dict.fromkeys(commands))
    told = subprocess.run(SHELLCHECK, input=script, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_every_command_of_lakewright_is_there_with_its_options(commands: list[str]) -> None:
    found = [words for command in commands for words in calls(command)]
    assert {words[0] for words in found} >= {
        "affected",
        "check",
        "comment",
        "deploy",
        "diff",
        "drift",
        "plan",
        "update",
    }
    for words in found:
        command = GROUP.commands[words[0]]
        parts = getattr(command, "commands", None)
        depth = 2 if parts else 1
        # Parsed, and refused if there is no such option; nothing runs.
        (parts[words[1]] if parts else command).make_context(" ".join(words[:depth]), words[depth:])


def test_no_workflow_names_a_host(commands: list[str]) -> None:
    assert not [command for command in commands if "DATABRICKS_HOST" in command]
