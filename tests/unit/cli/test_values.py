"""Values as a terminal shows them."""

from io import StringIO
from typing import NamedTuple

import polars as pl
from rich.console import Console

from lakewright.cli.values import render_value


class Pair(NamedTuple):
    """A value with two frames."""

    first: pl.DataFrame
    second: pl.DataFrame


def shown(value: object, *, width: int = 80) -> str:
    stream = StringIO()
    console = Console(width=width, file=stream)
    for part in render_value(value, name="daily", width=width):
        console.print(part)
    return stream.getvalue()


FRAME = pl.DataFrame({"carrier": ["United [Air]", None], "late": [0.256, 1234.5], "flights": [1500, 2]})


def test_a_frame_is_a_table_with_its_title() -> None:
    lines = shown(FRAME).splitlines()
    assert lines[0].strip() == "daily"
    assert lines[1].split() == ["carrier", "late", "flights"]
    assert lines[2].split() == ["United", "[Air]", "0.256", "1,500"]
    assert lines[3].split() == ["null", "1,234.500", "2"]


def test_floats_have_the_decimals_that_their_column_needs() -> None:
    assert shown(pl.DataFrame({"late": [24.2, 3.0]})).split() == ["daily", "late", "24.2", "3.0"]
    assert shown(pl.DataFrame({"third": [1 / 3]})).split() == ["daily", "third", "0.333"]


def test_each_frame_of_a_container_has_a_table() -> None:
    text = shown(Pair(FRAME, FRAME)) + shown({"third": FRAME}) + shown([FRAME])
    assert all(title in text for title in ("first", "second", "third", "daily[0]"))


def test_long_frames_are_cut_and_say_so() -> None:
    assert "100 rows, the first 40 shown" in shown(pl.DataFrame({"n": range(100)}))
    assert "8 more columns" in shown(pl.DataFrame({f"c{n}": [n] for n in range(20)}))


REPORT = pl.DataFrame(
    {
        "by": ["carrier"],
        "group": ["AirTran Airways Corporation"],
        "flights": [324],
        "destinations": [3],
        "mean_delay": [2],
        "late_percent": [10.8],
        "late_seats": [4171],
    }
)


def test_a_table_that_fits_is_shown_as_it_is() -> None:
    _, heading, row, _ = shown(REPORT, width=120).splitlines()
    assert heading.split() == REPORT.columns
    assert "AirTran Airways Corporation" in row


def test_in_a_narrow_terminal_headings_are_broken_at_underscores_and_texts_shortened() -> None:
    lines = [line.rstrip() for line in shown(REPORT).splitlines()]
    assert lines == [
        "daily",
        "                                                         mean_    late_  late_",
        "by       group                    flights  destinations  delay  percent  seats",
        "carrier  AirTran Airways Corpor…      324             3      2     10.8  4,171",
        "",
    ]


def test_what_has_no_room_is_counted_and_numbers_stay_whole() -> None:
    lines = shown(REPORT, width=40).splitlines()
    assert lines[-2].split() == ["carrier", "AirTran", "Airways", "Cor…", "324"]
    assert lines[-1].strip() == "4 more columns"
    assert shown(pl.DataFrame({"a_long_heading": [123_456]}), width=10).splitlines()[-2].strip() == "123,456"


def test_a_text_of_several_lines_is_one_row() -> None:
    assert "a b" in shown(pl.DataFrame({"text": ["a\nb"]}))


def test_other_values_are_shown_as_python_shows_them() -> None:
    assert shown({"a": 1}).split() == ["daily", "{'a':", "1}"]


def test_none_is_not_shown() -> None:
    assert shown(None) == ""
