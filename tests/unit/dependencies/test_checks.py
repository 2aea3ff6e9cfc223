"""Checks and their table; those on executors are in tests/spark."""

import pytest

from lakewright.dependencies.checks import CheckReport, CheckResult, check_packages
from lakewright.errors.base import LakewrightError
from lakewright.errors.dependencies import ChecksFailedError


def test_one_of_three_that_fails_is_one_test_failed() -> None:
    report = check_packages({"one": lambda: 1, "two": lambda: 1 + 1 == 3, "three": lambda: None})
    assert report.table.splitlines() == [
        "✓ PASS   one                       1",
        "✗ FAIL   two                       False",
        "✓ PASS   three                     None",
        "Total: 2/3 passed",
    ]
    with pytest.raises(RuntimeError, match=r"^1 test\(s\) failed\n") as caught:
        report.raise_for_failures()
    assert isinstance(caught.value, ChecksFailedError | LakewrightError)
    assert "Total: 2/3 passed" in str(caught.value)


def test_what_a_check_raises_is_its_message() -> None:
    def missing() -> object:
        import absent_thing  # type: ignore[import-not-found]  # that is the point

        return absent_thing

    assert check_packages({"missing": missing}).results == (
        CheckResult("missing", ok=False, message="ModuleNotFoundError: No module named 'absent_thing'"),
    )


def test_where_all_pass_nothing_is_raised() -> None:
    CheckReport(results=(CheckResult("one", ok=True, message=""),)).raise_for_failures()


def test_a_long_message_is_cut() -> None:
    assert len(check_packages({"long": lambda: "x" * 10_000}).results[0].message) == 200
