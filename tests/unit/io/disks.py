"""Disks that are full, for tests: real ones, because an error that a test makes up proves little."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes, for root neither; writing more fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def all_below(folder: str | os.PathLike[str]) -> list[str]:
    """Every file below a folder, relative to it."""
    found = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]  # noqa: PTH118  as `walk` gives them
    return sorted(os.path.relpath(path, folder) for path in found)
