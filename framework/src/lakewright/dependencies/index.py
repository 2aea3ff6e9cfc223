"""Where packages come from: indexes, mirrors, folders; credentials are used and never shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_USER_INFO: Final = re.compile(r"(?<=://)[^/\s\"']+@")
_INDEX_VARIABLES: Final = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
_SECRET_VARIABLES: Final = re.compile(r"UV_INDEX_.+_PASSWORD")
_HIDDEN: Final = "****"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where packages come from; what is not said comes from the variables that uv itself reads.

    Attributes:
        urls: indexes, the one that counts when others have nothing first; may hold credentials.
        find_links: folders or pages with wheels; may hold credentials.
        no_index: take packages from `find_links` only.
        offline: use no network; what uv has cached counts.
        environment: variables; by default this process's.

    >>> Index(urls=("https://me:secret@packages.example/simple",))
    Index(no_index=False, offline=False)
    """

    urls: tuple[str, ...] = field(default=(), repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    no_index: bool = False
    offline: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False, compare=False)

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be asked over a network."""
        return self.offline or self.no_index

    @property
    def options(self) -> tuple[str, ...]:
        """For uv; nothing that may hold a credential, because every user of a machine sees what runs there."""
        return ("--no-index",) if self.no_index else ()

    @property
    def variables(self) -> dict[str, str]:
        """For uv, beside those of `environment`."""
        found: dict[str, str] = {}
        if self.urls:
            found["UV_DEFAULT_INDEX"], found["UV_INDEX"] = self.urls[0], " ".join(self.urls[1:])
        if self.find_links:
            places = (*self.find_links, *filter(None, (self.environment.get("UV_FIND_LINKS"),)))
            found["UV_FIND_LINKS"] = ",".join(places)
        return found if not self.offline else {**found, "UV_OFFLINE": "1"}

    def hidden(self, text: str) -> str:
        """A text without the credentials that it may hold."""
        text = _USER_INFO.sub(f"{_HIDDEN}@", text)
        for secret in self._secrets():
            text = text.replace(secret, _HIDDEN)
        return text

    def credentials(self, url: str) -> tuple[str, str] | None:
        """User and password for a file, of the index on the same server."""
        host = _place(url)
        for index in (url, *self._known()):
            parts = urlsplit(index)
            if parts.username and _place(index) == host:
                return unquote(parts.username), unquote(parts.password or "")
        return self._of_named(host)

    def on_server_of(self, url: str) -> tuple[str, ...]:
        """The indexes on the server of a file, without credentials.

        >>> Index(urls=("https://me:secret@packages.example/simple",)).on_server_of("https://packages.example/a.whl")
        ('https://packages.example/simple',)
        """
        place = _place(url)
        return tuple(_USER_INFO.sub("", each) for each in self._known() if _place(each) == place)

    def _known(self) -> Iterator[str]:
        """All indexes, those of the environment too."""
        yield from self.urls
        yield from self.find_links
        for name in _INDEX_VARIABLES:
            for each in re.split(r"[\s,]+", self.environment.get(name, "")):
                # An index may have a name: `internal=https://…`.
                yield re.sub(r"^[\w.-]+=(?=\w+://)", "", each)

    def _of_named(self, host: str) -> tuple[str, str] | None:
        """The credentials that uv takes for an index with a name: UV_INDEX_<NAME>_USERNAME and _PASSWORD."""
        for each in self.environment.get("UV_INDEX", "").split():
            name, _, url = each.partition("=")
            if url and _place(url) == host:
                variable = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
                user = self.environment.get(f"{variable}_USERNAME", "")
                password = self.environment.get(f"{variable}_PASSWORD", "")
                return (user, password) if user or password else None
        return None

    def _secrets(self) -> Iterator[str]:
        for url in self._known():
            password = urlsplit(url).password
            yield from {password, unquote(password)} if password else ()
        for name, value in self.environment.items():
            if _SECRET_VARIABLES.fullmatch(name) and value:
                yield value


def local_path(url: str) -> Path | None:
    """The file that a URL of this machine stands for; None for one of another."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}"
