"""A task that is repeated for each element of a list: how often, and how the platform is told which elements.

The platform hands an iteration one input. It is the index of its element; of a list with more than `MOST_SINGLE`
elements a range of indices, so that all inputs together stay below what a task value may hold.
"""

from __future__ import annotations

from typing import Final, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.model.binding import Output

# Source: 10,043 compact indices fill a task value of 48 KiB; ranges take about three times the room of an index.
MOST_SINGLE: Final = 5_000
_MOST_RANGES: Final = 2_500
# The platform's own default is 1; who loops over a list mostly wants its elements side by side.
DEFAULT_CONCURRENCY: Final = 10


# A named tuple: every worker imports this module.
class Loop(NamedTuple):
    """What a task is repeated for.

    Attributes:
        over: the list.
        concurrency: how many iterations run side by side at most.
    """

    over: Output
    concurrency: int = DEFAULT_CONCURRENCY


def spans(count: int) -> tuple[range, ...]:
    """The indices of a list, in order, as its iterations share them.

    >>> spans(3)
    (range(0, 1), range(1, 2), range(2, 3))
    >>> len(spans(20_000)), spans(20_000)[1]
    (2500, range(8, 16))
    """
    width = 1 if count <= MOST_SINGLE else -(-count // _MOST_RANGES)
    return tuple(range(start, min(start + width, count)) for start in range(0, count, width))


def inputs(shared: Sequence[range]) -> list[int | str]:
    """The inputs of the iterations.

    >>> inputs(spans(3)), inputs(spans(20_000))[1]
    ([0, 1, 2], '8-15')
    """
    return [span.start if len(span) == 1 else f"{span.start}-{span.stop - 1}" for span in shared]


def indices(text: str) -> range:
    """The indices that an input stands for, as the platform hands it over.

    Raises:
        ValueError: it is no input.

    >>> indices("3"), indices("8-15")
    (range(3, 4), range(8, 16))
    """
    first, _, last = text.partition("-")
    if not (text.isascii() and first.isdigit() and (last.isdigit() or "-" not in text)):
        message = f"{text!r} is no index and no range of indices"
        raise ValueError(message)
    return range(int(first), int(last or first) + 1)


def name_of(task: str, index: int) -> str:
    """What the output of one element is called: no task is called so, because no key has a dot.

    >>> name_of("process", 3)
    'process.3'
    """
    return f"{task}.{index}"


def task_of(name: str) -> str:
    """The task whose output is called so.

    >>> task_of("process.3"), task_of("clean")
    ('process', 'clean')
    """
    return name.partition(".")[0]


def is_iteration(name: str) -> bool:
    """Whether it is an iteration, or the output of an element, that is called so.

    >>> is_iteration("process.3"), is_iteration("clean")
    (True, False)
    """
    return "." in name


def inner_key(task: str) -> str:
    """The key of the task that the platform repeats."""
    return f"{task}_each"
