"""Lines of a log on a terminal."""

from lakewright.cli.tails import quoted


def test_lines_are_shown_without_what_moves_and_colours_them() -> None:
    assert list(quoted(["\x1b[31mred\x1b[0m", "10 %\r20 %", "\x1b]0;title\x07plain"])) == [
        "   | red",
        "   | 20 %",
        "   | plain",
    ]


def test_a_line_without_end_is_cut() -> None:
    assert list(quoted(["x" * 1000])) == [f"   | {'x' * 300}…"]
