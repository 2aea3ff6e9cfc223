"""A lock that ends with its process, however that ends: who holds it is alive."""

from __future__ import annotations

import os
import sys
from typing import Final
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """An advisory lock on a file, held until `release` or until the process is gone.

    The operating system drops it for a process that was killed, so nothing stale is left behind. Processes that are
    forked do not share it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> lock = FileLock(Path(tempfile.mkdtemp()) / "run.lock")
    >>> lock.acquire(), FileLock(lock.path).acquire()
    (True, False)
    >>> lock.release()
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        _LOCKS.add(self)

    def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _try_lock(self._descriptor):
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


_LOCKS: Final[WeakSet[FileLock]] = WeakSet()


def _let_go() -> None:
    """In a process that was just forked: a lock lives for as long as any process has its file open."""
    for lock in _LOCKS:
        lock.release()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_let_go)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.acquire()
