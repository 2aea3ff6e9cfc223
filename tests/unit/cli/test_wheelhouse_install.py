"""`lakewright wheelhouse install`."""

from pathlib import Path

from tests.made_wheels import make_wheel, make_wheelhouse
from tests.unit.cli.commands import Call


def test_a_folder_is_filled_and_each_wheel_is_named(call: Call, tmp_path: Path) -> None:
    make_wheelhouse(tmp_path / "wheelhouse.zip", *(make_wheel(tmp_path, name) for name in ("one", "two")))
    ended = call("wheelhouse", "install", "wheelhouse.zip", "--target", "libs")
    assert ended.code == 0, ended.err
    assert ended.out == "  one-1.0-py3-none-any.whl\n  two-1.0-py3-none-any.whl\n ✔ 2 wheels in libs, by uv\n"
    assert (tmp_path / "libs" / "one.py").is_file()


def test_what_is_no_wheelhouse_is_told_with_what_one_is(call: Call) -> None:
    ended = call("wheelhouse", "install", "none.zip")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "none.zip is no wheelhouse: it is not there",
        "  A wheelhouse is a zip with wheels at its root, or a folder with *.whl or wheels/*.whl in it.",
    ]


def test_what_the_installer_refuses_is_told_once(call: Call, tmp_path: Path) -> None:
    make_wheelhouse(tmp_path / "wheelhouse.zip", make_wheel(tmp_path, "far", tag="cp311-cp311-win_amd64"))
    ended = call("wheelhouse", "install", "wheelhouse.zip", "--target", "libs")
    assert ended.code == 1
    assert ended.err.count("has no wheels with a matching") == 1
    assert not (tmp_path / "libs").exists()
