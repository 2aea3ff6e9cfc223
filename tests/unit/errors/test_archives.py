from lakewright.errors.archives import ArchiveError


def test_a_name_that_would_move_the_cursor_is_shown_as_text() -> None:
    error = ArchiveError("deps.zip", "is encrypted", entry="a\x1b[2J\u202e.py")
    assert str(error) == r"deps.zip: entry 'a\x1b[2J\u202e.py' is encrypted"


def test_a_problem_of_the_whole_archive_names_no_entry() -> None:
    assert str(ArchiveError("deps.zip", "is cut off")) == "deps.zip: is cut off"
