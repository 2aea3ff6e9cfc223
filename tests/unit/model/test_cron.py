import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import SettingError
from lakewright.model.cron import to_quartz


@pytest.mark.parametrize(
    ("cron", "quartz"),
    [
        ("0 6 * * *", "0 0 6 * * ?"),
        ("30 6 1 * *", "0 30 6 1 * ?"),
        ("0 6 * * 1-5", "0 0 6 ? * MON-FRI"),
        ("0 6 * * 0", "0 0 6 ? * SUN"),
        ("0 6 * * 7", "0 0 6 ? * SUN"),
        ("0 6 * * 5-7", "0 0 6 ? * FRI-SUN"),
        ("0 6 * * 0-7/2", "0 0 6 ? * */2"),
        ("0 6 * * sun-7", "0 0 6 ? * *"),
        ("0 6 * * 0-0", "0 0 6 ? * SUN-SUN"),
        ("0 6 * * 7-7,3", "0 0 6 ? * SUN-SUN,WED"),
        ("0 6 * * mon,3", "0 0 6 ? * MON,WED"),
        ("0 6 * * 1-5/2", "0 0 6 ? * MON-FRI/2"),
        ("0 6 * * */2", "0 0 6 ? * */2"),
        ("*/15 8-18 * JAN-jun 1", "0 */15 8-18 ? JAN-jun MON"),
        ("  5   4   *   *   *  ", "0 5 4 * * ?"),
        ("0 0 6 ? * MON-FRI", "0 0 6 ? * MON-FRI"),
        ("0 0 6 L * ? 2027", "0 0 6 L * ? 2027"),
    ],
)
def test_cron_is_said_in_the_words_of_quartz(cron: str, quartz: str) -> None:
    assert to_quartz(cron) == quartz


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 6 * *", "has 4 fields; five"),
        ("", "has 0 fields"),
        ("60 6 * * *", r"'60' is no minute \(0-59\)"),
        ("0 24 * * *", r"'24' is no hour \(0-23\)"),
        ("0 6 0 * *", r"'0' is no day of the month \(1-31\)"),
        ("0 6 * 13 *", r"'13' is no month \(1-12 or JAN-DEC\)"),
        ("0 6 * * 8", r"'8' is no weekday \(0-7 or SUN-SAT\)"),
        ("0 6 * * montag", "'montag' is no weekday"),
        ("0 6 * * 1-", "'1-' is no weekday"),
        ("*/0 6 * * *", r"'\*/0' is no minute"),
        ("0,,1 6 * * *", "'' is no minute"),
        ("٣ 6 * * *", "is no minute"),
        ("0 0 25 * * ?", r"'25' is no hour \(0-23\)"),
        ("0 0 6 * * *", r"is '\?' in Quartz"),
        ("0 6 1 * 1", "both the day of the month and the weekday"),
    ],
)
def test_what_cannot_be_said_is_refused(cron: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        to_quartz(cron)


@given(st.text(max_size=20))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        quartz = to_quartz(text)
    except SettingError:
        return
    assert len(quartz.split()) in {6, 7}
    assert to_quartz(quartz) == quartz
