"""One file over HTTP: with the credentials of its index, checked while it arrives."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lakewright.errors.project import MissingExtraError
from lakewright.errors.wheels import FetchError, HashMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    import httpx
    from typing_extensions import Self

    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import LockedFile
    from lakewright.dependencies.progress import Progress

_PAUSES: Final = (0.5, 2.0)
_SECONDS: Final = 60.0
# The server may do better in a moment.
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSED: Final = frozenset({401, 403})
_MISSING: Final = frozenset({404, 410})


class Downloads:
    """Connections that several threads share; once one file has failed, the others stop."""

    def __init__(self, index: Index, progress: Progress) -> None:
        self._index = index
        self._progress = progress
        self._stopped = Event()
        self._client = _client(index)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def stop(self) -> None:
        """Have what is under way end soon."""
        self._stopped.set()

    def get(self, file: LockedFile, place: Path) -> Path:
        """The file, whole and checked, in a folder that is this call's own.

        Raises:
            HashMismatchError: it is another one than was resolved.
            FetchError: it is not there, or the server does not give it.
        """
        import httpx

        for pause in _PAUSES:
            with suppress(httpx.TransportError, _BusyError):
                return self._get(file, place)
            self._stopped.wait(pause)
        try:
            return self._get(file, place)
        except (httpx.TransportError, _BusyError) as error:
            raise self._failure(file, str(error) or type(error).__name__) from error

    def _get(self, file: LockedFile, place: Path) -> Path:
        made = place / file.filename
        digest = hashlib.sha256()
        with self._client.stream("GET", file.url, auth=self._credentials(file.url)) as response, made.open("wb") as out:
            self._check(response, file)
            for chunk in response.iter_raw():
                if self._stopped.is_set():
                    raise FetchError(f"{file.filename} was not fetched: another file has failed")
                digest.update(chunk)
                out.write(chunk)
                self._progress.advances(len(chunk))
        if digest.hexdigest() != file.sha256:
            made.unlink()
            raise HashMismatchError(
                f"{file.filename} of {self._index.hidden(_server(file.url))}",
                expected=file.sha256,
                found=digest.hexdigest(),
            )
        self._progress.ends(file.filename)
        return made

    def _check(self, response: httpx.Response, file: LockedFile) -> None:
        status = response.status_code
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
        if not response.is_success:
            raise self._failure(file, f"the server answers {status}")

    def _failure(self, file: LockedFile, why: str, *, hint: str = "") -> FetchError:
        return FetchError(
            self._index.hidden(f"{file.filename} could not be fetched from {file.url}: {why}"),
            hint=hint or "Without a network, --no-index and --find-links take wheels from a folder or mirror.",
        )

    def _credentials(self, url: str) -> tuple[str, str] | None:
        return self._index.credentials(url) or _of_keyring(self._index, url)


class _BusyError(Exception):
    """Another attempt may do."""


def _client(index: Index) -> httpx.Client:
    try:
        import httpx
    except ModuleNotFoundError as error:
        raise MissingExtraError("httpx", extra="wheelhouse", purpose="fetching wheels") from error
    certificates = index.environment.get("SSL_CERT_FILE") or index.environment.get("PIP_CERT")
    believed = ssl.create_default_context(cafile=certificates)
    # What is compressed on the way would not be what the hash is of.
    headers = {"Accept-Encoding": "identity"}
    return httpx.Client(follow_redirects=True, timeout=_SECONDS, verify=believed, headers=headers)


def _of_keyring(index: Index, url: str) -> tuple[str, str] | None:
    """The credentials that a keyring has for the server, where uv is told to ask it."""
    program = shutil.which("keyring", path=index.environment.get("PATH"))
    if index.environment.get("UV_KEYRING_PROVIDER") != "subprocess" or program is None:
        return None
    for user in _users(index, url):
        ended = subprocess.run(
            [program, "get", _server(url), user],
            env=dict(index.environment),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if ended.returncode == 0 and ended.stdout.strip():
            return user, ended.stdout.strip()
    return None


def _users(index: Index, url: str) -> Iterator[str]:
    """Who signs in: the user that the index URL names, else what private indexes call everybody with a token."""
    known = index.credentials(url)
    yield from [known[0]] if known else ["oauth2accesstoken", "VssSessionToken", "__token__"]


def _server(url: str) -> str:
    return urlsplit(url).hostname or url
