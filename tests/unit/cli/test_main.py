"""The installed command, in a process of its own."""

import subprocess
import sys
from pathlib import Path


def test_without_its_packages_the_command_says_which_extra_it_lacks(tmp_path: Path) -> None:
    program = "import sys; sys.modules['typer'] = None; from lakewright.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 2
    assert "Install it: lakewright[cli]" in result.stderr


def test_the_installed_command_ends_with_the_code_of_the_run(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("lakewright")
    result = subprocess.run([str(command), "show"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 2
    assert "is not inside a lakewright repository" in result.stderr


def test_what_a_command_loads_is_not_looked_through_again_as_it_ends() -> None:
    program = (
        "import atexit, gc, sys; from lakewright.cli import main; sys.argv = ['lakewright', '--help'];"
        "atexit.register(lambda: print('kept:', gc.get_freeze_count() > 10_000)); main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("kept: True\n")
