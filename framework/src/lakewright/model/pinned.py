"""Wheels that a job is pinned to: where a cluster finds them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedWheels:
    """The wheels of a wheelhouse, as they lie on a volume.

    Attributes:
        folder: of the wheelhouse there, with the references that the bundle fills in.
        filenames: its wheels, each after those that it needs.
    """

    folder: str
    filenames: tuple[str, ...]

    @property
    def wheels(self) -> tuple[str, ...]:
        """Each wheel's path.

        >>> PinnedWheels(folder="/Volumes/a/b/c", filenames=("six-1.17.0-py2.py3-none-any.whl",)).wheels
        ('/Volumes/a/b/c/wheels/six-1.17.0-py2.py3-none-any.whl',)
        """
        return tuple(f"{self.folder}/wheels/{name}" for name in self.filenames)

    @property
    def requirements(self) -> str:
        """The path of the file that pip installs them from, without an index and checking hashes."""
        return f"{self.folder}/requirements.txt"
