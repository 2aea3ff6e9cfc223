import pytest

from lakewright.authoring.putoff import PutOff
from lakewright.errors.authoring import ConstantError
from lakewright.errors.base import LakewrightError, Location
from tests.unit.authoring.sample_tasks import load, take, two
from tests.unit.authoring.traced import dag_of


def test_the_same_error_at_one_place_counts_once() -> None:
    put_off = PutOff()
    assert not put_off
    errors = [LakewrightError("a set", location=Location("jobs.py", line)) for line in (3, 3, 4)]
    for each in errors:
        put_off.add(each)
    assert [each in put_off for each in errors] == [True, False, True]
    assert put_off.together() is errors[0]
    assert errors[0].more == (errors[2],)


def test_what_a_body_ends_at_comes_last() -> None:
    put_off = PutOff()
    first, last = LakewrightError("a set"), LakewrightError("len()")
    put_off.add(first)
    assert put_off.together(last).more == (last,)


def test_a_body_with_several_bad_constants_is_refused_for_all_of_them() -> None:
    def body() -> object:
        two({1}, take)
        take({2})
        return {3}

    with pytest.raises(ConstantError, match="is a set") as caught:
        dag_of(body)
    told = str(caught.value)
    assert [told.count(each) for each in ("is a set", "the task 'take' itself", "the body's return value")] == [3, 1, 1]


def test_a_bad_constant_before_the_body_breaks_is_told_first() -> None:
    def body() -> None:
        take({1})
        load(1)
        raise KeyError

    with pytest.raises(ConstantError, match="is a set") as caught:
        dag_of(body)
    assert isinstance(caught.value.__cause__, KeyError)
