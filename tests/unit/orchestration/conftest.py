from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are kept in the folder that one stands in, outside of a repository."""
    monkeypatch.chdir(tmp_path)
