"""The parts of a wheelhouse as CycloneDX, for tools that look for known weaknesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.dependencies.contents import WheelEntry, Wheelhouse
    from lakewright.dependencies.wheel import Wheel

SPECIFICATION: Final = "1.5"


def sbom(wheelhouse: Wheelhouse, wheels: Sequence[Wheel]) -> dict[str, Any]:
    """A bill of materials: each wheel with its hash and licence, and what it needs of the others.

    Equal wheelhouses give equal bills: there is no time in it, and its number comes from the digest.

    Args:
        wheelhouse: what it is of.
        wheels: its wheels, read.
    """
    licences = {wheel.name: wheel.licence for wheel in wheels}
    others = {entry.name: entry for entry in wheelhouse.wheels}
    target = wheelhouse.target
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'lakewright:wheelhouse:{wheelhouse.digest}')}",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "lakewright"}]},
            "component": {
                "type": "application",
                "bom-ref": wheelhouse.digest,
                "name": "wheelhouse",
                "version": wheelhouse.digest,
                "description": f"Wheels for {target}",
            },
        },
        "components": [_component(entry, licences[entry.name]) for entry in wheelhouse.wheels],
        "dependencies": [
            {"ref": wheelhouse.digest, "dependsOn": [_url(entry) for entry in wheelhouse.wheels]},
            *(
                {"ref": _url(entry), "dependsOn": [_url(others[need]) for need in entry.needs]}
                for entry in wheelhouse.wheels
            ),
        ],
    }


def _component(entry: WheelEntry, expression: str) -> dict[str, Any]:
    licence = {"licenses": [{"expression": expression}]} if expression else {}
    return {
        "type": "library",
        "bom-ref": _url(entry),
        "name": entry.name,
        "version": entry.version,
        "hashes": [{"alg": "SHA-256", "content": entry.sha256}],
        **licence,
        "purl": _url(entry),
    }


def _url(wheel: WheelEntry) -> str:
    """The package URL; a `+` of a local version is escaped."""
    return f"pkg:pypi/{wheel.name}@{wheel.version.replace('+', '%2B')}"
