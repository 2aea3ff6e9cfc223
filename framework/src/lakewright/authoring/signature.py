"""Which argument of a call goes to which parameter; what a call leaves out stays with the function's defaults."""

from __future__ import annotations

from inspect import Parameter, signature
from itertools import repeat

from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from lakewright.model.binding import Arrival

_KEYWORD: Final[Iterable[Arrival]] = repeat("keyword")
_PLAIN: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


class CallSignature:
    """The signature of a task's function, prepared for many calls."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._signature = signature(function)
        parameters = self._signature.parameters.values()
        self._is_plain = all(parameter.kind in _PLAIN for parameter in parameters)
        self._names = frozenset(parameter.name for parameter in parameters)
        self._positional = [
            parameter.name for parameter in parameters if parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
        ]
        self._takes_any_name = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters)
        self._required = frozenset(parameter.name for parameter in parameters if parameter.default is Parameter.empty)
        # How many arguments a call without keywords may have.
        self._counts = range(0)
        if self._is_plain and self._required.issubset(self._positional):
            self._counts = range(len(self._required), len(self._positional) + 1)

    def __str__(self) -> str:
        return str(self._signature)

    def match(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Iterable[tuple[str, object, Arrival]]:
        """(parameter, value, how it is passed) for each argument of a call.

        Raises:
            TypeError: the signature does not take these arguments.
        """
        if not kwargs and len(args) in self._counts:
            # The way of nearly all calls.
            return zip(self._positional, args, _KEYWORD, strict=False)
        if self._is_plain and len(args) <= len(self._positional) and self._names.issuperset(kwargs):
            named = dict(zip(self._positional, args, strict=False))
            is_given_once = not kwargs or named.keys().isdisjoint(kwargs)
            named.update(kwargs)
            if is_given_once and self._required.issubset(named):
                return [(name, value, "keyword") for name, value in named.items()]
        return list(self._matched(args, kwargs))

    def leaves_open(self, name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> bool:
        """Whether a parameter of this name can be given by name, and a call with these arguments does not give it."""
        parameter = self._signature.parameters.get(name)
        if parameter is None or parameter.kind not in _PLAIN or name in kwargs:
            return False
        return name not in self._positional[: len(args)]

    def _matched(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Iterator[tuple[str, object, Arrival]]:
        """The same for any signature; slower, and it raises Python's own words, but for unknown names."""
        unknown = [name for name in kwargs if name not in self._names]
        if unknown and not self._takes_any_name:
            message = f"there is no parameter '{unknown[0]}'{did_you_mean(unknown[0], self._names)}"
            raise TypeError(message)
        bound = self._signature.bind(*args, **kwargs).arguments
        kinds = {name: parameter.kind for name, parameter in self._signature.parameters.items() if name in bound}
        is_spread = Parameter.VAR_POSITIONAL in kinds.values()
        for name, kind in kinds.items():
            yield name, bound[name], _arrival(kind, before_star=is_spread)


def _arrival(kind: object, *, before_star: bool) -> Arrival:
    if kind is Parameter.VAR_POSITIONAL:
        return "star"
    if kind is Parameter.VAR_KEYWORD:
        return "double_star"
    if kind is Parameter.POSITIONAL_ONLY or (before_star and kind is Parameter.POSITIONAL_OR_KEYWORD):
        return "positional"
    return "keyword"
