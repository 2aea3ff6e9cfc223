"""Names, and what stands behind them while a body is read."""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping


class UnboundError(Exception):
    """A name without a value: Python would raise, or it is not known."""


class Scope:
    """The names of a function, or of a comprehension in it.

    Args:
        names: of the module.
        own: names that the function assigns somewhere: until it does, they have no value.
        outer: the scope around it.

    Attributes:
        values: the names that have a value.
        own: as above.
    """

    def __init__(
        self, names: Mapping[str, object], *, own: frozenset[str] = frozenset(), outer: Scope | None = None
    ) -> None:
        self.names = names
        self.outer = outer
        self.values: dict[str, object] = {}
        self._bound: dict[str, ast.Name] = {}
        self.own = own

    def inner(self) -> Scope:
        """The scope of a comprehension."""
        return Comprehension(self.names, outer=self)

    @property
    def function(self) -> Scope:
        """The scope that `:=` assigns in."""
        return self

    def bind(self, target: ast.Name, value: object) -> None:
        """Give a value to a variable."""
        self.values[target.id] = value
        self._bound[target.id] = target

    def binding(self, name: str) -> ast.Name | None:
        """Where a name was given the value that stands behind it; None for what no assignment has given."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values:
            scope = scope.outer
        return scope._bound.get(name) if scope is not None else None  # noqa: SLF001  a scope like this one

    def find(self, name: str) -> object:
        """What stands behind a name.

        Raises:
            UnboundError: nothing.
        """
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            if name in scope.own:
                raise UnboundError(name)
            scope = scope.outer
        if name in self.names:
            return self.names[name]
        if hasattr(builtins, name):
            return getattr(builtins, name)
        raise UnboundError(name)


class Comprehension(Scope):
    """The names of a comprehension."""

    @property
    def function(self) -> Scope:
        """The function around it."""
        assert self.outer is not None  # noqa: S101  a comprehension stands in something
        return self.outer.function
