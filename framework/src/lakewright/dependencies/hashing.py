"""Hashes of files."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20


def sha256_of(path: Path) -> str:
    """The hash of a file, read piece by piece."""
    with path.open("rb") as file:
        return sha256_of_stream(file).hexdigest()


def sha256_of_stream(stream: IO[bytes]) -> hashlib._Hash:
    """The hash of what is left of a stream, read piece by piece."""
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest
