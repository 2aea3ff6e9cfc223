"""A body whose trace somebody else has a say in."""

from __future__ import annotations

from lakewright.authoring.body import Body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.authoring.tracing import Trace


class ChangedBody(Body):
    """The same function, and what becomes of its trace.

    Args:
        body: what is traced; it stays as it is.
        change: from its trace to that of this body.
    """

    def __init__(self, body: Body, change: Callable[[Trace], Trace]) -> None:
        super().__init__(body.function, name=body.name)
        self.original = body
        self.change = change

    def check_plain(self) -> None:
        """Raise if the function may not be called as it is.

        Raises:
            SettingError: what it describes needs more than the function.
        """
        self.original.check_plain()

    def specialised(self, known: Mapping[str, object]) -> Body:
        """The same, its conditions decided by values of parameters."""
        return ChangedBody(self.original.specialised(known), self.change)

    def _traced(self) -> Trace:
        return self.change(self.original.trace())
