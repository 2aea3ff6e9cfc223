"""Whether a task may be skipped because nothing that its output depends on has changed: facts in, verdict out.

Facts are plain text by kind and name, so that they can be kept, compared and told. What they are gathered from is
`cache_facts`' matter, where they are kept the store's.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, NamedTuple, Protocol, TypeAlias

from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.model.record import CommitRecord

    Facts: TypeAlias = Mapping[str, Mapping[str, str]]

# How a difference is told, by the kind of fact, and whether what it was and is may be told: a digest says nothing.
_TOLD: Final[Mapping[str, tuple[str, bool]]] = {
    "runtime": ("{}", True),
    "lock": ("{}", False),
    "source": ("source of {}", False),
    "call": ("{}", True),
    "target": ("the target's {}", True),
    "captured": ("variable {}", False),
    "constant": ("constant {}", True),
    "argument": ("argument {}", False),
    "parameter": ("parameter {}", True),
    "input": ("input {}", False),
}
_MOST_TOLD: Final = 3
_LONGEST_TOLD: Final = 40


class CacheRow(NamedTuple):
    """The output of a task that was made when these were the facts.

    Attributes:
        digest: of the facts.
        run_id: the run that made it.
        attempt: of that run; run and attempt name one commit record for ever.
        content: identifies the output across runs.
        files: SHA-256 of each file, by path.
        at: seconds since the epoch.
    """

    job: str
    key: str
    digest: str
    facts: Facts
    run_id: str
    attempt: int
    content: str
    files: Mapping[str, str]
    at: float = 0.0


class CacheStore(Protocol):
    """Where it is kept what may be taken again."""

    def cached(self, job: str, key: str) -> Sequence[CacheRow]:
        """The outputs of a task that may be taken again, the latest first."""

    def put_cached(self, row: CacheRow) -> None:
        """Take note of an output that may be taken again."""

    def use(self, job: str, run_id: str, source: str) -> bool:
        """Take note that a run needs files of another one; False if that is being removed."""


class CachePlace(NamedTuple):
    """What a run with a cache needs to know.

    Attributes:
        project: the folder whose source files count.
        opened: gives the store; it is opened when a task is first looked up.
    """

    project: Path
    opened: Callable[[], CacheStore]


class Cache(Protocol):
    """What the runner asks of a cache."""

    @property
    def missed(self) -> Mapping[str, str]:
        """Why tasks that might have been taken from an earlier run were not, by key."""

    def look(self, key: str) -> CommitRecord | None:
        """What a task gave in an earlier run, if it would give it again; else it has to run."""

    def read(self, record: CommitRecord) -> None:
        """Look at an output that was just made; called on the thread that made it."""

    def keep(self, record: CommitRecord) -> None:
        """Take note of an output that was made."""


class NoCache:
    """The cache of runs without one."""

    missed: Mapping[str, str] = {}

    def look(self, key: str) -> CommitRecord | None:  # noqa: ARG002  nothing is known of any
        """Nothing."""
        return None

    def read(self, record: CommitRecord) -> None:
        """Nothing to do."""

    def keep(self, record: CommitRecord) -> None:
        """Nothing to do."""


class UncacheableError(Exception):
    """What a task depends on, or what it gave, cannot be told from something else; the message says why."""


def digest_of(facts: Facts) -> str:
    """SHA-256 of facts: equal facts have equal digests in every process."""
    return sha256(to_text(facts).encode()).hexdigest()


def why_not(facts: Facts, earlier: Sequence[CacheRow]) -> str:
    """Why no earlier output will do: what differs from the one that comes nearest, the latest of those that do.

    Args:
        facts: of now.
        earlier: what is kept of the task, the latest first.

    >>> row = CacheRow("daily", "clean", "", {"parameter": {"month": "1"}}, "r1", 1, "", {})
    >>> why_not({"parameter": {"month": "2"}}, [row])
    'parameter month: 1 → 2'
    >>> why_not({}, [])
    'no earlier run'
    """
    if not earlier:
        return "no earlier run"
    return _told(min((list(differences(row.facts, facts)) for row in earlier), key=len))


def _told(found: Sequence[str]) -> str:
    more = len(found) - _MOST_TOLD
    return "; ".join([*found[:_MOST_TOLD], f"and {more} more"] if more > 0 else found)


def differences(before: Facts, now: Facts) -> Iterator[str]:
    """What differs, a phrase each, in the order in which a reader would ask."""
    for kind, (name, shows) in _TOLD.items():
        was, is_now = before.get(kind, {}), now.get(kind, {})
        for each in dict.fromkeys([*was, *is_now]):
            if was.get(each) != is_now.get(each):
                told = _change(was.get(each), is_now.get(each), shows=shows)
                yield f"{name.format(each)}{told}"


def _change(was: str | None, is_now: str | None, *, shows: bool) -> str:
    if was is None or is_now is None:
        return " is new" if was is None else " is gone"
    short = max(len(was), len(is_now)) <= _LONGEST_TOLD
    return f": {was or 'none'} → {is_now or 'none'}" if shows and short else " changed"
