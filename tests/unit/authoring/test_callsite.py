import sys
from collections.abc import Callable

from lakewright.authoring.callsite import definition_location, located, user_frame, with_excerpt
from lakewright.errors.base import LakewrightError, Location
from tests.unit.authoring.traced import line_of


def test_the_users_frame_is_the_innermost_that_is_the_users_own() -> None:
    assert user_frame().f_code is test_the_users_frame_is_the_innermost_that_is_the_users_own.__code__


def test_a_body_counts_as_the_users_wherever_it_lies() -> None:
    found: list[str] = []

    def note(body: Callable[[], None]) -> None:
        found.append(user_frame(body.__code__).f_code.co_name)

    names: dict[str, Callable[[], None]] = {}
    source = "def body():\n    note(body)\n"
    exec(compile(source, "/venv/lib/python3.12/site-packages/flights/jobs.py", "exec"), {"note": note}, names)  # noqa: S102  a file that is not the user's
    names["body"].__globals__.update(names)
    names["body"]()
    assert found == ["note"]


def test_an_error_gets_the_line_and_the_span_of_the_call() -> None:
    error = located(LakewrightError("wrong"))  # here
    assert error.location is not None
    assert error.location.line == line_of(test_an_error_gets_the_line_and_the_span_of_the_call, "# " + "here")


def test_columns_count_characters_not_bytes() -> None:
    error = ("äöü漢字", located(LakewrightError("wrong")))[1]
    source, *carets = error.excerpt.splitlines()
    # Python 3.10 keeps no columns.
    assert [line.index("^") for line in carets] == [source.index("located")] * (sys.version_info >= (3, 11))


def test_a_line_that_cannot_be_read_is_named_without_its_source() -> None:
    error = LakewrightError("wrong", location=Location("nowhere.py", 3))
    assert str(with_excerpt(error)) == "nowhere.py:3: wrong"
    assert with_excerpt(LakewrightError("wrong")).excerpt == ""


def test_a_function_is_defined_where_its_first_line_is() -> None:
    place = definition_location(test_a_function_is_defined_where_its_first_line_is.__code__)
    assert place.file.endswith("test_callsite.py")
    assert place.column is None
