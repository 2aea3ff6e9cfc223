"""Reads a body: does what tracing does, but for running it.

Task calls are recorded by the very recorder that traces, so keys, bindings, loops and branches are decided in one
place. What stands between them is worked out here as far as nothing happens but values: whatever might run code of the
user's, or have an effect, is undecidable.
"""

from __future__ import annotations

import ast
from inspect import getclosurevars
from types import FunctionType
from typing import Any, Final

from lakewright.authoring.body import HasBody
from lakewright.authoring.current import current_reading
from lakewright.authoring.handle import Future
from lakewright.authoring.static import statements
from lakewright.authoring.static.expressions import EXPRESSIONS
from lakewright.authoring.static.frames import Place, ReadCode, ReadFrame
from lakewright.authoring.static.functions import ReadFunction, bound_arguments
from lakewright.authoring.static.plain import changes_owner, is_ours, is_plain, is_speech, makes_anew, may_be_called
from lakewright.authoring.static.scope import Scope
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import LakewrightError
from lakewright.loading.source import is_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.authoring.static.sources import Sources
    from lakewright.authoring.static.uses import Uses
    from lakewright.errors.base import Location

_MOST_STEPS: Final = 200_000
_DEEPEST: Final = 50
_MAKING: Final = frozenset({ast.BinOp, ast.Dict, ast.DictComp, ast.List, ast.ListComp, ast.Set, ast.SetComp})


