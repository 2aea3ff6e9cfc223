"""Data that lie somewhere of their own: in an object store, a volume, a folder. Not the outputs of tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from lakewright.errors.authoring import SettingError
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.target import TargetValues

Access: TypeAlias = Literal["read", "write", "update"]
"""What a task does with a storage; `update` is both."""

Format: TypeAlias = Literal["parquet", "csv", "ndjson", "json", "delta"]
FORMATS: Final = get_args(Format)

PLACES: Final = ("target", "root", "data", "catalog", "schema")
VOLUMES: Final = "/Volumes/"

_BY_SUFFIX: Final[Mapping[str, Format]] = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json",
}  # fmt: skip  # a table reads better in rows
_PLACE: Final = re.compile(r"\{(\w+)\}")
_STORES: Final = ("s3://", "gs://", "abfss://")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//)?")
_PASSWORD: Final = re.compile(r"://[^/@]*:[^/@]*@|[?&](sig|token)=")
# Words in the names of options; the id of a key that stays with its service (KMS) is none.
_SECRETS: Final = frozenset({"secret", "password", "passphrase", "token", "credential", "credentials", "sas", "key"})
_FROM_ENVIRONMENT: Final = "Definitions hold no secrets: leave it to the environment, where clients of stores look."


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """Where data lie, and how they are written down.

    Attributes:
        uri: `s3://…`, `gs://…`, `abfss://…`, or an absolute path, such as that of a volume. It may name places of the
            target: `{data}`, `{root}`, `{catalog}`, `{schema}`, `{target}`.
        format: by default what the suffix says, else `parquet`.
        options: of the store's client, such as its region; never a secret.

    Raises:
        SettingError: an address, format or option that cannot be.

    >>> Storage("s3://data-lake/raw/flights.csv").format
    'csv'
    """

    uri: str
    format: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = _text_problem(self.uri) or _uri_problem(self.uri) or _options_problem(self.options)
        if self.format not in {"", *FORMATS}:
            problem = problem or _Problem(f"has the unknown format '{self.format}'{did_you_mean(self.format, FORMATS)}")
        if problem:
            # Errors end up in logs, and the address may hold a secret.
            subject = "an address" if problem.hides_uri else f"bucket {self.uri!r}"
            raise SettingError(f"{subject} {problem.what}", hint=problem.hint)
        object.__setattr__(self, "format", self.format or _format_of(self.uri))
        object.__setattr__(self, "options", dict(sorted(self.options.items())))

    # Whoever can read and write a storage too is still that storage.

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, Storage) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return self.uri, self.format, tuple(self.options.items())

    @property
    def stem(self) -> str:
        """The last part of the address without its suffix.

        >>> Storage("s3://data-lake/raw/flights.csv").stem
        'flights'
        """
        return self.uri.rstrip("/").rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, slots=True)
class StorageValue:
    """A storage that a task is given, and what the task does with it."""

    storage: Storage
    access: Access = "read"


class _Problem(NamedTuple):
    """What is wrong with a storage, and the way out."""

    what: str
    hint: str = ""
    hides_uri: bool = False


def _text_problem(uri: object) -> _Problem | None:
    if not isinstance(uri, str) or not uri.strip():
        return _Problem("is no text, or empty")
    if _PASSWORD.search(uri):
        return _Problem("of a bucket holds a secret", _FROM_ENVIRONMENT, hides_uri=True)
    unknown = next((name for name in _PLACE.findall(uri) if name not in PLACES), None)
    return (
        _Problem(f"names a place that no target has: '{unknown}'{did_you_mean(unknown, PLACES)}") if unknown else None
    )


def _uri_problem(uri: str) -> _Problem | None:
    if uri.startswith(_STORES):
        return None if uri.partition("://")[2].partition("/")[0] else _Problem("names no bucket")
    scheme = _SCHEME.match(uri)
    if scheme:
        return _Problem(f"lies in '{scheme[0]}', which is no known store", f"Known are {', '.join(_STORES)}.")
    if not uri.startswith(("/", "{data}", "{root}")):
        return _Problem("has a relative path, and tasks run in different folders", "Begin it with /, {data} or {root}.")
    return None


def _options_problem(options: object) -> _Problem | None:
    if not isinstance(options, Mapping) or not all(isinstance(part, str) for item in options.items() for part in item):
        return _Problem("has options that are no dict of text to text")
    secret = next((name for name in options if _is_secret(name)), None)
    return _Problem(f"has the option '{secret}', which is a secret", _FROM_ENVIRONMENT) if secret else None


def _is_secret(name: str) -> bool:
    words = set(name.lower().replace("-", "_").split("_"))
    return not words.isdisjoint(_SECRETS) and "kms" not in words


def _format_of(uri: str) -> Format:
    last = uri.rpartition("/")[2].lower()
    return next((name for suffix, name in _BY_SUFFIX.items() if last.endswith(suffix)), "parquet")


def resolved(uri: str, target: TargetValues) -> str:
    """The address on a target.

    Where outputs are kept in no volume, as on a laptop, volumes lie in `volumes/` below its root.

    >>> from lakewright.model.target import TargetValues
    >>> resolved("/Volumes/{catalog}/raw/x.csv", TargetValues(root="/srv/me/.lakewright"))
    '/srv/me/.lakewright/volumes/local/raw/x.csv'
    """
    found = _PLACE.sub(lambda match: str(getattr(target, match[1] if match[1] != "target" else "name")), uri)
    is_elsewhere = found.startswith(VOLUMES) and not target.root.startswith(VOLUMES)
    return f"{target.root}/volumes/{found.removeprefix(VOLUMES)}" if is_elsewhere else found
