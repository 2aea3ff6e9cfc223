"""A pipeline's own settings: `[tool.lakewright]` in its `pyproject.toml`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from lakewright.errors.base import Location
from lakewright.errors.project import ProjectError
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from lakewright.project.repository import PipelineFolder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


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
        raise ProjectError(f"{file} is not TOML: {error}") from error


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
        name = ".".join(str(part) for part in first["loc"])
        meant = did_you_mean(name, PipelineSettings.model_fields) if first["type"] == "extra_forbidden" else ""
        raise ProjectError(
            f"[tool.lakewright] {name}: {first['msg']}{meant}", location=Location(str(file), 1)
        ) from error
    return settings if settings.modules else PipelineSettings(modules=(f"{folder.name}.jobs",))