class Interpreter:
    """Reads one body once; implements `reader.Reader` and `current.Reading`.

    Args:
        sources: of what is read; the same for each way through a body, because calls are told apart by their code.
        uses: notes what is come by.

    Attributes:
        top: the frame of what is read at present.
        uses: as above.
    """

    def __init__(self, sources: Sources, uses: Uses) -> None:
        self.top: ReadFrame = _NOWHERE
        self.uses = uses
        self._sources = sources
        self._steps = 0
        self._depth = 0
        self._made: dict[int, object] = {}

    @property
    def frame(self) -> Any:  # noqa: ANN401  as far as anybody asks, a frame of Python
        """The same, for whoever asks where a call stands."""
        return self.top

    @property
    def location(self) -> Location:
        """Of what is read at present."""
        return self.top.location

    def read(self, function: Callable[..., object], arguments: Mapping[str, object]) -> object:
        """What a function returns.

        Raises:
            StaticAnalysisError: it cannot be told from its source.
            AuthoringError: as tracing raises it.
        """
        token = current_reading.set(self)
        try:
            return self.entered(function, arguments)
        except LakewrightError as error:
            error.location = error.location or self.top.location
            raise
        except Exception as error:
            raise self.undecidable(f"it raises {type(error).__name__}") from error
        finally:
            current_reading.reset(token)

    def value(self, node: ast.expr) -> Any:  # noqa: ANN401  of any type
        """The value of an expression."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            self.at(node)
            raise self.undecidable("it takes too long")
        evaluate = EXPRESSIONS.get(type(node))
        if evaluate is None:
            self.at(node)
            raise self.undecidable(f"'{ast.unparse(node)}'")
        found = evaluate(self, node)
        if type(node) in _MAKING:
            self._made[id(found)] = found
        return found

    def run(self, nodes: Sequence[ast.stmt]) -> object:
        """Read statements; None, or how they were left."""
        return statements.run(self, nodes)

    def bind(self, target: ast.expr, value: object) -> None:
        """Give a value to a variable, or take it apart into several."""
        statements.bind(self, target, value)

    def each(self, iterable: object) -> Iterator[object]:
        """The elements of something that is looped over."""
        return statements.each(self, iterable)

    def at(self, node: ast.expr | ast.stmt, *, unpacks: bool = False) -> None:
        """Something is done here."""
        self.top.place = Place(node, unpacks)

    def check_own(self, holder: object) -> None:
        """Raise on a change of what the body has not made: others would see it.

        Raises:
            StaticAnalysisError: the container was there before.
        """
        if id(holder) not in self._made:
            raise self.undecidable("a list, dict or set is changed that the body has not made")

    def undecidable(self, what: str) -> StaticAnalysisError:
        """The error for what cannot be told from source, at the place that is read."""
        return StaticAnalysisError(f"cannot be told from the source: {what}", location=self.top.location)

    def call(self, function: Any, args: Sequence[object], kwargs: Mapping[str, object]) -> object:  # noqa: ANN401  whatever is called
        """What a function gives."""
        if isinstance(function, (TaskFunction, Future)) or (is_ours(function) and isinstance(function, HasBody)):
            # Each does what it does in a body that runs: a handle says by itself that it cannot be called.
            return _call(function, *args, **kwargs)
        if is_speech(function):
            _refuse_said(args)
            return None
        if may_be_called(function) and all(map(_may_be_given, (*args, *kwargs.values()))):
            return self._called(function, args, kwargs)
        return self._entered(function, args, kwargs)

    def _called(self, function: Any, args: Sequence[object], kwargs: Mapping[str, object]) -> object:  # noqa: ANN401  as above
        """What a function gives that has no effect, but perhaps on its owner."""
        if changes_owner(function):
            self.check_own(function.__self__)
        found = function(*args, **kwargs)
        if makes_anew(function):
            self._made[id(found)] = found
        return found

    def entered(self, function: Callable[..., object], given: Mapping[str, object]) -> object:
        """What a function returns that is read in turn."""
        return self._entered(function, (), given)

    def _entered(self, function: object, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """What a function returns that is read in turn."""
        if not isinstance(function, (ReadFunction, FunctionType)):
            raise self.undecidable(f"what '{getattr(function, '__name__', function)}' does")
        read = function if isinstance(function, ReadFunction) else self._loaded(function)
        frame = self._frame(read)
        rest = dict(kwargs)
        try:
            frame.scope.values.update(bound_arguments(read, args, rest))
        except TypeError as error:
            raise self.undecidable(f"{error}") from None
        self._made[id(rest)] = rest
        if self._depth == _DEEPEST:
            raise self.undecidable("it calls itself again and again")
        before, self.top = self.top, frame
        self._depth += 1
        if isinstance(read.node, ast.Lambda):
            found = self.value(read.node.body)
        else:
            left = self.run(read.node.body)
            found = left.value if isinstance(left, statements.Returned) else None
        # After an error, the place of the error stays.
        self.top = before
        self._depth -= 1
        return found

    def _frame(self, read: ReadFunction) -> ReadFrame:
        node, around = read.node, read.frame
        code = self._sources.code(node, around.f_code.co_filename, name=read.name)
        scope = Scope(around.scope.names, own=self._sources.own_names(node), outer=around.scope)
        return ReadFrame(code, scope, back=None if self.top is _NOWHERE else self.top, place=Place(node))

    def _loaded(self, function: FunctionType) -> ReadFunction:
        """A function that Python has loaded, as one that is read: what is around it are its module and its closure."""
        if self._depth and not is_users(function.__code__.co_filename):
            raise self.undecidable(f"what '{function.__name__}' does")
        source = self._sources.source(function)
        around = Scope(function.__globals__, own=frozenset(function.__code__.co_freevars))
        around.values.update(_closure(function))
        module = ReadFrame(ReadCode(source.file, "", range(1)), around, back=None, place=Place(source.node))
        defaults = function.__defaults__ or (), function.__kwdefaults__ or {}
        return ReadFunction(source.node, module, function.__qualname__, defaults=defaults, call=self.call)


def _call(function: Any, *args: object, **kwargs: object) -> object:  # noqa: ANN401  a task of any signature
    return function(*args, **kwargs)


def _refuse_said(args: Sequence[object]) -> None:
    """Raise where a handle is to be shown: it says by itself that it cannot."""
    for each in args:
        if isinstance(each, Future):
            str(each)


def _closure(function: FunctionType) -> Mapping[str, object]:
    """The names of the functions around a function, as far as they have a value."""
    found = getclosurevars(function).nonlocals
    return {name: found[name] for name in function.__code__.co_freevars if name in found}


def _may_be_given(value: object) -> bool:
    return is_plain(value) or isinstance(value, (ReadFunction, TaskFunction, FunctionType))


_NOWHERE: Final = ReadFrame(
    ReadCode("", "", range(1)), Scope({}), back=None, place=Place(ast.Pass(lineno=1, col_offset=0))
)
