"""Random bodies with branches and loops, as source."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

CONDITIONS: Final = ('mode == "a"', 'mode != "b"', "number > 1", "not flag", "flag", 'mode in ("a", "c")')
# Python 3.10 compiles no body that branches.
MOST_CONDITIONS: Final = 3 if sys.version_info >= (3, 11) else 0
HEAD: Final = """\
from lakewright import job
from tests.contract.composed_tasks import even, numbers, total


@job(name="random")
def body(mode: str, number: int, flag: bool) -> object:
"""


@dataclass
class Body:
    """A body on its way.

    Attributes:
        ints: variables that hold a number on all ways that lead here.
        lists: variables that hold a list of numbers.
    """

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)
    ints: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    names: int = 0
    conditions: int = 0

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def pick(self, choices: Sequence[str]) -> str:
        return self.draw(st.sampled_from(choices))

    def write(self, indent: str, text: str) -> None:
        self.lines.append(indent + text)

    def statement(self, indent: str, depth: int) -> None:
        kinds = ["total", "numbers", "loop", "comprehension", "overwrite"]
        if depth < 2 and self.conditions < MOST_CONDITIONS:
            kinds += ["if", "if", "return_if"]
        getattr(self, self.pick(kinds))(indent, depth)

    def total(self, indent: str, _depth: int) -> None:
        taken = ", ".join(self.draw(st.lists(st.sampled_from([*self.ints, *self.lists, "number"]), max_size=3)))
        made = self.name()
        self.write(indent, f"{made} = total({self.draw(st.integers(0, 3))}, [{taken}])")
        self.ints.append(made)

    def numbers(self, indent: str, _depth: int) -> None:
        made = self.name()
        self.write(indent, f"{made} = numbers({self.draw(st.integers(0, 3))})")
        self.lists.append(made)

    def overwrite(self, indent: str, _depth: int) -> None:
        if self.ints:
            self.write(indent, f"{self.pick(self.ints)} = total(5, [{self.pick(self.ints)}])")

    def loop(self, indent: str, depth: int) -> None:
        if not self.lists:
            self.numbers(indent, depth)
        made, item = self.name(), self.name()
        self.write(indent, f"{made} = []")
        self.write(indent, f"for {item} in {self.pick(self.lists)}:")
        self.write(indent, f"    step = total(1, [{', '.join([item, *self.ints[:1]])}])")
        if self.conditions < MOST_CONDITIONS and self.draw(st.booleans()):
            self.conditions += 1
            self.write(indent, f"    if {self.pick(CONDITIONS[:4])}:")
            self.write(indent, f"        step = total(2, [step, {item}])")
        self.write(indent, f"    {made}.append(step)")
        self.lists.append(made)

    def comprehension(self, indent: str, depth: int) -> None:
        if not self.lists:
            self.numbers(indent, depth)
        made = self.name()
        self.write(indent, f"{made} = [total(4, [each]) for each in {self.pick(self.lists)}]")
        self.lists.append(made)

    def condition(self) -> str:
        self.conditions += 1
        outputs = [f"even({self.pick(self.ints)})", f"{self.pick(self.ints)} >= 2"] if self.ints else []
        return self.pick([*CONDITIONS, *outputs, *outputs])

    def block(self, indent: str, depth: int) -> None:
        known = len(self.ints), len(self.lists)
        self.write(indent, "    pass")
        for _ in range(self.draw(st.integers(1, 2))):
            self.statement(f"{indent}    ", depth + 1)
        # What only one way makes is not there behind it.
        del self.ints[known[0] :], self.lists[known[1] :]

    def if_(self, indent: str, depth: int) -> None:
        self.write(indent, f"if {self.condition()}:")
        self.block(indent, depth)
        if self.draw(st.booleans()):
            self.write(indent, "else:")
            self.block(indent, depth)

    def return_if(self, indent: str, _depth: int) -> None:
        if self.ints:
            self.write(indent, f"if {self.condition()}:")
            self.write(indent, f"    return total(7, [{self.pick(self.ints)}])")


setattr(Body, "if", Body.if_)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The source of a module with a job `body`."""
    body = Body(draw)
    for _ in range(draw(st.integers(2, 5))):
        body.statement("    ", 0)
    body.write("    ", f"return total(9, [{', '.join([*body.ints, *body.lists])}])")
    return HEAD + "\n".join(body.lines) + "\n"
