from pathlib import Path

import pytest

from tests.unit.execution.runs import Runs


@pytest.fixture
def run(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "root")
