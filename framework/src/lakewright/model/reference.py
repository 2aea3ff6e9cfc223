"""The name under which code is found again in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LOCALS: Final = ".<locals>."


@dataclass(frozen=True, slots=True)
class Reference:
    """A module and a qualified name in it.

    >>> Reference.parse("flights.jobs:daily.<locals>.clean").body
    'daily'
    >>> str(Reference("flights.tasks", "clean"))
    'flights.tasks:clean'
    """

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The reference that `str()` wrote.

        Raises:
            ValueError: `text` is not of the form `module:name`.
        """
        module, colon, name = text.partition(":")
        if not (module and colon and name):
            message = f"{text!r} is not of the form 'package.module:name'"
            raise ValueError(message)
        return cls(module, name)

    @classmethod
    def of(cls, thing: Callable[..., object] | type) -> Reference:
        """Where a function or class was defined."""
        return cls(thing.__module__, thing.__qualname__)

    @property
    def body(self) -> str | None:
        """The outermost function that the thing is defined in; None at module level."""
        return self.name.split(LOCALS, 1)[0] if LOCALS in self.name else None

    def is_inside(self, function: Reference) -> bool:
        """Whether the thing is defined directly inside a function of a module."""
        return (self.module, self.body) == (function.module, function.name)
