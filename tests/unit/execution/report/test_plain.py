"""What a terminal understands is no text."""

from pathlib import Path

import pytest

from lakewright.execution.report.plain import plain, read_log


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b]0;a title\x07done", "done"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2K\x1b[1;31mred\x1b[0m", "red"),
        ("no escape", "no escape"),
    ],
)
def test_escapes_are_left_out(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_the_end_of_a_log_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"begin\xff\nend\n")
    assert read_log(str(tmp_path / "a.log"), 4) == ("end\n", 7)
    assert read_log(str(tmp_path / "none.log"), 4) == ("", 0)
    assert read_log("", 4) == ("", 0)
