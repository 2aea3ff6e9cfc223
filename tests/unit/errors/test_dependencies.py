from lakewright.errors.base import Location
from lakewright.errors.dependencies import RefusedRequirementError, ShippedWheelError


def test_a_refused_line_says_which_setting_allows_it() -> None:
    error = RefusedRequirementError(
        "the option --index-url",
        location=Location("requirements.txt", 3),
        hint="Leave it out.",
        setting="allow_index_options",
    )
    assert str(error) == (
        "requirements.txt:3: the option --index-url is refused\n"
        "  Leave it out.\n"
        "  Who trusts the file allows it: RequirementPolicy(allow_index_options=True)."
    )


def test_what_nothing_allows_names_no_setting() -> None:
    error = RefusedRequirementError("the option --pre", location=Location("r.txt", 1), hint="Leave it out.")
    assert str(error) == "r.txt:1: the option --pre is refused\n  Leave it out."


def test_a_wheel_that_disagrees_is_shown_with_who_asks_for_what() -> None:
    error = ShippedWheelError("six-1.0-py3-none-any.whl", version="1.0", asked=["requirements.txt:2: six>=1.16"])
    assert "six-1.0-py3-none-any.whl is version 1.0, but this is asked for:\n  requirements.txt:2: six>=1.16" in str(
        error
    )
