import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import PAGES, blocks, name

RUNNABLE: Final = [page for page in PAGES if blocks(page, "python")]
# Python 3.10 runs these up to their first job with branches.
BRANCHING: Final = ("docs/explanation/body-to-dag.md", "docs/how-to/patterns/branch.md")
REFUSED: Final = "a body with branches is compiled with Python 3.11 or newer; this is 3.10"


@pytest.mark.parametrize("page", RUNNABLE, ids=name)
def test_the_examples_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    for block in blocks(page, "python"):
        if block.title:
            file = tmp_path / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.code, encoding="utf-8")
        else:
            # A traceback names the line of the page.
            lines += [""] * (block.line - len(lines)) + block.code.splitlines()
    script = tmp_path / f"{page.stem.replace('-', '_').lower()}.py"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")

    sources = [str(folder) for folder in tmp_path.glob("**/src")]
    if sys.version_info < (3, 11) and name(page) in BRANCHING:
        with pytest.raises(AssertionError, match=REFUSED):
            run(script, [str(script)], sources)
        return
    run(script, [str(script)], sources)
    if tests := sorted(tmp_path.glob("**/test_*.py")):
        run(script, ["-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)], sources)


def run(script: Path, arguments: list[str], path: list[str]) -> None:
    """Run Python in the page's folder, and fail with what it said."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    command = [sys.executable, *arguments]
    result = subprocess.run(command, cwd=script.parent, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
