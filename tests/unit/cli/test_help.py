"""`--help` teaches: every command has an example that its own parser takes, every option says what it does."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

import pytest
from typer.main import get_group

from lakewright.cli.app import COMMANDS as ROWS
from lakewright.cli.app import command_line
from tests.unit.cli.commands import Call, Ended

EXAMPLE: Final = re.compile(r"`lakewright ([^`]+)`")


def commands(group: Any, *above: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  of the library inside typer
    """Every command with its name, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *above, name)
        else:
            yield " ".join([*above, name]), command


COMMANDS: Final = dict(commands(get_group(command_line(*ROWS))))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert [each.name for each in command.params if not getattr(each, "help", None)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_can_be_called(name: str) -> None:
    examples = [shlex.split(found) for found in EXAMPLE.findall(COMMANDS[name].help.partition("Example")[2])]
    depth = len(name.split())
    assert [" ".join(words[:depth]) for words in examples] == [name] * len(examples)
    assert examples
    for words in examples:
        # Parsed, and refused if there is no such option; nothing runs.
        COMMANDS[name].make_context(name, words[depth : words.index(">") if ">" in words else None])


@pytest.mark.parametrize("name", ROWS)
def test_the_list_of_commands_has_the_first_line_of_each_in_the_words_of_its_own_help(name: str) -> None:
    group = get_group(command_line(name))
    shown = group.commands[name].help or ""
    assert shown.partition("\n")[0] == ROWS[name].summary
    others = [each.help for other, each in group.commands.items() if other != name]
    assert others == [row.summary for other, row in ROWS.items() if other != name]


def test_the_list_shows_commands_that_belong_together_under_one_heading(call: Call) -> None:
    said = call("--help").out
    headings = re.findall(r"─ ([A-Z][\w ]+) ─", said)
    assert headings == ["Options", *dict.fromkeys(row.panel for row in ROWS.values())]
    assert re.findall(r"^│ ([a-z]+) ", said, re.MULTILINE) == list(ROWS)


@pytest.mark.parametrize("name", [[], ["run"], ["runs", "show"], ["check"]])
def test_an_option_that_takes_no_value_names_no_type_of_it(call: Call, name: list[str]) -> None:
    said = call(*name, "--help").out
    assert "<bool>" not in said
    assert "--help" in said


def test_the_version_is_that_of_the_installed_package(call: Call) -> None:
    assert call("--version") == Ended(0, f"lakewright {version('lakewright')}\n", "")


IMPORTED: Final = """
import sys
from lakewright.cli.app import run
code = run()
print(code, *sorted({".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("lakewright.")}))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["chekc"]])
def test_a_command_that_is_not_called_is_not_imported(arguments: list[str]) -> None:
    command = [sys.executable, "-c", IMPORTED, *arguments]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    code, *imported = result.stdout.splitlines()[-1].split()
    assert code == str(2 * (arguments != ["--help"]))
    assert imported == ["lakewright.cli", "lakewright.errors", "lakewright.text"]
