"""`${…}`: what a bundle fills in when it is deployed.

Source: Databricks, "Substitutions and variables in bundles".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lakewright.errors.running import RunError
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Anything else in braces, such as `${5}`, is no reference and stays.
_REFERENCE: Final = re.compile(r"\$\{([a-z][\w.\[\]-]*)\}", re.ASCII | re.IGNORECASE)


class BundleReferenceError(RunError):
    """A bundle would not deploy: it refers to something that it does not have."""


@dataclass(frozen=True, slots=True)
class BundleValues:
    """The values of a bundle by the names that refer to them; values may refer to others.

    >>> values = BundleValues({"var.data": "${workspace.file_path}/data", "workspace.file_path": "/repo"})
    >>> values.fill("${var.data}/flights")
    '/repo/data/flights'
    """

    values: Mapping[str, object]

    def fill(self, value: object) -> object:
        """The value with its references filled in; a text that is one reference and no more takes its value's type.

        Raises:
            BundleReferenceError: a reference leads nowhere or back to itself.
        """
        return self._fill(value, ())

    def _fill(self, value: object, path: tuple[str, ...]) -> object:
        if not isinstance(value, str):
            return value
        whole = _REFERENCE.fullmatch(value)
        if whole:
            return self._value(whole[1], path)
        return _REFERENCE.sub(lambda found: _text(self._value(found[1], path)), value)

    def _value(self, name: str, path: tuple[str, ...]) -> object:
        if name in path:
            raise BundleReferenceError(f"refers to itself: {' -> '.join((*path, name))}")
        if name not in self.values:
            raise BundleReferenceError(
                f"refers to ${{{name}}}, which the bundle does not have{did_you_mean(name, self.values)}"
            )
        return self._fill(self.values[name], (*path, name))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def bundle_values(configuration: Mapping[str, object]) -> dict[str, object]:
    """The values of a bundle's configuration, as the CLI hands it to Python.

    >>> bundle_values({"bundle": {"name": "flights"}, "variables": {"schema": {"value": "${bundle.name}"}}})
    {'bundle.name': 'flights', 'var.schema': '${bundle.name}'}
    """
    found: dict[str, object] = {}
    for section in ("bundle", "workspace"):
        found.update(_flat(configuration.get(section) or {}, section))
    variables: Mapping[str, Mapping[str, object]] = configuration.get("variables") or {}  # type: ignore[assignment]  # as the CLI writes it
    found.update({f"var.{name}": variable.get("value") for name, variable in variables.items()})
    return found


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}.{key}")
    else:
        yield path, value
