from lakewright.errors.base import LakewrightError, Location


def test_a_message_says_where_what_and_the_way_out() -> None:
    error = LakewrightError("no task 'claen'", location=Location("jobs.py", 14), hint="Name a task.\nOr none.")
    assert str(error) == "jobs.py:14: no task 'claen'\n  Name a task.\n  Or none."


def test_the_source_stands_between_the_message_and_the_way_out() -> None:
    error = LakewrightError("wrong", location=Location("jobs.py", 14), hint="Do it right.")
    error.excerpt = "    14 | x"
    assert str(error) == "jobs.py:14: wrong\n    14 | x\n  Do it right."


def test_what_else_was_found_wrong_stands_below() -> None:
    error = LakewrightError("wrong", hint="Do it right.")
    error.more = (LakewrightError("bad", location=Location("jobs.py", 14)), LakewrightError("worse"))
    assert str(error) == "wrong\n  Do it right.\njobs.py:14: bad\nworse"


def test_a_message_alone_stays_alone() -> None:
    assert str(LakewrightError("wrong")) == "wrong"
