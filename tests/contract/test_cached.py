"""Random DAGs, edited at random between runs: what is taken from earlier runs is what would have been made."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright import Job
from lakewright.model.target import TargetValues

PACKAGE: Final = "cached_world"
KINDS: Final = 3
# Each example is some twelve runs with their files.
EXAMPLES: Final = min(500, settings().max_examples // 2)


@dataclass(frozen=True)
class Node:
    """A task: the earlier ones that it takes, which function it is of, and whether it is cached."""

    parents: tuple[int, ...]
    kind: int
    cached: bool
    salt: int
    takes_parameter: bool


@dataclass(frozen=True)
class World:
    """All that decides what a run gives; `inner` and `outer` are numbers in the source of each function's modules."""

    nodes: tuple[Node, ...]
    parameter: int = 0
    outer: tuple[int, ...] = field(default=(1,) * KINDS)
    inner: tuple[int, ...] = field(default=(1,) * KINDS)

    def files(self) -> Mapping[str, str]:
        """The source files of a job that is this world."""
        calls = [f"    t{number} = {_call(number, node)}" for number, node in enumerate(self.nodes)]
        imports = [f"from {PACKAGE}.tasks{kind} import step as step{kind}" for kind in range(KINDS)]
        body = ["from lakewright import job", *imports, "@job", "def random(p: int = 0) -> None:", *calls]
        return {
            "__init__": "",
            "jobs": "\n".join(body) + "\n",
            **{f"tasks{kind}": _TASK.format(kind=kind, outer=self.outer[kind]) for kind in range(KINDS)},
            **{f"inner{kind}": f"INNER = {self.inner[kind]}\n" for kind in range(KINDS)},
        }


# Few values, so that other inputs often give the same output.
_TASK: Final = """
from lakewright import context, task
from cached_world.inner{kind} import INNER

@task
def step(*values: list[int], salt: int, p: int = 0) -> list[int]:
    here = context()
    with (here.root / "journal").open("a") as journal:
        journal.write(here.key + "\\n")
    return [(sum(value[0] for value in values) * {outer} + INNER + salt + p) % 3]
"""


def _call(number: int, node: Node) -> str:
    inputs = "".join(f"t{parent}, " for parent in node.parents)
    parameter = ", p=p" if node.takes_parameter else ""
    return f'step{node.kind}.named("t{number}").options(cache={node.cached})({inputs}salt={node.salt}{parameter})'


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, ...]:
    """A world and what it becomes, edit by edit; it may become again what it was."""
    size = draw(st.integers(1, 6))
    nodes = tuple(draw(_nodes(number)) for number in range(size))
    found = [World(nodes)]
    for _ in range(draw(st.integers(1, 4))):
        found.append(draw(st.one_of(_edited(found[-1]), st.sampled_from(found))))
    return tuple(found)


@st.composite
def _nodes(draw: st.DrawFn, number: int) -> Node:
    parents = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
    return Node(
        tuple(sorted(parents)),
        kind=draw(st.integers(0, KINDS - 1)),
        cached=draw(st.sampled_from([True, True, False])),
        salt=draw(st.integers(0, 2)),
        takes_parameter=draw(st.booleans()),
    )


@st.composite
def _edited(draw: st.DrawFn, world: World) -> World:
    """The world with another parameter, other source of one function, or one thing about one task another."""
    what = draw(st.sampled_from(["parameter", "outer", "inner", *(each.name for each in fields(Node))]))
    if what == "parameter":
        return replace(world, parameter=draw(st.integers(0, 2)))
    if what in {"outer", "inner"}:
        values = list(getattr(world, what))
        values[draw(st.integers(0, KINDS - 1))] = draw(st.integers(0, 3))
        return replace(world, outer=tuple(values)) if what == "outer" else replace(world, inner=tuple(values))
    number = draw(st.integers(0, len(world.nodes) - 1))
    nodes = list(world.nodes)
    nodes[number] = replace(nodes[number], **{what: getattr(draw(_nodes(number)), what)})
    return replace(world, nodes=tuple(nodes))


@contextmanager
def loaded(world: World, folder: Path) -> Iterator[Job[..., Any]]:
    """The job of a world, its files written long before this process loaded them."""
    package = folder / PACKAGE
    package.mkdir(exist_ok=True)
    names = world.files()
    try:
        for name, text in names.items():
            file = package / f"{name}.py"
            file.write_text(text, encoding="utf-8")
            os.utime(file, (1000.0, 1000.0))
            module = ModuleType(PACKAGE if name == "__init__" else f"{PACKAGE}.{name}")
            module.__file__ = str(file)
            if name == "__init__":
                module.__path__ = [str(package)]
            sys.modules[module.__name__] = module
        # Those that import others come last.
        for name in sorted(names, key=lambda name: ("__init__", "inner", "tasks", "jobs").index(name.rstrip("012"))):
            module = sys.modules[PACKAGE if name == "__init__" else f"{PACKAGE}.{name}"]
            exec(compile(names[name], str(module.__file__), "exec"), module.__dict__)  # noqa: S102  the source is ours
        yield sys.modules[f"{PACKAGE}.jobs"].random
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def run(job: Job[..., Any], root: Path, world: World, *, cache: bool = True) -> tuple[dict[str, Any], list[str]]:
    """The outputs of all tasks, and which bodies ran."""
    root.mkdir(exist_ok=True)
    journal = root / "journal"
    journal.unlink(missing_ok=True)
    target = TargetValues(root=str(root))
    executor: Literal["serial", "threads"] = "threads" if world.parameter else "serial"
    result = job.execute(params={"p": world.parameter}, executor=executor, target=target, cache=cache, max_workers=2)
    assert result.status == "success"
    ran = journal.read_text(encoding="utf-8").split() if journal.exists() else []
    return dict(result), sorted(ran)


def uncached(world: World) -> list[str]:
    return sorted(f"t{number}" for number, node in enumerate(world.nodes) if not node.cached)


@settings(max_examples=EXAMPLES)
@given(worlds())
def test_what_is_taken_is_what_would_have_been_made(history: Sequence[World]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "targets.yml").touch()
        for number, world in enumerate(history):
            with loaded(world, folder) as job:
                expected, everything = run(job, folder / f"apart{number}", world, cache=False)
                assert everything == sorted(job.dag.nodes)
                assert run(job, folder / "root", world)[0] == expected
                # Nothing has changed since: no body runs but those of tasks that always do.
                assert run(job, folder / "root", world) == (expected, uncached(world))
        with loaded(history[0], folder) as job:
            # And nothing is forgotten because of what came in between.
            assert run(job, folder / "root", history[0])[1] == uncached(history[0])
