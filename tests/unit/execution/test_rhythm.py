"""Due times, and what cannot be one."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import SettingError
from lakewright.errors.running import ScheduleError
from lakewright.execution.rhythm import Every, rhythm, rhythm_of
from lakewright.model.trigger import Continuous, Cron, FileArrival, Periodic, Trigger


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


@given(st.floats(0.01, 1e6), st.floats(0, 2e9), st.floats(0, 2e9))
def test_a_due_time_is_later_than_the_moment_and_at_most_an_interval_away(
    seconds: float, anchor: float, after: float
) -> None:
    due = Every(seconds).due(after, anchor=anchor)
    assert due is not None
    assert after < due <= after + seconds * 1.001 + 1e-3


@pytest.mark.parametrize("cron", ["0 6 * * *", "0 0 6 * * ?", Cron("0 6 * * *")])
def test_cron_is_five_fields_or_quartz_or_a_schedule(cron: str | Cron) -> None:
    assert rhythm(cron=cron).due(moment("2026-11-20T12:00"), anchor=0.0) == moment("2026-11-21T06:00")


def test_a_schedule_is_kept_at_its_own_time_zone() -> None:
    daily = rhythm(cron=Cron("0 6 * * *", timezone="Europe/Berlin"))
    assert daily.due(moment("2026-11-20T12:00"), anchor=0.0) == moment("2026-11-21T05:00")
    assert str(daily) == "0 6 * * * Europe/Berlin"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Cron("0 6 * * *"), "0 6 * * * UTC"),
        (Periodic(2, "DAYS"), "every 172800 s"),
        (Periodic(1, "HOURS"), "every 3600 s"),
    ],
)
def test_the_schedule_of_a_job_gives_its_rhythm(schedule: Trigger, words: str) -> None:
    assert str(rhythm_of(schedule, job="daily")) == words


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (None, "job 'daily' has no schedule of its own"),
        (Continuous(), "is not one of time: Continuous"),
        (FileArrival("/Volumes/a"), "is not one of time: FileArrival"),
    ],
)
def test_a_job_without_times_says_how_to_give_some(schedule: Trigger | None, message: str) -> None:
    with pytest.raises(ScheduleError, match=message) as caught:
        rhythm_of(schedule, job="daily")
    assert "--every SECONDS" in caught.value.hint


@pytest.mark.parametrize(
    ("interval", "cron", "message"),
    [
        (None, None, "got neither"),
        (60, "0 6 * * *", "got both"),
        (0, None, "0 is not an interval: a number of seconds above 0"),
        (-1, None, "above 0"),
        (True, None, "above 0"),
        (float("nan"), None, "above 0"),
        (float("inf"), None, "above 0"),
        ("60", None, "above 0"),
        (None, "0 6 * *", "has 4 fields"),
        (None, "61 6 * * *", r"cron '61 6 \* \* \*': '61' is no minute \(0-59\)"),
        (None, Cron("0 6 * * *", timezone="Europe/Belrin"), "did you mean 'Europe/Berlin'"),
        (None, Cron("0 6 * * *", timezone="PST"), "is one that this machine does not know"),
    ],
)
def test_what_is_no_rhythm_is_refused(interval: float | None, cron: str | Cron | None, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        rhythm(interval_seconds=interval, cron=cron)
    assert isinstance(caught.value, (ScheduleError, SettingError))
