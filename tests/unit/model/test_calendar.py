"""Occurrences, clock changes included."""

from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import SettingError
from lakewright.model.calendar import Calendar

BERLIN = ZoneInfo("Europe/Berlin")


def following(expression: str, start: str, *, count: int = 1, zone: tzinfo = timezone.utc) -> list[str]:
    """The next occurrences in the zone's own time."""
    moment = datetime.fromisoformat(start).replace(tzinfo=zone)
    found = []
    for _ in range(count):
        upcoming = Calendar.parse(expression).next_after(moment, zone)
        assert upcoming is not None
        found.append(upcoming.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z"))
        moment = upcoming
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 0 6 * * ?", "2026-11-21 06:00:00"),
        ("0 */15 * * * ?", "2026-11-20 12:15:00"),
        ("30 0 12 * * ?", "2026-11-20 12:00:30"),
        ("0 0 0 L * ?", "2026-11-30 00:00:00"),
        ("0 0 9 ? * MON-FRI", "2026-11-23 09:00:00"),
        ("0 0 9 ? * 6#3", "2026-12-18 09:00:00"),
        ("0 0 9 ? * FRIL", "2026-11-27 09:00:00"),
        ("0 0 0 29 FEB ?", "2028-02-29 00:00:00"),
        ("0 0 0 1 1 ? 2031", "2031-01-01 00:00:00"),
        ("0 0 8,20 * * ?", "2026-11-20 20:00:00"),
        ("0 0 2/8 * * ?", "2026-11-20 18:00:00"),
        ("0 6 * * *", "2026-11-21 06:00:00"),
        ("0 6 * * 5-7", "2026-11-21 06:00:00"),
        ("0 6 * * 0-7", "2026-11-21 06:00:00"),
        ("0 0 22-2/2 * * ?", "2026-11-20 22:00:00"),
        ("0 0 0 ? NOV-FEB MON", "2026-11-23 00:00:00"),
        ("0 0 0 L-2 * ?", "2026-11-28 00:00:00"),
        ("0 0 0 LW * ?", "2026-11-30 00:00:00"),
        ("0 0 0 LW 2 ?", "2027-02-26 00:00:00"),
        ("0 0 0 15W 11 ? 2027", "2027-11-15 00:00:00"),
        ("0 0 0 1W 5 ? 2027", "2027-05-03 00:00:00"),
        ("0 0 0 31W 1 ? 2027", "2027-01-29 00:00:00"),
        ("0 0 0 15W 5 ? 2027", "2027-05-14 00:00:00"),
        ("0 0 0 30W 5 ? 2027", "2027-05-31 00:00:00"),
        ("0 0 0 29W 2 ? 2027-2029", "2028-02-29 00:00:00"),
        ("0 0 0 ? * L", "2026-11-21 00:00:00"),
        ("* * * * * ?", "2026-11-20 12:00:01"),
    ],
)
def test_an_expression_fires_next_at(expression: str, expected: str) -> None:
    assert following(expression, "2026-11-20 12:00:00") == [f"{expected} +0000"]


def test_a_time_that_a_clock_change_leaves_out_does_not_fire() -> None:
    assert following("0 30 2 * * ?", "2024-03-30 12:00:00", zone=BERLIN) == ["2024-04-01 02:30:00 +0200"]


def test_a_time_that_comes_twice_fires_the_first_time() -> None:
    assert following("0 30 2 * * ?", "2024-10-26 12:00:00", count=2, zone=BERLIN) == [
        "2024-10-27 02:30:00 +0200",
        "2024-10-28 02:30:00 +0100",
    ]


def test_a_second_that_comes_twice_is_followed_by_the_first_one_behind_it() -> None:
    again = datetime(2024, 10, 27, 2, 40, tzinfo=BERLIN, fold=1)
    found = Calendar.parse("0 */15 * * * ?").next_after(again, BERLIN)
    assert found is not None
    assert found.astimezone(BERLIN).isoformat() == "2024-10-27T03:00:00+01:00"


