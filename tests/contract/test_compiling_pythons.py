"""Every Python compiles a body that branches to the same DAG, and refuses the same; one that cannot says so."""

import inspect
import os
import subprocess
from pathlib import Path
from typing import Final

from tests.contract.guarding import BODIES, asked
from tests.pythons import find_pythons

ROOT: Final = Path(__file__).parents[2]
PYTHONS: Final = find_pythons()
TOO_OLD: Final = "3.10"


def compiled(interpreter: str, script: str = "branching.py") -> list[str]:
    """What an interpreter prints: a DAG or a body a line, or an error."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "framework" / "src"), "PYTHONHASHSEED": "random"}
    command = [interpreter, str(ROOT / "tests" / "contract" / script)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_each_python_compiles_to_the_same_dags() -> None:
    found = {minor: compiled(python) for minor, python in PYTHONS.items() if minor != TOO_OLD}
    first = next(iter(found.values()))
    assert len(first) == 2
    assert all(line.startswith("{") for line in first), first
    assert all(lines == first for lines in found.values()), found


def test_one_that_cannot_compile_branches_says_so() -> None:
    for lines in (compiled(python) for minor, python in PYTHONS.items() if minor == TOO_OLD):
        assert "is compiled with Python 3.11 or newer; this is 3.10" in lines[0]


def test_each_python_refuses_the_same_questions_at_the_same_lines() -> None:
    found = {minor: compiled(python, "guarding.py") for minor, python in PYTHONS.items()}
    lines, first = inspect.getsourcelines(asked)
    assert f"by_helper {first + len(lines) - 1}" in found["3.11"]
    assert "known ('load',)" in found["3.11"]
    assert len(found["3.11"]) == len(BODIES)
    assert all(each == found["3.11"] for each in found.values()), found
