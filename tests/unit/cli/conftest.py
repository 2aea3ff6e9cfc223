from pathlib import Path

import pytest

from lakewright.cli.app import run
from tests.unit.cli.commands import Call, Ended


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line, called in a folder that modules are found from."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["lakewright", *arguments])
        code = run()
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return called