def test_a_year_that_is_over_never_fires() -> None:
    assert Calendar.parse("0 0 0 1 1 ? 2020").next_after(datetime(2026, 1, 1, tzinfo=timezone.utc), BERLIN) is None


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("0 0 6 *", "has 4 fields"),
        ("0 61 6 * * ?", r"cron '0 61 6 \* \* \?': '61' is no minute \(0-59\)"),
        ("0 0 6 * FOO ?", "'FOO' is no month"),
        ("0 0 6 ? * 8", "'8' is no weekday"),
        ("0 0 */0 * * ?", r"'\*/0' is no hour"),
        ("0 0 */24 * * ?", r"'\*/24' is no hour"),
        ("0 0 6 32W * ?", "'32' is no day of the month"),
        ("0 0 6 ? * MON#6", "'MON#6' is no weekday"),
        ("0 0 6 * * *", r"one of day of the month and weekday is '\?' in Quartz, not '\*' and '\*'"),
        ("0 0 ? * * ?", r"'\?' is no hour"),
    ],
)
def test_a_bad_field_is_named(expression: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Calendar.parse(expression)


@given(minute=st.integers(0, 59), hour=st.integers(0, 23), start=st.integers(0, 4_000_000_000))
def test_daily_occurrences_are_a_day_apart_and_never_earlier_than_asked(minute: int, hour: int, start: int) -> None:
    calendar = Calendar.parse(f"{minute} {hour} * * *")
    moment = datetime.fromtimestamp(start, tz=timezone.utc)
    found = []
    for _ in range(3):
        upcoming = calendar.next_after(moment, timezone.utc)
        assert upcoming is not None
        assert upcoming > moment
        found.append(moment := upcoming)
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(found)} == {86400.0}


@st.composite
def fields(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int]]:
    """A field of five, and the numbers that it means."""
    every = set(range(low, high + 1))
    first, last = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
    step = draw(st.integers(1, max(1, high // 2)))
    return draw(
        st.sampled_from(
            [
                ("*", every),
                (str(first), {first}),
                (f"{first}-{last}", set(range(first, last + 1))),
                (f"{first},{last}", {first, last}),
                (f"*/{step}", set(range(low, high + 1, step))),
                (f"{first}-{last}/{step}", set(range(first, last + 1, step))),
            ]
        )
    )


@given(
    minute=fields(0, 59),
    hour=fields(0, 23),
    date_field=st.one_of(st.tuples(st.just("day"), fields(1, 31)), st.tuples(st.just("weekday"), fields(0, 7))),
    month=fields(1, 12),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  made aware below
)
def test_the_next_time_is_that_of_a_search_minute_by_minute(
    *,
    minute: tuple[str, set[int]],
    hour: tuple[str, set[int]],
    date_field: tuple[str, tuple[str, set[int]]],
    month: tuple[str, set[int]],
    start: datetime,
) -> None:
    kind, day = date_field
    texts = (minute[0], hour[0], day[0] if kind == "day" else "*", month[0], day[0] if kind == "weekday" else "*")
    begin = start.replace(tzinfo=timezone.utc)

    def meant(each: datetime) -> bool:
        # Sunday is 0 and 7.
        numbers = {each.day} if kind == "day" else {each.isoweekday(), each.isoweekday() % 7}
        return each.minute in minute[1] and each.hour in hour[1] and each.month in month[1] and bool(numbers & day[1])

    first = begin.replace(second=0, microsecond=0) + timedelta(minutes=1)
    searched = (first + timedelta(minutes=past) for past in range(3 * 24 * 60))
    expected = next((each for each in searched if meant(each)), None)
    found = Calendar.parse(" ".join(texts)).next_after(begin, timezone.utc)
    if expected is None:
        assert found is None or found >= first + timedelta(days=3)
    else:
        assert found == expected
