"""Connections to the servers of packages: straight, or by the proxy that the usual variables name."""

from __future__ import annotations

import ssl
from base64 import b64encode
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from lakewright.errors.project import MissingExtraError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

    from lakewright.dependencies.index import Index

_SECONDS: Final = 60.0
_REDIRECTS: Final = 10
# What is compressed on the way would not be what the hash is of.
_HEADERS: Final = {"Accept-Encoding": "identity", "User-Agent": "lakewright"}


class Connections:
    """Connections that several threads share, kept open between files of one server.

    Args:
        index: whose certificates count.
        side_by_side: how many files of a server are fetched at once.

    Raises:
        MissingExtraError: there is no HTTP client.
    """

    def __init__(self, index: Index, *, side_by_side: int) -> None:
        if find_spec("urllib3") is None:
            raise MissingExtraError("urllib3", extra="wheelhouse", purpose="fetching wheels")
        certificates = index.environment.get("SSL_CERT_FILE") or index.environment.get("PIP_CERT")
        self._believed = ssl.create_default_context(cafile=certificates)
        self._side_by_side = side_by_side
        self._pools: dict[str, PoolManager] = {}

    def close(self) -> None:
        """Close those that are not in use."""
        for pool in self._pools.values():
            pool.clear()

    def ask(self, url: str, credentials: tuple[str, str] | None) -> BaseHTTPResponse:
        """What a server answers; nothing of the content is read yet.

        Raises:
            urllib3.exceptions.HTTPError: it does not answer.
        """
        headers = {**_HEADERS, "Authorization": _basic(*credentials)} if credentials else _HEADERS
        proxy = _proxy(url)
        # Of two threads that make one at the same time, both get the same.
        pool = self._pools.get(proxy) or self._pools.setdefault(proxy, self._pool(proxy))
        return pool.request("GET", url, headers=headers, preload_content=False, enforce_content_length=True)

    def _pool(self, proxy: str) -> PoolManager:
        from urllib3 import PoolManager, ProxyManager, Retry

        # Whether to try again is decided by who asks; on a redirect, credentials go to no other server.
        retries = Retry(None, connect=0, read=0, status=0, other=0, redirect=_REDIRECTS)
        size, believed = self._side_by_side, self._believed
        if not proxy:
            return PoolManager(maxsize=size, timeout=_SECONDS, retries=retries, ssl_context=believed)
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        headers = None
        if parts.username:
            headers = {"Proxy-Authorization": _basic(unquote(parts.username), unquote(parts.password or ""))}
        return ProxyManager(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_headers=headers,
            proxy_ssl_context=believed,
            maxsize=size,
            timeout=_SECONDS,
            retries=retries,
            ssl_context=believed,
        )


def _proxy(url: str) -> str:
    """The proxy for a URL; empty if there is none."""
    from urllib.request import getproxies, proxy_bypass

    parts, proxies = urlsplit(url), getproxies()
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return ""
    return proxies.get(parts.scheme) or proxies.get("all", "")


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
