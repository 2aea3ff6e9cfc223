"""The parts of a wheelhouse as CycloneDX, for tools that look for known weaknesses."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    known = {wheel.name: wheel for wheel in wheels}
    needs = {wheel.name: sorted({_url(known[name]) for name in _needs(wheel) if name in known}) for wheel in wheels}
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
        "components": [_component(entry, known[entry.name]) for entry in wheelhouse.wheels],
        "dependencies": [
            {"ref": wheelhouse.digest, "dependsOn": [_url(wheel) for wheel in wheels]},
            *({"ref": _url(wheel), "dependsOn": needs[wheel.name]} for wheel in wheels),
        ],
    }


def _component(entry: WheelEntry, wheel: Wheel) -> dict[str, Any]:
    licence = {"licenses": [{"expression": wheel.licence}]} if wheel.licence else {}
    return {
        "type": "library",
        "bom-ref": _url(wheel),
        "name": entry.name,
        "version": entry.version,
        "hashes": [{"alg": "SHA-256", "content": entry.sha256}],
        **licence,
        "purl": _url(wheel),
    }


def _url(wheel: Wheel) -> str:
    """The package URL; a `+` of a local version is escaped."""
    return f"pkg:pypi/{wheel.name}@{wheel.version.replace('+', '%2B')}"


def _needs(wheel: Wheel) -> Iterator[str]:
    """Names of what a wheel depends on; whether a marker holds is seen by what is there."""
    for line in wheel.requires:
        # Old wheels may hold lines that are none.
        with suppress(InvalidRequirement):
            yield canonicalize_name(Requirement(line).name)
