"""A pipeline's own settings: `[tool.lakewright]` in its `pyproject.toml`."""

from __future__ import annotations

import re
import sys
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from lakewright.errors.base import Location
from lakewright.errors.project import ProjectError
from lakewright.loading.source import shown_path
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from lakewright.project.repository import PipelineFolder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_TABLE: Final = re.compile(r"\s*\[\s*tool\s*\.\s*lakewright\s*\]")
_ANY_TABLE: Final = re.compile(r"\s*\[[^\]]+\]\s*(#.*)?$")


class PipelineSettings(BaseModel):
    """What a pipeline says of itself.

    Attributes:
        modules: where its jobs are found; by default `<name>.jobs`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    modules: tuple[str, ...] = ()


def read_toml(file: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        ProjectError: it is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{shown_path(str(file))} is not TOML: {error}") from error


def read_settings(folder: PipelineFolder) -> PipelineSettings:
    """The settings of a pipeline, defaults filled in.

    Raises:
        ProjectError: the file is not TOML, or a setting does not exist or cannot be.
    """
    file = folder.path / "pyproject.toml"
    content = read_toml(file) if file.is_file() else {}
    try:
        settings = PipelineSettings.model_validate(content.get("tool", {}).get("lakewright", {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise ProjectError(_problem(name, first["type"]), location=setting_place(folder, name)) from error
    return settings if settings.modules else PipelineSettings(modules=(f"{folder.name}.jobs",))


def _problem(name: str, kind: str) -> str:
    if kind == "extra_forbidden":
        return f"[tool.lakewright] has no setting '{name}'{did_you_mean(name, PipelineSettings.model_fields)}"
    wanted = f'{name} must be a list of names, such as ["sales.jobs"]' if name else "must be a table"
    return f"[tool.lakewright] {wanted}"


def setting_place(folder: PipelineFolder, name: str) -> Location | None:
    """The line of a setting in a pipeline's `pyproject.toml`, or of the table; None when there is no table."""
    file = folder.path / "pyproject.toml"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    table = next((number for number, line in enumerate(lines, 1) if _TABLE.match(line)), None)
    if table is None:
        return None
    key = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    inside = takewhile(lambda numbered: not _ANY_TABLE.match(numbered[1]), enumerate(lines[table:], table + 1))
    return Location(shown_path(str(file)), next((number for number, line in inside if key.match(line)), table))
