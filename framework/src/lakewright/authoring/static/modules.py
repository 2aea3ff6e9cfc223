"""Modules that are read instead of imported: nothing of theirs runs, and what is not known stays unknown."""

from __future__ import annotations

import ast
import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from lakewright.authoring.current import current_reading
from lakewright.authoring.static.classes import declared
from lakewright.authoring.static.definitions import stand_in
from lakewright.authoring.static.frames import Place, ReadCode, ReadFrame, Source
from lakewright.authoring.static.functions import own_names
from lakewright.authoring.static.interpreter import Interpreter
from lakewright.authoring.static.operations import is_true
from lakewright.authoring.static.scope import Scope
from lakewright.authoring.static.sources import Sources
from lakewright.authoring.static.uses import Uses
from lakewright.authoring.unknown import Unknown
from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import LakewrightError, Location
from lakewright.errors.project import LoadError
from lakewright.loading.source import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lakewright.authoring.static.functions import Defaults

_OURS: Final = "lakewright"
# What importing one of Python's own modules says or opens.
_LOUD: Final = frozenset({"antigravity", "this"})


class Modules:
    """The modules of a pipeline, each read when somebody first asks.

    Args:
        find: the file of a module of the user's own; None for what is not.

    Attributes:
        sources: of the functions that are defined in them.
        errors: what is wrong with them.
        unknown: what decorated functions could not be told.
    """

    def __init__(self, find: Callable[[str], Path | None]) -> None:
        self.sources = Sources()
        self.errors: list[LakewrightError] = []
        self.unknown: list[StaticAnalysisError] = []
        self._find = find
        self._known: dict[str, ModuleType | None] = {}

    def module(self, name: str) -> ModuleType | None:
        """A module as far as it can be told; None for one that is not the user's own, nor Python's, nor ours."""
        if name not in self._known:
            file = self._find(name)
            self._known[name] = _imported(name) if file is None else self.read(name, file)
        return self._known[name]

    def named(self, reference: str) -> object:
        """What stands behind a name of a module, as in `package.module:name`.

        Raises:
            StaticAnalysisError: only an import could tell.
        """
        name, _, attribute = reference.partition(":")
        module = self.module(name)
        found: object = vars(module).get(attribute) if module is not None else None
        if found is None or isinstance(found, Unknown):
            raise Unknown(reference).error()
        return found

    def read(self, name: str, file: Path) -> ModuleType:
        """The module in a file."""
        module = self._known[name] = ModuleType(name)
        is_package = file.name == "__init__.py"
        module.__file__, module.__package__ = str(file), name if is_package else name.rpartition(".")[0]
        try:
            tree = ast.parse(file.read_bytes(), str(file))
        except (SyntaxError, ValueError) as error:
            self.errors.append(_no_python(error, name, file))
            return module
        if tree.body:
            _ModuleReader(self, module, tree).run(tree.body)
        return module


def _imported(name: str) -> ModuleType | None:
    top = name.partition(".")[0]
    if top != _OURS and (top not in sys.stdlib_module_names or top in _LOUD):
        return None
    try:
        return import_module(name)
    except ImportError:
        return None


def _no_python(error: SyntaxError | ValueError, name: str, file: Path) -> LoadError:
    line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or None
    message = f"importing module '{name}' failed: {type(error).__name__}: {getattr(error, 'msg', error)}"
    return LoadError(message, location=Location(shown_path(str(file)), line, column))


class _ModuleReader:
    """Reads the statements of one module, each by itself: what one does not tell, its names do not."""

    def __init__(self, modules: Modules, module: ModuleType, tree: ast.Module) -> None:
        self._modules = modules
        self._module = module
        self._names = vars(module)
        scope = Scope(self._names)
        scope.values = self._names
        last = tree.body[-1].end_lineno or 1
        code = ReadCode(str(module.__file__), "<module>", range(1, last + 1))
        self._reader = Interpreter(modules.sources, Uses())
        self._reader.top = ReadFrame(code, scope, back=None, place=Place(tree.body[0]))

    def run(self, statements: Sequence[ast.stmt]) -> None:
        """Read statements one after the other."""
        for node in statements:
            self._told(node)

    def _told(self, node: ast.stmt) -> None:
        try:
            with self._reading():
                self._step(node)
        except StaticAnalysisError as error:
            self._forget(node)
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                self._modules.unknown.append(error)
        except LakewrightError as error:
            self._forget(node)
            self._modules.errors.append(error)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        top, token = self._reader.top, current_reading.set(self._reader)
        try:
            yield
        except LakewrightError as error:
            error.location = error.location or self._reader.top.location
            raise
        except Exception as error:
            raise self._reader.undecidable(f"it raises {type(error).__name__}") from error
        finally:
            self._reader.top = top
            current_reading.reset(token)

    def _step(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import):
            self._import(node)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._names[node.name] = self._function(node)
        elif isinstance(node, ast.ClassDef):
            self._names[node.name] = declared(self._reader, node, self._names)
        elif isinstance(node, ast.If):
            self.run(node.body if is_true(self._reader, node.test, self._reader.value(node.test)) else node.orelse)
        else:
            self._reader.run([node])

    def _forget(self, node: ast.stmt) -> None:
        wrapped = ast.FunctionDef(name="", args=_NO_ARGUMENTS, body=[node], decorator_list=[])
        self._names.update({name: Unknown(name) for name in own_names(wrapped)})

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> object:
        file = str(self._module.__file__)
        made: object = stand_in(
            node,
            file=file,
            module=self._module.__name__,
            qualified=node.name,
            defaults=self._defaults(node.args),
            names=self._names,
        )
        if isinstance(node, ast.FunctionDef):
            self._modules.sources.add(made, Source(node, file))
        decorators = [(each, self._reader.value(each)) for each in node.decorator_list]
        for place, decorate in reversed(decorators):
            self._reader.at(place)
            made = self._reader.call(decorate, [made], {})
        return made

    def _defaults(self, arguments: ast.arguments) -> Defaults:
        named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        return (
            [self._default(node) for node in arguments.defaults],
            {parameter.arg: self._default(node) for parameter, node in named if node is not None},
        )

    def _default(self, node: ast.expr) -> object:
        try:
            return self._reader.value(node)
        except StaticAnalysisError:
            return Unknown(ast.unparse(node))

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            whole = self._modules.module(alias.name)
            first = alias.name.partition(".")[0]
            bound: Any = whole if alias.asname else self._modules.module(first)
            self._names[alias.asname or first] = bound or Unknown(alias.asname or first)
            if whole is not None and bound is not None and bound is not whole:
                vars(bound).setdefault(alias.name.rpartition(".")[2], whole)

    def _import_from(self, node: ast.ImportFrom) -> None:
        package = str(self._module.__package__)
        base = f"{package.rsplit('.', node.level - 1)[0]}." if node.level else ""
        name = f"{base}{node.module or ''}".strip(".")
        module = self._modules.module(name)
        for alias in node.names:
            if alias.name == "*":
                self._names.update(_public(module))
            else:
                self._names[alias.asname or alias.name] = self._member(module, name, alias.name)

    def _member(self, module: ModuleType | None, name: str, member: str) -> object:
        found: object = getattr(module, member, None) if module is not None else None
        if found is None and module is not None:
            found = self._modules.module(f"{name}.{member}")
        return Unknown(member) if found is None else found


_NO_ARGUMENTS: Final = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _public(module: ModuleType | None) -> dict[str, object]:
    if module is None:
        return {}
    names: Sequence[str] = getattr(module, "__all__", None) or [name for name in vars(module) if name[0] != "_"]
    return {name: getattr(module, name) for name in names}
