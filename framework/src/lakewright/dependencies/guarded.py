"""A stream that hands out no more than the reader of a format is meant to ask for.

Directories of archives say themselves how long they are, and the standard library believes them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable

UNLIMITED: Final = 2**62


class GuardedStream:
    """Reads and seeks in another stream, and counts.

    Args:
        stream: what is read.
        refuse: what to raise when more is asked for than `budget`.

    Attributes:
        budget: how many bytes may be read from now on.
    """

    def __init__(self, stream: BinaryIO, refuse: Callable[[], Exception]) -> None:
        self._stream = stream
        self._refuse = refuse
        self.budget = UNLIMITED

    def read(self, size: int = -1) -> bytes:
        """The next bytes: as many as asked for, or what the budget has left."""
        if size < 0:
            size = self.budget
        if size > self.budget:
            raise self._refuse()
        found = self._stream.read(size)
        self.budget -= len(found)
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Where the stream stands once it has been moved there."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the stream stands."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """True: formats with a directory at the end need that."""
        return True

    def close(self) -> None:
        """Let go of the other stream."""
        self._stream.close()
