"""Time zones that the platform takes."""

import pytest

from lakewright.databricks.timezones import timezone_problem


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "GMT+2", "GMT-03:30", "PST", "${var.timezone}"])
def test_zones_that_the_platform_takes_have_no_problem(name: str) -> None:
    assert timezone_problem(name) == ""


@pytest.mark.parametrize("name", ["Europe", "Europe/Bonn", "../UTC", "", "GMT+X"])
def test_what_is_no_zone_is_a_problem(name: str) -> None:
    assert timezone_problem(name).startswith("is unknown")
