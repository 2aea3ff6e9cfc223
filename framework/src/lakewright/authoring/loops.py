"""Loops over future lists: the body sees each list with a few elements, and what it does for each must be the same.

Iterating over a handle gives its element several times, once a *pass*. A call that takes an element, or what another
call gave for it, is part of its pass. All passes over one list must record the same calls; those are one task then,
which is repeated for each element. What the passes have collected in a list or tuple is gathered.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from lakewright.authoring.binding import Gathered, agree, marks_of
from lakewright.authoring.callsite import here, unpacks, user_frame, with_excerpt
from lakewright.authoring.passes import LoopedList, Mark, PassHandle
from lakewright.errors.authoring import LoopError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.call import Call
    from lakewright.authoring.current import Recorder
    from lakewright.authoring.handle import Handle, Origin
    from lakewright.authoring.shape import Shape
    from lakewright.errors.base import Location

PASSES: Final = 2

_OWN_WAY: Final = "Each pass must record the same: what differs by element is decided inside the task."
_COLLECT: Final = "Collect what the loop gives in a list, and pass the list on."


class Loops:
    """The loops of one trace.

    Args:
        recorder: the record of the body.
        passes: how often each loop runs.
    """

    def __init__(self, recorder: Recorder, passes: int) -> None:
        self._recorder = recorder
        self._passes = passes
        self._lists: dict[tuple[Origin, tuple[str | int, ...]], LoopedList] = {}
        self._calls: defaultdict[Mark, list[Call]] = defaultdict(list)
        self._running: list[Mark] = []
        self._left: Location | None = None

    @property
    def location(self) -> Location:
        """Of the first loop."""
        return next(iter(self._lists.values())).location

    def iterate(self, handle: Handle, element: Shape) -> Iterator[Handle]:
        """The element of a list, once a pass.

        Raises:
            LoopError: a loop in a loop, or no loop but unpacking.
        """
        frame = user_frame(self._recorder.body)
        if unpacks(frame):
            raise self._refused(
                f"the output of task '{handle.lw_origin.task.name}' is unpacked; its type does not say into how many",
                "Annotate the task's return as tuple[…], with a type for each part.",
            )
        if isinstance(handle, PassHandle) or self._running:
            raise self._refused(
                "a loop over a task's output stands inside of another one",
                "A repeated task cannot be repeated itself. Loop inside of the task, or let a task give one flat list\n"
                "and loop over that.",
            )
        looped = self._lists.setdefault((handle.lw_origin, handle.lw_path), LoopedList(handle, here(frame)))
        return self._each(looped, element, here(frame))

    def _each(self, looped: LoopedList, element: Shape, location: Location) -> Iterator[Handle]:
        is_whole = False
        try:
            for number in range(self._passes):
                mark = Mark(looped, number)
                self._check_alone(looped)
                self._running.append(mark)
                try:
                    yield PassHandle(looped.origin, mark, is_element=True, shape=element)
                finally:
                    self._running.remove(mark)
            is_whole = True
        finally:
            if not is_whole:
                self._left = self._left or location

    def _check_alone(self, looped: LoopedList) -> None:
        """Two lists go side by side in `zip` only if they are one: how long the other is nobody knows."""
        if any(mark.looped is not looped for mark in self._running):
            raise self._refused(
                "two future lists are looped over side by side",
                "Let one task give a list of pairs, and loop over that.",
            )

    def mark_of(self, call: Call) -> Mark | None:
        """The pass that a call is part of; None for one that is part of none.

        Raises:
            LoopError: it takes what belongs to another pass, or to the elements of two lists.
        """
        marks = {mark for name, draft, _ in call.arguments for mark in marks_of(draft)}
        marks.update(self._waited_for(call))
        marks.update(self._running)
        if len(marks) < 2:  # noqa: PLR2004  none, or the one
            return next(iter(marks), None)
        if len({mark.looped for mark in marks}) > 1:
            lists = " and ".join(sorted({str(mark.looped) for mark in marks}))
            raise self._refused(
                f"task '{call.task.name}' takes elements of {lists}",
                "Let one task give a list of pairs, and loop over that.",
            )
        raise self._refused(
            f"task '{call.task.name}' takes in one pass of a loop what another pass gave",
            f"Passes run side by side. {_COLLECT}\nA task that takes the list can go through it step by step.",
        )

    def _waited_for(self, call: Call) -> set[Mark]:
        """The passes that a call waits for; who waits for all of them waits for the task."""
        marks = {handle.lw_mark for handle in call.task.waits_for if isinstance(handle, PassHandle)}
        return {mark for mark in marks if not all(Mark(mark.looped, n) in marks for n in range(self._passes))}

    def place(self, call: Call, mark: Mark) -> tuple[Call, bool]:
        """The call that stands for one in all passes, and whether it is new.

        Raises:
            LoopError: the first pass has not recorded the same.
        """
        looped, number = mark
        before, own = self._calls[Mark(looped, 0)], self._calls[mark]
        place = len(own)
        if number == 0:
            own.append(call)
            return call, True
        if place >= len(before):
            raise self._refused(
                f"task '{call.task.name}' takes what only one pass of the loop over {looped} gave", _COLLECT
            )
        first = before[place]
        problem = _difference(first, call)
        if problem:
            raise self._refused(f"the passes of the loop over {looped} differ: {problem}", _OWN_WAY)
        own.append(first)
        return first, False

    def gathered(self, parts: Mapping[str, Draft]) -> Mapping[str, Draft]:
        """The parts of a list or tuple, with what all passes have put into it side by side as one."""
        drafts = list(parts.values())
        marks = [_only(marks_of(draft)) for draft in drafts]
        found: list[Draft] = []
        place = 0
        while place < len(drafts):
            mark, width = marks[place], self._width(drafts, marks, place)
            if mark is not None and width:
                found.append(Gathered(mark.looped, tuple(drafts[place : place + width])))
            else:
                found.append(drafts[place])
            place += width * self._passes or 1
        return {str(number): draft for number, draft in enumerate(found)}

    def _width(self, drafts: Sequence[Draft], marks: Sequence[Mark | None], start: int) -> int:
        """How many parts from `start` on the first pass has put there, if all others have put the same behind them."""
        first = marks[start]
        if first is None or first.number:
            return 0
        width = next((n for n, mark in enumerate(marks[start:]) if mark != first), len(marks) - start)
        for number in range(1, self._passes):
            begin = start + number * width
            wanted = [Mark(first.looped, number)] * width
            same = zip(drafts[start : start + width], drafts[begin : begin + width], strict=False)
            if list(marks[begin : begin + width]) != wanted or not all(agree(*pair) for pair in same):
                return 0
        return width

    def check_whole(self, returned: Draft | None) -> None:
        """Raise on loops that were not run to their end, and on what only some passes did.

        Raises:
            LoopError: the first of these.
        """
        if self._left is not None:
            message = "a loop over a task's output is left before its end (break, return, or a shorter list in zip)"
            hint = "Let the task that gives the list give only what is to be looped over."
            raise with_excerpt(LoopError(message, location=self._left, hint=hint))
        for looped in self._lists.values():
            first = self._calls[Mark(looped, 0)]
            shortest = min(len(self._calls[Mark(looped, number)]) for number in range(self._passes))
            if len(first) > shortest:
                call = first[shortest]
                message = f"task '{call.task.name}' is called in one pass of the loop over {looped} only"
                raise with_excerpt(LoopError(message, location=call.location, hint=_OWN_WAY))
        if returned is not None and marks_of(returned):
            raise self._refused("the body returns what only one pass of a loop gave", _COLLECT)

    def _refused(self, message: str, hint: str) -> LoopError:
        return self._recorder.located(LoopError(message, hint=hint))


def _only(marks: frozenset[Mark]) -> Mark | None:
    """The one mark there is; None for none, and for parts that mix passes."""
    return next(iter(marks)) if len(marks) == 1 else None


def _difference(first: Call, call: Call) -> str:
    """What a later pass calls otherwise than the first; empty if it is the same."""
    if first.task.function is not call.task.function or first.site != call.site:
        return f"where the first calls '{first.task.name}' ({first.location}), another calls '{call.task.name}'"
    for (name, draft, _), (_, other, _) in zip(first.arguments, call.arguments, strict=False):
        if not agree(draft, other):
            return f"argument '{name}' of task '{call.task.name}' is not the same in each"
    is_same = len(first.arguments) == len(call.arguments) and list(first.after) == list(call.after)
    if not is_same or (first.task.settings, first.task.key) != (call.task.settings, call.task.key):
        return f"task '{call.task.name}' is not called in the same way in each"
    return ""
