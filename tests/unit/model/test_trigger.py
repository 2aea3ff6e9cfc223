from typing import Any

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.model.trigger import Continuous, Cron, FileArrival, Periodic


def test_a_schedule_is_checked_where_it_is_written() -> None:
    assert Cron("0 6 * * *").quartz == "0 0 6 * * ?"
    with pytest.raises(SettingError, match="'25' is no hour"):
        Cron("0 25 * * *")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"interval": 0}, "interval=0 is not a whole number, 1 or more"),
        ({"interval": "1"}, "interval='1' is not a whole number"),
        ({"interval": 1, "unit": "MINUTES"}, "unit='MINUTES' is not one of HOURS, DAYS, WEEKS"),
    ],
)
def test_a_wrong_interval_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Periodic(**wrong)


@pytest.mark.parametrize("wrong", [{"url": ""}, {"url": None}, {"url": 3}])
def test_a_place_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=f"url={wrong['url']!r} is not a path of a volume or the URL"):
        FileArrival(**wrong)


def test_a_trigger_is_paused_only_if_it_says_so() -> None:
    made = (Cron("0 6 * * *"), Periodic(1), FileArrival("/Volumes/a/b/c"), Continuous())
    assert [each.paused for each in made] == [False] * 4
