"""A desk at which archives are handed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dependencies.handing_in import Desk
from tests.wheel_files import package_index, write_wheel


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    (tmp_path / "files").mkdir()
    with package_index(tmp_path / "files") as served:
        write_wheel(served.files, "rows", "1.0")
        write_wheel(served.files, "rows", "2.0")
        write_wheel(served.files, "sales", "1.0", requires=["rows<2"])
        desk = Desk(tmp_path, served)
        desk.use_scratch(monkeypatch)
        yield desk
