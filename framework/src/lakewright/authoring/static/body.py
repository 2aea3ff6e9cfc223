"""A body that is read instead of run."""

from __future__ import annotations

from lakewright.authoring.body import Body
from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.static.interpreter import Interpreter
from lakewright.authoring.static.sources import Sources
from lakewright.authoring.static.uses import Uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.static.frames import Source


def as_read(body: Body, sources: Sources | None = None) -> Body:
    """The same body, read instead of run; its trace raises `StaticAnalysisError` where its source does not tell.

    Args:
        body: what is read; it stays as it is.
        sources: of functions that are read too; by default none.
    """
    if isinstance(body, ChangedBody):
        return ChangedBody(as_read(body.original, sources), body.change)
    return ReadBody(body, sources)


class ReadBody(Body):
    """The same function, its DAG told from its source: no statement of it is run.

    Args:
        body: what is read; it stays as it is.
        sources: of functions that are read too; by default none.

    Attributes:
        uses: what was come by, once it is read.
    """

    def __init__(self, body: Body, sources: Sources | None = None) -> None:
        super().__init__(body.function, name=body.name, known=body.known)
        self.uses = Uses()
        self._sources = sources or Sources()

    def source(self) -> Source:
        """Its source.

        Raises:
            StaticAnalysisError: it cannot be read, or the file has changed since it was loaded.
        """
        return self._sources.source(self.function)

    def called(self, handles: Mapping[str, object]) -> object:
        """What the function returns, as its source tells."""
        return Interpreter(self._sources, self.uses).read(self.function, handles)
