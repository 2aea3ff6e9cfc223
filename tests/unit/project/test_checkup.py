from lakewright.errors.base import LakewrightError, Location
from lakewright.project.checkup import Checkup, looked_at, right


def test_what_was_found_is_told_as_it_is() -> None:
    assert looked_at("dev", lambda: right("dev", "signed in")) == Checkup(about="dev", state="right", told="signed in")


def test_an_error_while_looking_is_what_is_wrong_with_its_place_and_its_way_out() -> None:
    def look() -> Checkup:
        raise LakewrightError("no host", hint="Name one.", location=Location("targets.yml", 4))

    assert looked_at("dev", look) == Checkup(
        about="dev", state="wrong", told="targets.yml:4: no host", way_out="Name one."
    )
