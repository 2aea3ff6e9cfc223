"""TOML, whatever Python reads it."""

from __future__ import annotations

import sys
from typing import Any

from lakewright.errors.project import ProjectError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parse_toml(content: bytes, name: str) -> dict[str, Any]:
    """What a TOML file holds.

    Args:
        content: of the file.
        name: of the file, for the error.

    Raises:
        ProjectError: it is not TOML.
    """
    try:
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{name} is not TOML: {error}") from error
