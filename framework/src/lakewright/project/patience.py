"""How long to wait before a server is asked again."""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nobody waits longer for one answer.
PATIENCE: Final = 120.0
_TOO_MANY: Final = 429
_FORBIDDEN: Final = 403
_SERVER_FAILED: Final = frozenset({500, 502, 503, 504})
# "wait for at least one minute": GitHub, Rate limits for the REST API.
_WITHOUT_A_WORD: Final = 60.0


def is_limit(status: int, headers: Mapping[str, str], text: str = "") -> bool:
    """Whether an answer says that too much was asked.

    GitHub says so with 429, and with 403 too: then `Retry-After` or `X-RateLimit-Remaining: 0` tells it from a missing
    permission, or the text alone. Source: GitHub, Rate limits for the REST API.
    """
    if status != _FORBIDDEN:
        return status == _TOO_MANY
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in text.lower()


def wait_before_next(
    status: int, headers: Mapping[str, str], *, attempt: int, text: str = "", now: float = 0.0
) -> float | None:
    """Seconds until the next attempt makes sense; None where asking again gives the same answer.

    Args:
        status: of the answer.
        headers: of the answer, names in lower case.
        attempt: how often it was asked, 1 for the first.
        text: of the answer.
        now: seconds since 1970.

    >>> wait_before_next(503, {}, attempt=3)
    4.0
    >>> wait_before_next(429, {"retry-after": "7"}, attempt=1)
    7.0
    >>> wait_before_next(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, attempt=1, now=1000)
    30.0
    >>> wait_before_next(403, {}, attempt=1)
    """
    if not is_limit(status, headers, text) and status not in _SERVER_FAILED:
        return None
    said = _retry_after(headers.get("retry-after", ""), now)
    if said is not None:
        return said
    if status in _SERVER_FAILED:
        return float(2 ** (attempt - 1))
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1.0, float(reset) - now)
    return _WITHOUT_A_WORD


def _retry_after(text: str, now: float) -> float | None:
    """The header's seconds, given as such or as a date (RFC 9110, 10.2.3)."""
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp() - now)
