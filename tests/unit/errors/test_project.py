from lakewright.errors.project import MissingExtraError


def test_a_missing_package_is_named_with_the_extra_that_brings_it() -> None:
    error = MissingExtraError("typer", extra="cli", purpose="`lakewright run`")
    assert str(error) == "`lakewright run` needs the package 'typer'\n  Install it: lakewright[cli]"
