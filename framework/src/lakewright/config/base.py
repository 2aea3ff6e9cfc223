"""What configurations have in common, and how they check themselves."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import fields
from typing import Any, ClassVar, Final

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from lakewright.model.compute import Compute

PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13")
DATABRICKS: Final = "databricks"

_BUCKET: Final = re.compile(r"[A-Za-z0-9{][A-Za-z0-9._{}-]*")


class Config:
    """Frozen values of one kind; the classes are dataclasses."""

    __slots__ = ()

    def to_json(self) -> dict[str, object]:
        """What was configured, by name, without what was left out."""
        named: Any = self
        values = {field.name: getattr(self, field.name) for field in fields(named)}
        return {name: value for name, value in values.items() if value is not None}

    def check_texts(self, *names: str, optional: tuple[str, ...] = ()) -> None:
        """Raise unless these fields hold text.

        Raises:
            SettingError: one does not.
        """
        for name in (*names, *optional):
            value = getattr(self, name)
            if not (value is None and name in optional) and not (isinstance(value, str) and value.strip()):
                raise self.wrong(name, wanted="text that is not empty")

    def check_count(self, name: str, *, least: int = 1, most: int | None = None) -> None:
        """Raise unless a field holds a whole number.

        Raises:
            SettingError: it does not.
        """
        value = getattr(self, name)
        if type(value) is not int or value < least or (most is not None and value > most):
            bounds = f"{least:,} to {most:,}" if most is not None else f"{least:,} or more"
            raise self.wrong(name, wanted=f"a whole number, {bounds}")

    def check_choice(self, name: str, choices: tuple[str, ...]) -> None:
        """Raise unless a field holds one of the choices.

        Raises:
            SettingError: it does not.
        """
        if getattr(self, name) not in choices:
            raise self.wrong(name, wanted=f"one of {', '.join(choices)}")

    def wrong(self, name: str, *, wanted: str) -> SettingError:
        """The error for a field that cannot be."""
        return located(SettingError.wrong(f"{type(self).__name__}()", name, getattr(self, name), wanted=wanted))


class ProviderConfig(Config, ABC):
    """Which cloud a provider stands for.

    Attributes:
        cloud: its short name.
        variables: the environment's variables that `from_env` reads, by field; of several the first that is set.
    """

    __slots__ = ()
    cloud: ClassVar[str]
    variables: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @abstractmethod
    def uri(self, bucket: str, path: str) -> str:
        """The address of what lies at `path` in a bucket."""

    def options(self) -> dict[str, str]:
        """What the client of its stores must know; never a secret."""
        return {}

    def check_place(self, bucket: object, path: object) -> None:
        """Raise unless a bucket can have this name, and something in it can lie at this path.

        Raises:
            SettingError: it cannot.
        """
        if not isinstance(bucket, str) or not _BUCKET.fullmatch(bucket):
            wanted = "the name of a bucket: letters, digits, '.', '_' and '-'"
            raise located(SettingError.wrong("Provider.bucket()", "bucket", bucket, wanted=wanted))
        if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/"):
            wanted = "a path inside the bucket, without a leading / and without .."
            raise located(SettingError.wrong("Provider.bucket()", "path", path, wanted=wanted))

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Self:
        """The configuration that an environment's variables say.

        Raises:
            SettingError: a variable that is needed is not set.
        """
        found = {name: _first(environment, variables) for name, variables in cls.variables.items()}
        needed = [name for name in found if found[name] is None and name in cls._required()]
        if needed:
            named = " or ".join(cls.variables[needed[0]])
            message = f"Provider.from_env(): the environment has no {named}, the {needed[0]} of {cls.__name__}"
            hint = f"Set it, or write Provider({cls.__name__}({needed[0]}=…))."
            raise located(SettingError(message, hint=hint))
        return cls(**{name: value for name, value in found.items() if value is not None})

    @classmethod
    def _required(cls) -> frozenset[str]:
        from dataclasses import MISSING

        every: Any = cls
        return frozenset(field.name for field in fields(every) if field.default is MISSING)


class ResourceConfig(Config):
    """What runs tasks.

    Attributes:
        clouds: the providers that have it; empty for all.
    """

    __slots__ = ()
    clouds: ClassVar[tuple[str, ...]] = ()

    @property
    def compute(self) -> Compute | None:
        """What it is on Databricks; None for what Databricks does not run."""
        return None


class ServerlessConfig(ResourceConfig):
    """Functions that a cloud runs on demand."""

    __slots__ = ()


class VmConfig(ResourceConfig):
    """A virtual machine."""

    __slots__ = ()


class ClusterConfig(ResourceConfig):
    """Several machines that run one program."""

    __slots__ = ()


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environment[name] for name in names if environment.get(name)), None)
