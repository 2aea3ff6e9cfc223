"""What the README and the tutorial tell a new user to type, typed: a fresh clone, a fresh virtual environment."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import ROOT, blocks, commands
from tests.docs.users import User, new_user

README: Final = ROOT / "README.md"
TUTORIAL: Final = ROOT / "docs" / "tutorial" / "first-pipeline.md"
INNER_LOOP: Final = ROOT / "docs" / "tutorial" / "run-it-locally.md"
# What a page says behind a command that must not succeed.
FAILS: Final = "  # fails"


@pytest.fixture
def user(tmp_path: Path) -> User:
    return new_user(tmp_path)


def test_the_two_commands_of_the_readme_work(user: User) -> None:
    see, start = commands(blocks(README, "console")[0])
    with (user.clone / "template" / "targets.yml.jinja").open("a", encoding="utf-8") as file:
        file.write("# not committed\n")
    user.place = user.clone
    shown = user.types(see)
    assert "delays" in shown
    assert "27,004" in shown
    assert "# not committed" in (user.clone / "build" / "local" / "targets.yml").read_text(encoding="utf-8")
    user.types(start)
    assert (user.clone / "my-platform" / "targets.yml").exists()


def test_the_test_command_of_the_readme_names_a_session() -> None:
    (command,) = commands(blocks(README, "console")[-1])
    session = command.rpartition(" ")[2]
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert command == f"python3 -m pip install nox uv && nox -s {session}"
    assert f"* {session} " in listed.stdout


def test_the_tutorial_can_be_followed(user: User) -> None:
    for block in blocks(TUTORIAL, "console", "python"):
        if block.title:
            (user.place / block.title).write_text(block.code, encoding="utf-8")
        for command in commands(block) if block.language == "console" else ():
            user.types(command)
    assert "3 passed" in user.types("nox -s tests -- pipelines/sales")


def test_the_inner_loop_is_as_the_tutorial_tells_it(user: User) -> None:
    said = {}
    for block in blocks(INNER_LOOP, "console", "python"):
        if block.title:
            (user.place / block.title).write_text(block.code, encoding="utf-8")
        failing = [line for line in block.code.splitlines() if line.endswith(FAILS)]
        for command in commands(block) if block.language == "console" else ():
            is_failing = any(line.startswith(f"$ {command}") for line in failing)
            said[command] = user.types(command, code=1 if is_failing else 0)
    failed = said["nox -s local -- shop"]
    shown = [block.code for block in blocks(INNER_LOOP, "text")][1]
    for line in ("tasks.py:18  in revenue", 'unable to find column "cent"', 'Did you mean "cents"?', "   | 2 orders"):
        assert line in shown
        assert line in failed
    (way_on,) = re.findall("after the fix:  (.*)", failed)
    assert f"after the fix:  {way_on}" in shown
    assert "load_orders  done before" in said[way_on]
    assert "isolated run" in said["nox -s local -- shop --isolated"]
    assert "report.html" in said["uv run lakewright runs show --open"]
