"""Whether loose modules lie at the top of their wheel, beside the package that they are documented to be in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from lakewright.errors.dependencies import ModuleNameError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from lakewright.dependencies.imports import ModuleImport

PACKAGE: Final = "user_modules"
# What every Databricks runtime imports itself, and what runs the tasks: a module of that name would stand in its way.
_RUNTIME: Final = frozenset(
    {"IPython", "databricks", "dbruntime", "delta", "lakewright", "numpy", "pandas", "py4j", "pyarrow", "pyspark"}
)
# A module has one place; under its other name it is the same object, not a second one with a state of its own.
_SAME_MODULES: Final = '''"""The modules beside this package, also by the name user_modules.NAME: the same objects."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

NAMES = frozenset({names})


class _SameModules:
    def find_spec(self, name, path=None, target=None):
        package, _, module = name.partition(".")
        is_ours = package == __name__ and module.partition(".")[0] in NAMES
        return ModuleSpec(name, self) if is_ours else None

    def create_module(self, spec):
        module = import_module(spec.name.partition(".")[2])
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module):
        # The import system has just put the other one there.
        module.__spec__ = module.__spec__.loader_state


sys.meta_path.insert(0, _SameModules())
'''


def same_modules(tops: AbstractSet[str]) -> bytes:
    """The source of a package under which modules at the top can be imported too."""
    return _SAME_MODULES.replace("{names}", repr(sorted(tops))).encode()


def owner(name: str) -> str:
    """Whose module would be hidden by one of this name at the top; empty for nobody's.

    >>> owner("json"), owner("pyspark"), owner("calculator")
    ('the standard library', 'the runtime', '')
    """
    if name in sys.stdlib_module_names:
        return "the standard library"
    return "the runtime" if name in _RUNTIME else ""


def check_names(tops: Iterable[str]) -> None:
    """Nothing, if modules may have these names at the top.

    Raises:
        ModuleNameError: one of them is taken.
    """
    for name in sorted(tops):
        taken = "this package" if name == PACKAGE else owner(name)
        if taken:
            hint = f"Rename it, or import it as {PACKAGE}.{name} only: top_level=False."
            raise ModuleNameError(f"at the top, '{name}' would hide the module of {taken}", hint=hint)


def lie_at_top(found: Iterable[ModuleImport], *, asked: bool | None, package: str = "") -> bool:
    """Whether the modules lie at the top: as asked for, or as they import each other.

    Args:
        found: how they import each other.
        asked: what was asked for; None for what they need.
        package: a file that makes a package of the folder around them.

    Raises:
        ModuleNameError: what they need, or what was asked for, cannot be had together.
    """
    imports = tuple(found)
    relative = next((each for each in imports if each.is_relative and not each.is_tried), None)
    plain = next((each for each in imports if not each.is_relative), None)
    needs_package = f"{relative.location}: {relative.statement}" if relative else package
    if asked and needs_package:
        raise ModuleNameError(
            f"at the top there is no package around these modules, which this needs:\n  {needs_package}",
            hint=f"Import them as {PACKAGE}.x only (top_level=False), or put them into a folder of their own.",
        )
    if asked is not None:
        return asked
    if needs_package and plain and not plain.is_tried:
        raise ModuleNameError(
            "some modules need a package around them, others need to lie at the top:\n"
            f"  {needs_package}\n  {plain.location}: {plain.statement}",
            hint="Import all of them in one way, `from . import x`, or put them into a folder of their own.",
        )
    return plain is not None and not needs_package
