"""One file over HTTP: with the credentials of its index, checked while it arrives."""

from __future__ import annotations

import hashlib
from contextlib import closing, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lakewright.dependencies.connections import Connections
from lakewright.dependencies.keyrings import of_keyring
from lakewright.errors.wheels import FetchError, HashMismatchError, OversizedFileError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self
    from urllib3 import BaseHTTPResponse

    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import LockedFile
    from lakewright.dependencies.progress import Progress

_PAUSES: Final = (0.5, 2.0)
_BLOCK: Final = 1 << 18
# Where the lock does not say how long a file is; no zip is longer without extensions of the format.
LONGEST: Final = 1 << 32
# The server may do better in a moment.
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSED: Final = frozenset({401, 403})
_MISSING: Final = frozenset({404, 410})
_DONE: Final = range(200, 300)


class Downloads:
    """Connections that several threads share; once one file has failed, the others stop."""

    def __init__(self, index: Index, progress: Progress, *, side_by_side: int) -> None:
        self._index = index
        self._progress = progress
        self._stopped = Event()
        self._asking = Lock()
        self._signed_in: dict[str, tuple[str, str] | None] = {}
        self._connections = Connections(index, side_by_side=side_by_side)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connections.close()

    def stop(self) -> None:
        """Have what is under way end soon."""
        self._stopped.set()

    def get(self, file: LockedFile, place: Path) -> Path:
        """The file, whole and checked, in a folder that is this call's own.

        Raises:
            OversizedFileError: more arrives than was resolved; the rest is not waited for.
            HashMismatchError: it is another one than was resolved.
            FetchError: it is not there, or the server does not give it.
        """
        from urllib3.exceptions import HTTPError

        for pause in _PAUSES:
            with suppress(HTTPError, _BusyError):
                return self._get(file, place)
            self._stopped.wait(pause)
        try:
            return self._get(file, place)
        except (HTTPError, _BusyError) as error:
            cause = getattr(error, "reason", None) or error
            raise self._failure(file, str(cause) or type(cause).__name__) from error

    def _get(self, file: LockedFile, place: Path) -> Path:
        made = place / file.filename
        digest = hashlib.sha256()
        left = most = file.size or LONGEST
        asked = self._connections.ask(file.url, self._credentials(file.url))
        with closing(asked) as response, made.open("wb") as out:
            self._check(response, file)
            for chunk in response.stream(_BLOCK, decode_content=False):
                if self._stopped.is_set():
                    raise FetchError(f"{file.filename} was not fetched: another file has failed")
                left -= len(chunk)
                if left < 0:
                    raise OversizedFileError(self._shown(file), most=most)
                digest.update(chunk)
                out.write(chunk)
                self._progress.advances(len(chunk))
        if digest.hexdigest() != file.sha256:
            made.unlink()
            raise HashMismatchError(self._shown(file), expected=file.sha256, found=digest.hexdigest())
        self._progress.ends(file.filename)
        return made

    def _check(self, response: BaseHTTPResponse, file: LockedFile) -> None:
        status = response.status
        if status in _BUSY:
            raise _BusyError(f"the server answers {status}")
        if status in _REFUSED:
            raise self._failure(
                file,
                f"the server answers {status}",
                hint="It wants credentials: in the index URL, UV_INDEX_<NAME>_USERNAME and _PASSWORD, or a keyring.",
            )
        if status in _MISSING:
            raise self._failure(
                file,
                f"the server answers {status}: the index names a file that is not there",
                hint="Resolve anew (`uv lock --upgrade-package NAME`), or ask who runs the mirror.",
            )
        if status not in _DONE:
            raise self._failure(file, f"the server answers {status}")

    def _shown(self, file: LockedFile) -> str:
        return f"{file.filename} of {self._index.hidden(_server(file.url))}"

    def _failure(self, file: LockedFile, why: str, *, hint: str = "") -> FetchError:
        return FetchError(
            self._index.hidden(f"{file.filename} could not be fetched from {file.url}: {why}"),
            hint=hint or "Without a network, --no-index and --find-links take wheels from a folder or mirror.",
        )

    def _credentials(self, url: str) -> tuple[str, str] | None:
        known = self._index.credentials(url)
        if known and known[1]:
            return known
        # A keyring may take a second to answer: once for a server is enough.
        with self._asking:
            place = urlsplit(url).netloc
            if place not in self._signed_in:
                self._signed_in[place] = of_keyring(self._index, url) or known
            return self._signed_in[place]


class _BusyError(Exception):
    """Another attempt may do."""


def _server(url: str) -> str:
    return urlsplit(url).hostname or url
