"""Credentials that a keyring keeps, asked of the program `keyring` as uv asks it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.dependencies.index import Index

# What private indexes call everybody who signs in with a token.
_EVERYBODY: Final = ("oauth2accesstoken", "VssSessionToken", "__token__")


def of_keyring(index: Index, url: str) -> tuple[str, str] | None:
    """User and password for a file; None where uv is not told to ask a keyring, or that has none.

    Args:
        index: whose server the file is on; who signs in, its URL may say.
        url: of the file.
    """
    program = shutil.which("keyring", path=index.environment.get("PATH"))
    if index.environment.get("UV_KEYRING_PROVIDER") != "subprocess" or program is None:
        return None
    known = index.credentials(url)
    for user in [known[0]] if known else _EVERYBODY:
        for service in _services(index, url):
            password = _asked([program, "get", service, user], index)
            if password:
                return user, password
    return None


def _services(index: Index, url: str) -> Iterator[str]:
    """What credentials may be kept under: the URL of an index, or the server's name, as for uv and for pip."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    yield from index.on_server_of(url)
    yield from dict.fromkeys([f"{host}:{parts.port}" if parts.port else host, host])


def _asked(command: list[str], index: Index) -> str:
    ended = subprocess.run(command, env=dict(index.environment), capture_output=True, encoding="utf-8", check=False)
    return ended.stdout.removesuffix("\n") if ended.returncode == 0 else ""
