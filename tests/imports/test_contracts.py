import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parents[2]
CONTRACTS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
FLOORS: Final = [name for floor in CONTRACTS[0]["layers"] for name in floor.split(" | ") if not name.startswith("(")]
DEFECTS: Final = {
    "up": ("model/a.py", "import lakewright.cli", "down the floors"),
    "up-in-a-function": ("model/a.py", "def f():\n    import lakewright.cli", "down the floors"),
    "sideways": ("io/a.py", "import lakewright.loading", "down the floors"),
    "package-without-a-floor": ("utils/__init__.py", "", "down the floors"),
    "circle": ("io/a.py", "import lakewright.io.b", "No circle"),
    "third-party": ("model/a.py", "import polars", "nothing but the standard library"),
    "input-and-output": ("text/a.py", "import subprocess", "no I/O"),
    "root": ("cli/a.py", "from lakewright import job", "own root"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A package with a module for each floor, under this repository's contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tests" / "imports", tmp_path / "tests" / "imports")
    package = tmp_path / "lakewright"
    for folder in (package, *(package / floor for floor in FLOORS)):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (package / "io" / "b.py").write_text("import lakewright.io.a\n", encoding="utf-8")
    (package / "io" / "a.py").touch()
    return tmp_path


def check(repository: Path) -> tuple[int, str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    result = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    return result.returncode, " ".join((result.stdout + result.stderr).split())


def test_sound_floors_keep_every_contract(repository: Path) -> None:
    code, output = check(repository)
    assert code == 0, output
    assert f"{len(CONTRACTS)} kept, 0 broken" in output


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_import_breaks_its_contract(repository: Path, defect: str) -> None:
    file, code, contract = DEFECTS[defect]
    path = repository / "lakewright" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{code}\n", encoding="utf-8")
    status, output = check(repository)
    assert status == 1
    (name,) = [each["name"] for each in CONTRACTS if contract in each["name"]]
    assert f"{name} BROKEN" in output
