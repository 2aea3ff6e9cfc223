from typing import Final

import pytest

from lakewright.project.update_pins import settled

ONE: Final = "      - uses: actions/checkout@" + 40 * "a" + " # v7.0.2\n"
OTHER: Final = "      - uses: actions/checkout@" + 40 * "b" + " # v7.0.10\n"


def conflict(ours: str, theirs: str, base: str | None = None) -> str:
    middle = "" if base is None else f"||||||| last update\n{base}"
    return f"<<<<<<< before updating\n{ours}{middle}=======\n{theirs}>>>>>>> after updating\n"


@pytest.mark.parametrize("base", [None, ONE.replace("7.0.2", "7.0.0")])
def test_the_newer_version_of_an_action_is_taken_with_its_commit(base: str | None) -> None:
    assert settled(f"a\n{conflict(ONE, OTHER, base)}b\n") == f"a\n{OTHER}b\n"
    assert settled(conflict(OTHER, ONE, base)) == OTHER


def test_each_line_is_decided_by_itself() -> None:
    ours = '    "mypy==2.4.1",\n    "uv",\n    "ruff==0.18.0",\n'
    theirs = '    "mypy==2.5.0",\n    "uv",\n    "ruff==0.17.9",\n'
    assert settled(conflict(ours, theirs)) == '    "mypy==2.5.0",\n    "uv",\n    "ruff==0.18.0",\n'


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (ONE, OTHER.replace("actions/checkout", "evil/checkout")),
        (ONE, OTHER.replace("b" * 40, "v7")),
        (ONE, OTHER + "        with: {}\n"),
        ('"ruff==1.0",\n', '"mypy==1.0",\n'),
        ('"ruff==1.0",\n', '"ruff>=1.1",\n'),
        (ONE + "ours\n", OTHER + "theirs\n"),
        ("", OTHER),
    ],
)
def test_what_is_about_more_than_versions_is_left_to_people(ours: str, theirs: str) -> None:
    text = conflict(ours, theirs)
    assert settled(text) == text


def test_a_conflict_beside_one_of_pins_stays() -> None:
    other = conflict("ours\n", "theirs\n")
    assert settled(other + conflict(ONE, OTHER) + other) == other + OTHER + other
