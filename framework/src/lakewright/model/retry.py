"""How often, on which errors and how long after a failure a task is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Kind: TypeAlias = type[BaseException] | str

_WANTED: Final = "a class of exceptions, the name of one (`ConnectionError`, `package.module.Name`), or several"


@dataclass(frozen=True, slots=True)
class Retry:
    """`retries` more attempts after the first; the wait grows from `delay` by `backoff` up to `max_delay` seconds.

    The platform waits a constant time between attempts, and tries again whatever was raised: there `delay` is that
    time, and `backoff`, `max_delay`, `jitter` and `on` mean nothing.

    Args:
        retries: how many more attempts.
        delay: seconds before the first of them.
        backoff: by which each wait is multiplied for the next one.
        max_delay: seconds that no wait exceeds.
        jitter: the part of each wait, from 0 to 1, that is left to chance, so that what failed at once is not tried at
            once again: with 0.5 a wait of 8 s becomes 4 to 8 s.
        on: exceptions after which it is tried again, subclasses included: classes, or their names; none for all.

    Raises:
        SettingError: a number that cannot be, or what is no exception.

    >>> [Retry(3, delay=1.0, backoff=2.0).wait(attempt) for attempt in (1, 2, 3)]
    [1.0, 2.0, 4.0]
    >>> Retry(3, on=ConnectionError).on
    ('ConnectionError',)
    """

    retries: int
    delay: float = 1.0
    backoff: float = 2.0
    max_delay: float = 300.0
    jitter: float = 0.0
    on: Kind | tuple[Kind, ...] = ()

    def __post_init__(self) -> None:
        if type(self.retries) is not int or self.retries < 0:
            raise SettingError.wrong("Retry", "retries", self.retries, wanted="a whole number, 0 or more")
        for name in ("delay", "backoff", "max_delay"):
            if not _is_number(getattr(self, name)):
                raise SettingError.wrong("Retry", name, getattr(self, name), wanted="a number, 0 or more")
        if not (_is_number(self.jitter) and self.jitter <= 1):
            raise SettingError.wrong("Retry", "jitter", self.jitter, wanted="a number from 0 to 1")
        if self.on != ():
            object.__setattr__(self, "on", _names(self.on))

    def follows(self, kinds: Iterable[str]) -> bool:
        """Whether an attempt may follow one that ended by an exception.

        Args:
            kinds: the names of its class and of those above that.

        >>> Retry(3, on=OSError).follows(["ConnectionError", "OSError", "Exception"])
        True
        """
        return self.on == () or any(kind in self.on for kind in kinds)  # type: ignore[operator]  # names, by now

    def wait(self, failures: int, chance: float = 0.0) -> float:
        """Seconds to wait after this many failed attempts.

        Args:
            failures: 1 or more.
            chance: from 0, for the longest wait, to 1; it counts for as much as `jitter` says.
        """
        try:
            delay = self.delay * float(self.backoff) ** (failures - 1)
        except OverflowError:
            delay = self.max_delay
        return min(delay, self.max_delay) * (1 - self.jitter * chance)


def _is_number(value: object) -> bool:
    return type(value) in {int, float} and value >= 0  # type: ignore[operator]  # numbers, as was just asked


def _names(given: object) -> tuple[str, ...]:
    kinds = tuple(given) if isinstance(given, (tuple, list, set, frozenset)) else (given,)
    return tuple(dict.fromkeys(_name(kind) for kind in kinds))


def _name(kind: object) -> str:
    # Only retries that choose errors need them.
    import builtins

    from lakewright.text.exceptions import class_name
    from lakewright.text.suggest import did_you_mean

    if isinstance(kind, type) and issubclass(kind, BaseException):
        return class_name(kind)
    if not isinstance(kind, str) or not all(part.isidentifier() for part in kind.split(".")):
        raise SettingError.wrong("Retry", "on", kind, wanted=_WANTED)
    if "." not in kind and kind not in (known := _exceptions(vars(builtins))):
        raise SettingError(f"Retry: on={kind!r} is no exception of Python's own{did_you_mean(kind, known)}")
    return kind


def _exceptions(names: dict[str, object]) -> list[str]:
    return [name for name, thing in names.items() if isinstance(thing, type) and issubclass(thing, BaseException)]


NO_RETRY: Final = Retry(0)
