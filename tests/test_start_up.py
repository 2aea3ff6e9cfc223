import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.pythons import MINORS, find_pythons

SOURCE: Final = Path(__file__).parents[1] / "framework" / "src"
STRANGERS: Final = """
import sys
before = set(sys.modules)
{statement}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(new - sys.stdlib_module_names - {{"lakewright"}}))
"""
STATEMENTS: Final = (
    "import lakewright",
    "from lakewright import job, task",
    "from lakewright import *",
    "import lakewright.execution.worker",
    "import lakewright.execution.serving",
    "from lakewright.orchestration import *",
)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("minor", find_pythons())
def test_no_module_of_a_third_party_is_loaded(minor: str, statement: str) -> None:
    command = [find_pythons()[minor], "-c", STRANGERS.format(statement=statement)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.stderr) == ("", "")


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import lakewright, sys; print(*(name for name in sys.modules if name.startswith('lakewright.')))"
    for interpreter in find_pythons().values():
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        result = subprocess.run([interpreter, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert result.stdout.strip() == ""


def test_the_pythons_are_those_that_the_package_supports() -> None:
    text = (SOURCE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert [minor for minor in MINORS if f"Python :: {minor}" in text] == list(MINORS)
