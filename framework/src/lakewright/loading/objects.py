"""Modules and the things in them, by reference."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from typing import Any, Final

from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError
from lakewright.loading.source import failing_line, is_users
from lakewright.model.reference import Reference
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_ABSENT: Final = object()
_NOT_INSTALLED: Final = "Is it spelled so? A package belongs into `dependencies` of the pipeline's pyproject.toml."


def load_module(name: str) -> ModuleType:
    """An imported module.

    Raises:
        LoadError: it is not there, or importing it fails; the cause is chained.
        LakewrightError: what the module itself got wrong, such as a setting of a decorator.
    """
    with _told(name):
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            if error.name and f"{name}.".startswith(f"{error.name}."):
                raise LoadError(
                    f"there is no module '{name}' in this environment",
                    hint="Is its package installed here, and spelled so?",
                ) from error
            raise


def load(text: str) -> Any:  # noqa: ANN401  whatever stands there
    """The object at `package.module:qualified.name`.

    Raises:
        LoadError: the module or the name does not exist.
    """
    reference = Reference.parse(text)
    module = load_module(reference.module)
    found: object = module
    for part in reference.name.split("."):
        following = getattr(found, part, _ABSENT)
        if following is _ABSENT:
            where = getattr(module, "__file__", None) or reference.module
            raise LoadError(f"there is no '{reference.name}' in {where}{did_you_mean(part, _public(found))}")
        found = following
    return found


def _public(thing: object) -> list[str]:
    return [name for name in getattr(thing, "__dict__", ()) if not name.startswith("_")]


def load_file(path: str) -> ModuleType:
    """The module in a file that is not part of a package, imported under the file's stem.

    Raises:
        LoadError: the file is not there, has the name of a module that is in use, or does not import.
        LakewrightError: what the file itself got wrong.
    """
    # Only `FILE.py:NAME` needs it.
    from pathlib import Path

    file = Path(path).resolve()
    if not file.is_file():
        raise LoadError(f"there is no file {path}")
    known = getattr(sys.modules.get(file.stem), "__file__", None) or ""
    if known and known != str(file) and is_users(known):
        # Another script of that name: nothing else can rely on it.
        sys.modules.pop(file.stem, None)
    module = sys.modules.get(file.stem) or _imported(str(file.parent), file.stem)
    if getattr(module, "__file__", None) != str(file):
        raise LoadError(f"{path} has the name of another module, '{file.stem}'", hint="Rename the file.")
    return module


def _imported(folder: str, name: str) -> ModuleType:
    # The folder stays on the path: tasks with a timeout import the file in a process of their own.
    sys.path.insert(0, folder)
    invalidate_caches()
    try:
        return load_module(name)
    except BaseException:
        sys.path.remove(folder)
        raise


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What a module raises while it is imported, told with its name and line."""
    try:
        yield
    except LakewrightError as error:
        error.location = error.location or failing_line(error)
        raise
    except (Exception, SystemExit) as error:
        # Only errors need it.
        from lakewright.text.exceptions import said

        message = f"importing module '{name}' failed: {said(error)}"
        hint = _NOT_INSTALLED if isinstance(error, ModuleNotFoundError) else ""
        raise LoadError(message, location=failing_line(error), hint=hint) from error
