"""What stands behind a name whose value cannot be told without importing a module."""

from __future__ import annotations

import typing
from typing import NoReturn

from lakewright.errors.authoring import StaticAnalysisError


class Unknown:
    """Something that only an import could tell; whatever is done with it raises `StaticAnalysisError`.

    Args:
        name: as it stands in the source.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            # Python and its libraries ask for these of anything.
            raise AttributeError(name)
        raise self.error()

    def __call__(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Nothing can be called that is not known."""
        raise self.error()

    def __getitem__(self, _key: object) -> NoReturn:
        raise self.error()

    def error(self) -> StaticAnalysisError:
        """That it is not known."""
        return StaticAnalysisError(f"what '{self._name}' stands for cannot be told without importing it")


def check_known(annotation: object) -> None:
    """Raise on a type that is not known, or has a part that is not.

    Raises:
        StaticAnalysisError: it is not.
    """
    if isinstance(annotation, Unknown):
        raise annotation.error()
    for part in typing.get_args(annotation):
        check_known(part)
