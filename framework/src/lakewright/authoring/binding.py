"""From the arguments of a call, as Python values and handles, to bindings.

What a call takes is checked and recorded at once, as a draft: a binding with handles in place of outputs, because tasks
have keys only once the body has returned.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from lakewright.authoring.handle import Future, Handle, Known, ParameterHandle
from lakewright.authoring.passes import PassHandle
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import AnnotationError, ConstantError, OutsideBodyError
from lakewright.model.binding import (
    MAX_CONSTANT_BYTES,
    Constant,
    Container,
    Each,
    Gather,
    Item,
    Join,
    Output,
    ParameterValue,
    Results,
    Side,
)
from lakewright.model.containers import Parts, parts_of
from lakewright.model.loop import name_of
from lakewright.model.reference import LOCALS
from lakewright.model.storage import Storage, StorageValue
from lakewright.model.values import UnencodableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lakewright.authoring.current import Owner
    from lakewright.authoring.handle import Origin
    from lakewright.authoring.passes import LoopedList, Mark
    from lakewright.authoring.putoff import PutOff
    from lakewright.model.binding import Binding


class Gathered(NamedTuple):
    """Inside of a list or tuple: what each pass of a loop has put there."""

    looped: LoopedList
    items: tuple[Draft, ...]


class Joined(NamedTuple):
    """Behind branches: what each way gives, and the calls that tell that it was gone; perhaps each of its way alone."""

    sides: tuple[tuple[tuple[Any, ...], Draft], ...]
    is_latest: bool = False


# The parts of `Parts` are drafts too.
Draft: TypeAlias = Constant | ParameterValue | Results | StorageValue | Handle | Parts | Gathered | Joined


# In place of what cannot be recorded: nobody sees it.
_NOTHING: Final = Constant("null")


def bound(draft: Draft, keys: Mapping[Origin, str]) -> Binding:
    """The binding of a draft, once calls have keys."""
    if isinstance(draft, Handle):
        # Nearly all are plain, and that is found out sooner than what they are not.
        if type(draft) is not Handle and isinstance(draft, PassHandle):
            return _of_pass(draft, keys)
        return Output(keys[draft.lw_origin], draft.lw_path)
    if isinstance(draft, Parts):
        items = [(name, bound(part, keys)) for name, part in draft.parts.items()]
        return Container(draft.kind, tuple(items), draft.type)
    if isinstance(draft, Joined):
        sides = (Side(tuple(_marker(call, keys) for call in calls), bound(side, keys)) for calls, side in draft.sides)
        return Join(tuple(sides), draft.is_latest)
    if isinstance(draft, Gathered):
        return Gather(over(draft.looped, keys), tuple(bound(item, keys) for item in draft.items))
    return draft


def _of_pass(handle: PassHandle, keys: Mapping[Origin, str]) -> Item | Each:
    if handle.lw_is_element:
        return Item(keys[handle.lw_origin], handle.lw_mark.looped.path, handle.lw_path)
    return Each(keys[handle.lw_origin], handle.lw_path)


def _marker(call: Any, keys: Mapping[Origin, str]) -> str:  # noqa: ANN401  a call, which this does not import
    """The output that tells that a call was made: of a repeated one that for the first element."""
    return keys[call] if call.looped is None else name_of(keys[call], 0)


def over(looped: LoopedList, keys: Mapping[Origin, str]) -> Output:
    """The list that is looped over, once calls have keys."""
    return Output(keys[looped.origin], looped.path)


def marks_of(draft: Draft) -> frozenset[Mark]:
    """The passes that a draft takes something of."""
    if isinstance(draft, PassHandle):
        return frozenset((draft.lw_mark,))
    if isinstance(draft, Parts):
        return frozenset(mark for part in draft.parts.values() for mark in marks_of(part))
    return frozenset()


def agree(draft: Draft, other: Draft) -> bool:
    """Whether two drafts take the same, each in its own pass."""
    if isinstance(draft, Handle):
        return type(draft) is type(other) and _way(draft) == _way(other)
    if isinstance(draft, Parts):
        return (
            isinstance(other, Parts)
            and (draft.kind, draft.type, list(draft.parts)) == (other.kind, other.type, list(other.parts))
            and all(map(agree, draft.parts.values(), other.parts.values()))
        )
    if isinstance(draft, Gathered):
        return (
            isinstance(other, Gathered)
            and (draft.looped, len(draft.items)) == (other.looped, len(other.items))
            and all(map(agree, draft.items, other.items))
        )
    return draft == other


def _way(handle: Handle) -> tuple[object, ...]:
    is_element = isinstance(handle, PassHandle) and handle.lw_is_element
    looped = handle.lw_mark.looped if isinstance(handle, PassHandle) else None
    return (handle.lw_origin, handle.lw_path, is_element, looped)


class Gatherer(Protocol):
    """Knows what loops collect."""

    def gathered(self, parts: Mapping[str, Draft]) -> Mapping[str, Draft]:
        """The parts of a list or tuple, with what all passes of a loop have put into it side by side as one."""


class Binder:
    """Drafts the bindings of what belongs to one body, or is wired by hand.

    Args:
        owner: of what is bound.
        put_off: takes errors about constants, if all are to be told at once; else the first is raised.

    Attributes:
        gatherer: puts together what loops collect, once the body has one.
    """

    def __init__(self, owner: Owner, *, put_off: PutOff | None = None) -> None:
        self.gatherer: Gatherer | None = None
        self._owner = owner
        self._put_off = put_off

    def draft(self, value: object, argument: str, function: Callable[..., object] | None = None) -> Draft:
        """What one argument is to be bound to; handles inside lists, tuples, dicts, NamedTuples and dataclasses count.

        Args:
            value: what was passed.
            argument: the name of the parameter; empty for what the body returns.
            function: of the task that is called; None for what the body returns.

        Raises:
            OutsideBodyError: a handle of another body.
            ConstantError: a constant that cannot be recorded.
        """
        if type(value) is Handle and value.lw_origin.recorder is self._owner:
            # The way of nearly all arguments.
            return value
        try:
            return self._recorded(value, argument, function)
        except ConstantError as error:
            if self._put_off is None:
                raise
            self._put_off.add(error)
            return _NOTHING

    def _recorded(self, value: object, argument: str, function: Callable[..., object] | None) -> Draft:
        try:
            draft = self._draft(value, argument, "", function=function)
        except RecursionError:
            message = f"{_subject(argument)} is nested too deeply, or holds itself"
            raise self._owner.located(ConstantError(message, hint="Pass its parts one by one.")) from None
        self._check_size(draft, argument)
        return draft

    def _draft(self, value: object, argument: str, path: str, *, function: Callable[..., object] | None) -> Draft:
        if isinstance(value, Future):
            return self._own(value, argument, path)
        if isinstance(value, Storage):
            return self._storage(value, argument, path, function=function)
        try:
            return Constant.of(value)
        except UnencodableError as error:
            if isinstance(value, TaskFunction):
                raise self._not_called(value, _subject(argument, path)) from error
            parts = parts_of(value)
            if parts is None:
                raise self._refused(_subject(argument, path + error.path), error.reason) from error
            if LOCALS in parts.type:
                raise self._refused(_subject(argument, path), f"{error.reason}, defined inside a function") from error
        drafts: Mapping[str, Draft] = {
            name: self._draft(part, argument, path + _step(name, parts), function=function)
            for name, part in parts.parts.items()
        }
        if self.gatherer is not None and parts.kind in {"list", "tuple"}:
            drafts = self.gatherer.gathered(drafts)
        return Parts(parts.kind, drafts, parts.type)

    def _storage(
        self, storage: Storage, argument: str, path: str, *, function: Callable[..., object] | None
    ) -> StorageValue:
        if function is None:
            return StorageValue(storage)
        # Most bodies pass no bucket.
        from lakewright.authoring.access import access_of

        try:
            return StorageValue(storage, access_of(function, argument, path))
        except AnnotationError as error:
            raise self._owner.located(error) from error

    def _own(self, handle: Future, argument: str, path: str) -> Draft:
        if isinstance(handle, Handle) and handle.lw_origin.recorder is self._owner:
            return handle
        if isinstance(handle, ParameterHandle) and handle.lw_recorder is self._owner:
            return ParameterValue(handle.lw_name)
        if not isinstance(handle, Known):
            handle.lw_refuse("passing it on")
        subject = _subject(argument, path)
        raise self._owner.located(
            OutsideBodyError(
                f"{subject} is the {handle!r} of another trace than that of job '{self._owner.name}'",
                hint="A handle lives only while its own job's body is traced.\n"
                "Pass data between jobs through a table or file.",
            )
        )

    def _check_size(self, draft: Draft, argument: str) -> None:
        size = sum(len(constant.encoded) for constant in _constants(draft))
        if size > MAX_CONSTANT_BYTES:
            message = (
                f"{_subject(argument)} holds constants of {size:,} bytes; at most {MAX_CONSTANT_BYTES:,} are recorded"
            )
            hint = "Put it into a file or module and read it inside a task."
            raise self._owner.located(ConstantError(message, hint=hint))

    def _not_called(self, task: TaskFunction[..., object], subject: str) -> ConstantError:
        message = f"{subject} is the task '{task.name}' itself, not its output; did you mean {task.name}(…)?"
        return self._owner.located(ConstantError(message, hint="Call the task, and pass on what the call gives."))

    def _refused(self, subject: str, reason: str) -> ConstantError:
        hint = (
            "Constants are JSON types, date, datetime, Decimal, Enum, Path and bytes, and lists, tuples, dicts,\n"
            "NamedTuples and dataclasses of them. Make any other value inside a task."
        )
        message = f"{subject} is {reason}, which cannot be recorded as a constant"
        return self._owner.located(ConstantError(message, hint=hint))


def _constants(draft: Draft) -> Iterator[Constant]:
    if isinstance(draft, Constant):
        yield draft
    elif isinstance(draft, Parts):
        for part in draft.parts.values():
            yield from _constants(part)


def _subject(argument: str, path: str = "") -> str:
    return f"argument '{argument}{path}'" if argument else f"the body's return value{path}"


def _step(name: str, parts: Parts) -> str:
    """The way to a part as Python would write it."""
    if parts.kind == "object":
        return f".{name}"
    return f"[{name!r}]" if parts.kind == "dict" else f"[{name}]"
