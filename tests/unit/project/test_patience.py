import pytest

from lakewright.project.patience import is_limit, wait_before_next


@pytest.mark.parametrize(
    ("status", "headers", "text"),
    [
        (429, {}, ""),
        (403, {"retry-after": "1"}, ""),
        (403, {"x-ratelimit-remaining": "0"}, ""),
        (403, {}, "You have exceeded a secondary rate limit"),
    ],
)
def test_limits_are_told_from_missing_permissions(status: int, headers: dict[str, str], text: str) -> None:
    assert is_limit(status, headers, text)
    assert not is_limit(403, {"x-ratelimit-remaining": "4999"}, "Resource not accessible by integration")


def test_without_a_time_a_limit_is_waited_for_a_minute() -> None:
    assert wait_before_next(429, {}, attempt=1) == 60


def test_a_time_may_be_a_date() -> None:
    headers = {"retry-after": "Thu, 01 Jan 1970 00:16:45 GMT"}
    assert wait_before_next(503, headers, attempt=1, now=1000) == 5
    assert wait_before_next(503, {"retry-after": "soon"}, attempt=1) == 1


def test_what_stays_as_it_is_is_not_asked_again() -> None:
    assert {wait_before_next(status, {}, attempt=1) for status in (400, 401, 403, 404, 409, 422)} == {None}
