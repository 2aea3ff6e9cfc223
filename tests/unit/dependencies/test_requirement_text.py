import codecs
import time

import pytest

from lakewright.dependencies.requirement_text import decode, lines
from lakewright.errors.dependencies import RequirementEncodingError, RequirementError, RequirementSyntaxError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_that_says_how_it_is_encoded_is_read(encoding: str) -> None:
    assert decode("six # schön".encode(encoding), "r.txt") == "six # schön"


def test_utf_16_in_the_other_order_is_read() -> None:
    assert decode(codecs.BOM_UTF16_BE + "six".encode("utf-16-be"), "r.txt") == "six"


def test_a_text_in_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(RequirementEncodingError, match=r"r\.txt:2: this is no UTF-8 text: .* byte 0xf6"):
        decode("six\n# schön".encode("latin-1"), "r.txt")


def test_utf_16_without_a_mark_is_recognised() -> None:
    with pytest.raises(RequirementEncodingError, match=r"r\.txt:1: .* it may be UTF-16 without a mark"):
        decode("six".encode("utf-16-le"), "r.txt")


def test_a_file_that_nobody_wrote_by_hand_is_not_read() -> None:
    with pytest.raises(RequirementError, match="has more than 1,048,576 bytes"):
        decode(b"#" * (2**20 + 1), "r.txt")


def test_lines_are_joined_and_numbered_as_pip_does() -> None:
    text = "# a\nsix \\\n  >=1 \\\n  # why\nidna#not-a-comment\r\n\r\nrequests # one\\\ncertifi"
    assert [(line.location.line, line.text) for line in lines(text, "r.txt")] == [
        (2, "six   >=1"),
        (5, "idna#not-a-comment"),
        (7, "requests"),
    ]


def test_a_backslash_at_the_end_of_the_file_ends_nothing() -> None:
    assert [line.text for line in lines("six \\", "r.txt")] == ["six"]


def test_a_line_with_very_many_spaces_is_read_at_once() -> None:
    began = time.process_time()
    assert [line.text[-3:] for line in lines(f"six{' ' * 500_000}>=1", "r.txt")] == [">=1"]
    # With a search from each of the spaces it would be minutes.
    assert time.process_time() - began < 5


def test_a_password_beside_what_cannot_be_seen_is_not_shown() -> None:
    with pytest.raises(RequirementSyntaxError) as caught:
        list(lines("six @ https://me:sec@ret@a.example/six\u200b.whl", "r.txt"))
    assert "****@a.example" in str(caught.value)
    assert "ret" not in str(caught.value)


@pytest.mark.parametrize("hidden", ["six\x0c--index-url x", "six\u2028--pre", "six\x00", "s\u202eix"])
def test_characters_that_cannot_be_seen_are_refused(hidden: str) -> None:
    with pytest.raises(RequirementSyntaxError, match=r"r\.txt:1: 's.*' has characters that cannot be seen"):
        list(lines(hidden, "r.txt"))
