"""Errors about wheels and wheelhouses: which one, what is wrong with it, the way out."""

from __future__ import annotations

from lakewright.errors.dependencies import DependencyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class UnknownPythonError(DependencyError):
    """Which Python a compute has cannot be told."""

    def __init__(self, compute: str) -> None:
        super().__init__(
            f"which Python {compute} has is not known here",
            hint='Say it in the pipeline\'s pyproject.toml: [tool.lakewright] python = "3.12"; or once: --python 3.12.',
        )


class SeveralTargetsError(DependencyError):
    """The jobs of one pipeline run on different Pythons or machines, which one wheelhouse cannot serve."""

    def __init__(self, pipeline: str, found: Iterable[str]) -> None:
        listed = "".join(f"\n  {each}" for each in found)
        super().__init__(
            f"the jobs of '{pipeline}' do not run on one Python and one kind of machine:{listed}",
            hint="Give them runtimes with one Python, or put them into pipelines of their own.",
        )


class ResolutionError(DependencyError):
    """No set of versions meets all that is asked for, in the words of uv."""


class NoWheelError(DependencyError):
    """A package has no file that the target can install."""

    def __init__(self, package: str, *, target: str, offered: Iterable[str] = ()) -> None:
        listed = "".join(f"\n  {each}" for each in offered)
        super().__init__(
            f"{package} has no wheel for {target}, and no source" + (f"; there is:{listed}" if listed else ""),
            hint="Ask for another version of it, or for compute that one of its wheels is made for.",
        )


class NativeSourceError(DependencyError):
    """A package comes as source only and holds code that must be compiled where it runs."""

    def __init__(self, package: str, *, target: str, built: str) -> None:
        super().__init__(
            f"{package} comes as source only and is not pure Python (it builds {built}); no wheel of it fits {target}",
            hint="Choose a version that has a wheel, or build one on a machine like the target and hand it in.",
        )


class WheelError(DependencyError, ValueError):
    """A wheel is not what its name says, or is damaged."""

    def __init__(self, wheel: str, problem: str, *, hint: str = "Get it anew, or build it again.") -> None:
        super().__init__(f"{wheel}: {problem}", hint=hint)


class WheelTargetError(DependencyError):
    """A wheel is made for another Python or another machine than the target's."""

    def __init__(self, wheel: str, *, tags: Iterable[str], target: str) -> None:
        super().__init__(
            f"{wheel} is made for {', '.join(tags)}, the target is {target}",
            hint="Hand in a wheel that fits, or leave it out: then one that fits is fetched.",
        )


class DuplicateWheelError(DependencyError):
    """Two wheels of one package would be installed side by side."""

    def __init__(self, package: str, wheels: Iterable[str]) -> None:
        listed = "".join(f"\n  {each}" for each in wheels)
        super().__init__(f"there is more than one wheel of '{package}':{listed}", hint="Keep the one that is meant.")


class FetchError(DependencyError):
    """A file of a package could not be fetched."""


class HashMismatchError(FetchError):
    """A file is not the one that was resolved."""

    def __init__(self, file: str, *, expected: str, found: str) -> None:
        super().__init__(
            f"{file} is not the file that was resolved: sha256 is {found}, expected {expected}",
            hint="The index or mirror has changed it since, or it was cut off on the way. Nothing of it is kept.",
        )


class OversizedFileError(FetchError):
    """A server sends more than a file has."""

    def __init__(self, file: str, *, most: int) -> None:
        super().__init__(
            f"{file} is not the file that was resolved: more than {most:,} bytes arrive",
            hint="The index or mirror has changed it since, or sends without an end. Nothing of it is kept.",
        )


class OtherPackageError(DependencyError):
    """What an index gives for a package is another one, or another version of it."""

    def __init__(self, package: str, *, found: str, source: str = "") -> None:
        built = f", built from {source}," if source else ""
        super().__init__(
            f"{found}{built} is not what was resolved: {package}",
            hint="Do not use it: whoever offers it calls it what it is not. Ask who runs the index or mirror.",
        )


class BuildError(DependencyError):
    """A wheel could not be built from source."""


class WheelhouseError(DependencyError):
    """A wheelhouse is missing, not whole, or not what its name says."""
