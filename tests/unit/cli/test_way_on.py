"""Commands that can be pasted, wherever one stands."""

import shlex
from pathlib import Path

import pytest

from lakewright.cli.way_on import Asked
from tests.unit.cli.commands import Call
from tests.unit.cli.test_app import FAILING
from tests.unit.project.repos import repository, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository as the template makes them."""
    return write(repository(tmp_path), {"noxfile.py": "", "pipelines/a/b.py": ""})


def test_at_the_root_of_a_repository_nox_is_called(root: Path) -> None:
    asked = Asked(reference="delays", parameters=("month=2",), here=root)
    assert asked.again("--repair") == "nox -s local -- delays -p month=2 --repair"
    assert Asked(here=root).again("--resume", "latest") == "nox -s local -- --resume latest"


def test_elsewhere_in_a_repository_uv_finds_the_command(root: Path) -> None:
    asked = Asked(reference="b.py:daily", here=root / "pipelines" / "a")
    assert asked.again() == "uv run lakewright run b.py:daily"


def test_outside_of_a_repository_the_command_stands_alone(tmp_path: Path) -> None:
    assert Asked(here=tmp_path).again() == "lakewright run"
    assert Asked(options=("--isolated",), here=tmp_path).again() == "lakewright run --isolated"


def test_what_a_shell_would_take_apart_is_quoted(tmp_path: Path) -> None:
    text = "note=it's $HOME; rm *"
    words = shlex.split(Asked(parameters=(text,), here=tmp_path).again())
    assert words == ["lakewright", "run", "-p", text]


def test_of_several_jobs_the_one_is_named(root: Path) -> None:
    asked = Asked(reference="flights", parameters=("month=2",), here=root)
    assert asked.of("flights.jobs:delays").again() == "nox -s local -- flights.jobs:delays -p month=2"


def test_a_failed_run_names_what_was_typed(call: Call, tmp_path: Path) -> None:
    write(repository(tmp_path, way_pasted=FAILING), {"noxfile.py": ""})
    ended = call("run", "way_pasted.jobs:daily", "-p", "month=7")
    assert ended.code == 1
    assert "after the fix:  nox -s local -- way_pasted.jobs:daily -p month=7 --repair\n" in ended.out
    assert "after the fix:  nox -s local -- --repair\n" in call("run").out


def test_of_several_jobs_each_has_a_way_on_of_its_own(call: Call, tmp_path: Path) -> None:
    write(repository(tmp_path, way_one=FAILING, way_two=FAILING), {"noxfile.py": ""})
    ended = call("run")
    for name in ("way_one", "way_two"):
        assert f"after the fix:  nox -s local -- {name}.jobs:daily --repair\n" in ended.out
