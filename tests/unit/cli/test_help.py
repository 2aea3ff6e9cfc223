"""`--help` teaches: every command has an example that its own parser takes, every option says what it does."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

import pytest
from typer.main import get_group

from lakewright.cli.app import app

EXAMPLE: Final = re.compile(r"`lakewright ([^`]+)`")


def commands(group: Any, *above: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  of the library inside typer
    """Every command with its name, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *above, name)
        else:
            yield " ".join([*above, name]), command


COMMANDS: Final = dict(commands(get_group(app)))


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
