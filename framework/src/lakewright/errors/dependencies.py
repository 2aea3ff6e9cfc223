"""Errors about the packages that a job runs with: where they come from, and what they must be."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.errors.base import Location

_SHOWN_FILES = 10


class DependencyError(LakewrightError):
    """The packages that a job needs cannot be had as they are asked for."""


class RequirementError(DependencyError, ValueError):
    """A file of requirements cannot be followed as it stands."""


class RequirementEncodingError(RequirementError):
    """A file of requirements is no text that can be read for certain."""

    def __init__(self, why: str, *, location: Location) -> None:
        super().__init__(f"this is no UTF-8 text: {why}", location=location, hint="Save the file as UTF-8.")


class RequirementSyntaxError(RequirementError):
    """A line is no requirement."""


class RefusedRequirementError(RequirementError):
    """A line asks for more than a package by name: an option, an address, a path.

    Attributes:
        setting: of `RequirementPolicy`, which would allow it; empty for what nothing allows.
    """

    def __init__(self, what: str, *, location: Location | None, hint: str, setting: str = "") -> None:
        allow = f"\nWho trusts the file allows it: RequirementPolicy({setting}=True)." if setting else ""
        super().__init__(f"{what} is refused", location=location, hint=f"{hint}{allow}")
        self.setting = setting


class NoRequirementsError(RequirementError):
    """A file of requirements names no package."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} has no requirements, only comments and blank lines",
            hint="Name a package a line, such as requests>=2.28, or leave the file out.",
        )


class NothingToInstallError(RequirementError):
    """All that is asked for is for other targets."""

    def __init__(self, target: str, asked: Iterable[str]) -> None:
        listed = "".join(f"\n  {each}" for each in asked)
        super().__init__(
            f"nothing of what is asked for counts for {target}:{listed}",
            hint="Markers after ';' say where a requirement counts.",
        )


class LayoutError(DependencyError, ValueError):
    """What was given has no shape that packages can be built from."""


class NothingToBuildError(LayoutError):
    """Nothing in an archive can be made into a wheel.

    Attributes:
        ignored: its files, and why each is left out.
    """

    def __init__(self, archive: str, ignored: Mapping[str, str]) -> None:
        listed = "".join(f"\n  {name}: {why}" for name, why in list(ignored.items())[:_SHOWN_FILES])
        more = f"\n  and {len(ignored) - _SHOWN_FILES} more" if len(ignored) > _SHOWN_FILES else ""
        super().__init__(
            f"{archive} holds nothing that a wheel can be made of{':' if listed else ''}{listed}{more}",
            hint="Put in a requirements.txt, Python files, a project (pyproject.toml, setup.py, setup.cfg) or wheels.",
        )
        self.ignored = ignored


class ModuleNameError(LayoutError):
    """A module or a file cannot stand in a wheel under its name, or would hide another one."""


class RequiresPythonError(DependencyError):
    """A package does not take the Python of the target.

    >>> print(RequiresPythonError("plots", wanted=">=3.13", target="3.10"))
    'plots' needs Python >=3.13, the target has 3.10
      Choose a version of it that takes Python 3.10, or compute with another Python.
    """

    def __init__(self, package: str, *, wanted: str, target: str) -> None:
        super().__init__(
            f"'{package}' needs Python {wanted}, the target has {target}",
            hint=f"Choose a version of it that takes Python {target}, or compute with another Python.",
        )


class ReplacedPackageError(DependencyError):
    """Wheels would take the place of the runtime's own packages, where that was said to be an error."""

    def __init__(self, notes: Iterable[str]) -> None:
        super().__init__(
            "\n".join(notes),
            hint="Asked to be strict, this is an error. Change the versions, or leave them out.",
        )


class ShippedWheelError(DependencyError):
    """A wheel that was handed in disagrees with what else is asked for."""

    def __init__(self, wheel: str, *, version: str, asked: Iterable[str]) -> None:
        listed = "".join(f"\n  {each}" for each in asked)
        super().__init__(
            f"{wheel} is version {version}, but this is asked for:{listed}",
            hint="Hand in a wheel that fits, or leave it out: then a version that fits is fetched.",
        )


class OutputExistsError(DependencyError, FileExistsError):
    """The place of a result is taken."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} exists; a run's wheelhouse is written once",
            hint="Leave run_id out for a new one, or remove that folder first.",
        )


class NoWheelsError(DependencyError):
    """A place that should hold wheels holds none."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} is no wheelhouse: {why}",
            hint="A wheelhouse is a zip with wheels at its root, or a folder with *.whl or wheels/*.whl in it.",
        )


class InstallError(DependencyError):
    """Wheels could not be installed; what the installer said is in the message, once."""

    def __init__(self, path: str, *, installer: str, code: int, said: str) -> None:
        super().__init__(
            f"{installer} could not install the wheels of {path} (exit code {code}):\n{said}",
            hint="Nothing is fetched here: what a wheel needs is another wheel of it, or already installed.",
        )


class GoneError(DependencyError):
    """The packages of a run are asked for after they were removed."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"the packages of this run are gone: {path} is not there any more",
            hint="The run has cleaned up behind itself. A repair has to make them again: let it run process_deps, too.",
        )


class ChangedWheelsError(DependencyError):
    """The packages of a run are others than those that were made for it."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is not what was made for this run: its wheels have changed since",
            hint="Nothing of it was installed. Find out who writes there, and let the run make its packages again.",
        )


class NativeWheelsError(DependencyError):
    """Wheels with compiled code were to be shipped to executors, which take pure Python only."""

    def __init__(self, wheels: Iterable[str]) -> None:
        super().__init__(
            f"executors cannot be sent compiled code: {', '.join(wheels)}",
            hint="Name these packages where the compute is described: libraries of the cluster, dependencies of the\n"
            "serverless environment. ship(…, native='leave out') ships the others.",
        )


class ShippingError(DependencyError):
    """A session takes no Python files, or not these."""


class ChecksFailedError(DependencyError, RuntimeError):
    """Some checks of a job's packages have failed."""

    def __init__(self, failed: int, table: str) -> None:
        super().__init__(f"{failed} test(s) failed\n{table}")


class RunIdError(DependencyError, ValueError):
    """The id of a run cannot be the name of a folder."""

    def __init__(self, run_id: str, problem: str) -> None:
        super().__init__(f"the run id {run_id!r} {problem}", hint="Leave it out for a new one.")


class DeliveryError(DependencyError, OSError):
    """The result cannot be written to where it belongs."""

    def __init__(self, folder: str, cause: OSError) -> None:
        super().__init__(
            f"{folder} cannot be written: {cause.strerror or cause}",
            hint="Nothing is left there. Check that the volume exists, has room, and that this user may write to it.",
        )
