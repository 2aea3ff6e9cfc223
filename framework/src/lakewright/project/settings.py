"""Settings of a pipeline, and of a repository: `[tool.lakewright]` in their `pyproject.toml`."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lakewright.errors.base import Location
from lakewright.errors.project import ProjectError
from lakewright.io.local import PIPELINE_FILE, PROJECT_FILE, find_above
from lakewright.loading.source import shown_path
from lakewright.project.toml import parse_toml
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from pydantic_core import ErrorDetails

    from lakewright.project.repository import PipelineFolder

_FILE: Final = "pyproject.toml"
_WANTED: Final = {
    "modules": 'modules must be a list of names, such as ["sales.jobs"]',
    "inject": "inject must be a list of tables: [[tool.lakewright.inject]]",
    "python": 'python must be a version in quotes, such as "3.12"',
    "platform": 'platform must be "x86_64" or "aarch64"',
    "provided": 'provided must be a list of packages, such as ["pyspark"]',
}
_OF_TASK: Final = {
    "task": "where a task is, such as 'audit.tasks:begin'",
    "at": "'roots' or 'leaves'",
    "key": "letters, digits, '_' and '-', at most 100",
    "arguments": "a table of what the task is called with",
}
_TABLE: Final = re.compile(r"\s*\[\s*tool\s*\.\s*lakewright\s*\]")
_ANY_TABLE: Final = re.compile(r"\s*\[[^\]]+\]\s*(#.*)?$")


class InjectedTask(BaseModel):
    """A task that each job gets.

    Attributes:
        task: where it is: `package.module:function`.
        at: before all other tasks (`roots`), or behind them (`leaves`).
        key: of the task in a job; by default its name.
        arguments: what it is called with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str = Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")
    at: Literal["roots", "leaves"]
    key: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,100}$")
    arguments: dict[str, object] = Field(default_factory=dict)


class PipelineSettings(BaseModel):
    """What a pipeline says of itself, or a repository of all its pipelines.

    Attributes:
        modules: where a pipeline's jobs are found; by default `<name>.jobs`.
        inject: tasks that each job gets: of the pipeline, or of the repository.
        python: what its wheels must fit, where its compute does not tell it.
        platform: the processor that they must fit, where the machine type does not tell it.
        provided: packages that the runtime brings, so that no wheel of them is taken along.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    modules: tuple[str, ...] = ()
    inject: tuple[InjectedTask, ...] = ()
    python: str | None = Field(default=None, pattern=r"^3\.\d{1,2}$")
    platform: Literal["x86_64", "aarch64"] | None = None
    provided: tuple[str, ...] = ()


class PlacedInjection(NamedTuple):
    """A task that each job gets, and the line of the settings that says so."""

    setting: InjectedTask
    place: Location | None


def read_toml(file: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        ProjectError: it is not TOML.
    """
    return parse_toml(file.read_bytes(), shown_path(str(file)))


def read_settings(folder: PipelineFolder) -> PipelineSettings:
    """The settings of a pipeline, defaults filled in.

    Raises:
        ProjectError: the file is not TOML, or a setting does not exist or cannot be.
    """
    settings = _read(folder.path)
    return settings if settings.modules else settings.model_copy(update={"modules": (f"{folder.name}.jobs",)})


def injections_around(start: Path) -> tuple[PlacedInjection, ...]:
    """What the settings of the repository and of the pipeline folder around a place put into each job.

    Raises:
        ProjectError: a file is not TOML, or a setting does not exist or cannot be.
    """
    folders = [find_above(start, name) for name in (PROJECT_FILE, PIPELINE_FILE)]
    return tuple(
        PlacedInjection(setting, _place(folder, "inject", index))
        for folder in dict.fromkeys(folder for folder in folders if folder is not None)
        for index, setting in enumerate(_read(folder).inject)
    )


def _read(folder: Path) -> PipelineSettings:
    file = folder / _FILE
    content = read_toml(file) if file.is_file() else {}
    try:
        return PipelineSettings.model_validate(content.get("tool", {}).get("lakewright", {}))
    except ValidationError as error:
        first = error.errors()[0]
        loc = (*first["loc"], "", 0)
        place = _place(folder, str(loc[0]), loc[1] if isinstance(loc[1], int) else 0)
        raise ProjectError(f"[tool.lakewright] {_problem(first)}", location=place) from error


def _problem(error: ErrorDetails) -> str:
    name, *rest = (str(part) for part in error["loc"] or ("",))
    is_unknown = error["type"] == "extra_forbidden"
    if name == "inject" and len(rest) > 1:
        field = rest[1]
        known = did_you_mean(field, InjectedTask.model_fields)
        return f"inject has no setting '{field}'{known}" if is_unknown else f"inject: {field} must be {_OF_TASK[field]}"
    if is_unknown:
        return f"has no setting '{name}'{did_you_mean(name, PipelineSettings.model_fields)}"
    return _WANTED.get(name, "must be a table")


def setting_place(folder: PipelineFolder, name: str) -> Location | None:
    """The line of a setting in a pipeline's `pyproject.toml`, or of the table; None when there is no table."""
    return _place(folder.path, name)


def _place(folder: Path, name: str, index: int = 0) -> Location | None:
    """The line of a setting, or of its table number `index`; else of the settings' own table."""
    file = folder / _FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    table_of_it = re.compile(rf"\s*\[\[\s*tool\s*\.\s*lakewright\s*\.\s*{re.escape(name)}\s*\]\]")
    tables = [number for number, line in enumerate(lines, 1) if table_of_it.match(line)]
    if index < len(tables):
        return Location(shown_path(str(file)), tables[index])
    table = next((number for number, line in enumerate(lines, 1) if _TABLE.match(line)), None)
    if table is None:
        return None
    key = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    inside = takewhile(lambda numbered: not _ANY_TABLE.match(numbered[1]), enumerate(lines[table:], table + 1))
    return Location(shown_path(str(file)), next((number for number, line in inside if key.match(line)), table))
