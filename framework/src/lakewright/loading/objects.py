"""Modules and the things in them, by reference."""

from __future__ import annotations

import sys
from importlib import import_module

from lakewright.errors.project import LoadError
from lakewright.model.reference import Reference
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def load_module(name: str) -> ModuleType:
    """An imported module.

    Raises:
        LoadError: it is not there, or importing it fails; the cause is chained.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise LoadError(
                f"there is no module '{name}' in this environment",
                hint="Is its package installed here, and spelled so?",
            ) from error
        raise _import_failed(name, error) from error
    except Exception as error:  # whatever a user's module raises is told with its name
        raise _import_failed(name, error) from error


def _import_failed(name: str, error: Exception) -> LoadError:
    return LoadError(f"importing module '{name}' failed: {type(error).__name__}: {error}")


def load(text: str) -> object:
    """The object at `package.module:qualified.name`.

    Raises:
        LoadError: the module or the name does not exist.
    """
    reference = Reference.parse(text)
    module = load_module(reference.module)
    found: object = module
    for part in reference.name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            where = getattr(module, "__file__", None) or reference.module
            raise LoadError(f"there is no '{reference.name}' in {where}{did_you_mean(part, _public(found))}") from error
    return found


def _public(thing: object) -> list[str]:
    return [name for name in vars(thing) if not name.startswith("_")] if hasattr(thing, "__dict__") else []


def load_file(path: str) -> ModuleType:
    """The module in a file that is not part of a package, imported under the file's stem.

    Raises:
        LoadError: the file is not there or does not import.
    """
    # Only `FILE.py:NAME` needs these.
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    file = Path(path).resolve()
    if not file.is_file():
        raise LoadError(f"there is no file {path}")
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None  # noqa: S101  a .py file always has a spec
    assert spec.loader is not None  # noqa: S101  same
    module = module_from_spec(spec)
    sys.path.insert(0, str(file.parent))
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a user's module raises is told with its name
        del sys.modules[file.stem]
        raise _import_failed(path, error) from error
    return module
