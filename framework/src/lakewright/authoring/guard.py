"""What a body must not do with values that it does not have: what Python never asks a handle about.

Some questions Python answers at once, without asking the handle; `authoring.questions` lists them. So code that can ask
one is watched while a body runs: where the question is about a handle, it is refused, and about anything else it is
answered. Code that asks none, which is most, runs as it is.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from types import CodeType
from typing import Final

from lakewright.authoring.callsite import with_excerpt
from lakewright.authoring.current import current_recorder
from lakewright.authoring.questions import Question, is_future, may_answer, may_ask, questions_in, refusal
from lakewright.authoring.reach import functions_of
from lakewright.loading.definitions import definition_of
from lakewright.loading.source import span_location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType, FunctionType

    from lakewright.errors.authoring import BranchError

    # Lines and columns of a beginning and an end.
    Span = tuple[tuple[int, int], tuple[int, int]]

_BYTES_PER_INSTRUCTION: Final = 2
_END_OF_LINE: Final = sys.maxsize


class Guard:
    """Refuses what tracing cannot see, in a body and in the user's functions that it may come to.

    Args:
        function: the body.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self._codes: list[CodeType] = []
        # By id, because the hash of a code object is computed from all its instructions.
        self._questions: dict[int, Mapping[int, Sequence[Question]]] = {}
        for each in functions_of(function):
            if may_ask(each.__code__):
                self._read(each)

    def watching(self) -> AbstractContextManager[None]:
        """For the time of a run of the body: raises `BranchError` where something is asked that is to be refused."""
        if not self._codes:
            return nullcontext()
        # Most bodies ask nothing of the kind.
        from lakewright.authoring.watching import watched

        return watched(self._codes, self._executed)

    def _read(self, function: FunctionType) -> None:
        try:
            definition = definition_of(function.__code__, function.__globals__)
        except SyntaxError:
            definition = None
        questions = list(questions_in(definition)) if definition is not None else []
        for code, found in _placed(function.__code__, questions).items() if questions else ():
            if any(found.values()) and id(code) not in self._questions:
                self._codes.append(code)
                self._questions[id(code)] = found

    def _executed(self, frame: FrameType, offset: int) -> None:
        for question in self._questions[id(frame.f_code)].get(offset, ()):
            if any(is_future(node, frame) for node in question.about):
                raise _refused(question, frame)


def _refused(question: Question, frame: FrameType) -> BranchError:
    node = question.node
    span = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
    location = span_location(frame.f_code.co_filename, span)
    error = refusal(question.what, question.instead)
    error.location = location
    recorder = current_recorder.get()
    if recorder is not None:
        recorder.refusal = recorder.refusal or error
    return with_excerpt(error)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Some code and all code within."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _placed(code: CodeType, questions: Sequence[Question]) -> Mapping[CodeType, Mapping[int, Sequence[Question]]]:
    """The questions that are open at an instruction of some code and of code within, by its offset."""
    spans = [(_span_of(question), question) for question in questions]
    found = {
        each: {
            offset: [question for (begin, end), question in spans if begin <= first and last <= end]
            for offset, (first, last) in _instructions(each)
        }
        for each in _codes(code)
    }
    seen = {id(question) for asked in found.values() for several in asked.values() for question in several}
    # Python may count the one instruction of a question to what stands beside it.
    lost = [question for question in questions if id(question) not in seen]
    return {
        each: {offset: several or lost for offset, several in asked.items() if several or may_answer(each, offset)}
        for each, asked in found.items()
    }


def _span_of(question: Question) -> Span:
    node = question.node
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)


def _instructions(code: CodeType) -> Iterator[tuple[int, Span]]:
    """The offset of each instruction and the span of the source that it comes from; of a whole line on Python 3.10."""
    if not hasattr(code, "co_positions"):
        for start, end, line in code.co_lines():
            for offset in range(start, end, _BYTES_PER_INSTRUCTION) if line else ():
                # Within whatever begins or ends on that line.
                yield offset, ((line or 0, _END_OF_LINE), (line or 0, 0))
        return
    for number, (first, last, left, right) in enumerate(code.co_positions()):
        if first is not None and last is not None and left is not None and right is not None:
            yield number * _BYTES_PER_INSTRUCTION, ((first, left), (last, right))
