"""The one argv format that codegen writes and the worker reads.

`["v1", "<JSON>", "<count>", "<value 1>", …]`. The JSON says all that a task needs to know; what only the platform
knows (the run's id, parameters, places of the target) comes as one element for each name in the JSON's `references`,
in that order. Elements behind `count` values are ignored: the platform may append parameters of its own, and no
parameter name can take the place of something else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from lakewright.errors.running import InvocationError, UnresolvedReferenceError
from lakewright.model import binding as bindings
from lakewright.model import binding_json
from lakewright.model.binding import Argument, ParameterValue, Results
from lakewright.model.graph import walk
from lakewright.model.parameter import ParameterType
from lakewright.model.published import Published
from lakewright.model.reference import Reference
from lakewright.model.task import IoSpec
from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.model.binding import Leaf
    from lakewright.model.dag import Dag
    from lakewright.model.task import Task

VERSION: Final = "v1"
RUN_REFERENCES: Final = ("run_id", "attempt", "target", "root", "data", "catalog", "schema")
ITEM: Final = "item"

_PARAMETER: Final = "parameter."
_HEAD: Final = 3  # version, JSON, count
_DOUBLE_BRACE: Final = re.compile(r"\{(?=\{)")
_REFERENCE: Final = re.compile(r"\{\{.*?\}\}|\$\{.*?\}", re.DOTALL)
# A job parameter is the user's own text: `{{name}}` in a template is no reference, `{{job.parameters.name}}` is.
_REFERENCE_IN_PARAMETER: Final = re.compile(
    r"\{\{\s*(job|tasks?|input|workspace|backfill)\b.*?\}\}|\$\{\s*(var|bundle|workspace|resources)\b.*?\}", re.DOTALL
)
_DAMAGED: Final = "Deploy the job again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One task, ready to be started in a process of its own.

    Attributes:
        producers: for each upstream whose output has a manager of its own, how to find that manager.
        parameters: types of the job parameters that the arguments use.
        published: the task values that it is to set.
        is_repeated: whether it runs for each element of a list, as the value of `ITEM` says.
        packages_from: the key of the task that has made the packages which this one imports; empty for none.
        digest: of the job's definition, for logs.
    """

    job: str
    task: str
    function: Reference
    arguments: tuple[Argument, ...] = ()
    io: IoSpec | None = None
    producers: tuple[tuple[str, IoSpec], ...] = ()
    parameters: tuple[tuple[str, ParameterType], ...] = ()
    published: tuple[Published, ...] = ()
    is_repeated: bool = False
    packages_from: str = ""
    digest: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """Names of the values that the platform fills in, in the order of the argv."""
        item = (ITEM,) if self.is_repeated else ()
        return (*RUN_REFERENCES, *item, *(parameter_reference(name) for name, _ in self.parameters))

    def to_json(self) -> str:
        """The second element of the argv, safe from substitution by the platform and the bundle."""
        always = {"job": self.job, "task": self.task, "function": str(self.function)}
        content = {
            "arguments": [[arg.name, binding_json.to_json(arg.binding), *_arrival(arg)] for arg in self.arguments],
            "io": _io_json(self.io) if self.io else None,
            "producers": {key: _io_json(io) for key, io in self.producers},
            "parameters": [[name, kind.to_json()] for name, kind in self.parameters],
            "published": [[each.name, each.what, list(each.path)] for each in self.published],
            "is_repeated": self.is_repeated,
            "packages_from": self.packages_from,
            "references": list(self.references),
            "digest": self.digest,
        }
        return _escaped(to_text(always | {key: value for key, value in content.items() if value}))

    def to_argv(self, values: Mapping[str, str]) -> list[str]:
        """The argv, with the text or the platform's reference for each name of `references`."""
        return [VERSION, self.to_json(), str(len(self.references)), *(values[name] for name in self.references)]


@dataclass(frozen=True, slots=True)
class Received:
    """An invocation as a process got it, with the values of its references."""

    invocation: Invocation
    values: Mapping[str, str]

    def parameter(self, name: str) -> str:
        """The text of a job parameter."""
        return self.values[parameter_reference(name)]


def parameter_reference(name: str) -> str:
    """The name of a job parameter among an invocation's references."""
    return f"{_PARAMETER}{name}"


def invocation_of(dag: Dag, task: Task) -> Invocation:
    """The invocation of one task of a DAG."""
    arguments = tuple(_listed(argument, dag, task.key) for argument in task.arguments)
    used = [leaf for argument in arguments for leaf in bindings.leaves(argument.binding)]
    named = {leaf.name for leaf in used if isinstance(leaf, ParameterValue)}
    upstream = dict.fromkeys(key for leaf in used for key in _taken(leaf))
    upstream.update(dict.fromkeys(bindings.lists_of(arguments)))
    producers = [(key, dag.task(key).io) for key in upstream]
    return Invocation(
        job=dag.name,
        task=task.key,
        function=task.function,
        arguments=arguments,
        io=task.io,
        producers=tuple((key, io) for key, io in producers if io),
        parameters=tuple((parameter.name, parameter.type) for parameter in dag.parameters if parameter.name in named),
        published=dag.published.get(task.key, ()),
        is_repeated=task.loop is not None,
        packages_from=task.packages_from,
        digest=dag.digest,
    )


def _listed(argument: Argument, dag: Dag, key: str) -> Argument:
    """An argument that needs no DAG: with the tasks whose results it holds."""
    binding = argument.binding
    if not isinstance(binding, Results):
        return argument
    return argument._replace(binding=Results(tuple(walk(key, dag.upstream)), binding.given))


def _taken(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, Results):
        return leaf.tasks or ()
    key = bindings.upstream_of(leaf)
    return () if key is None else (key,)


def from_argv(argv: Sequence[str]) -> Received:
    """What `to_argv` wrote, after the platform filled the references in.

    Raises:
        InvocationError: the argv is of another version, too short, or its JSON is damaged.
        UnresolvedReferenceError: a value still holds `{{…}}` or `${…}`.
    """
    if len(argv) < _HEAD or argv[0] != VERSION:
        raise InvocationError(
            f"the task's arguments are not an invocation {VERSION}: {list(argv)[:1]}",
            hint="`lakewright-run` is started by generated job definitions;\n"
            "to run a job by hand use `lakewright run`.",
        )
    try:
        content = json.loads(argv[1])
        invocation = _from_content(content)
        references = [str(name) for name in content["references"]]
        count = int(argv[_HEAD - 1])
    # JSON of any shape: what it lacks shows in as many ways.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvocationError(f"the task's invocation is damaged: {error!r}", hint=_DAMAGED) from error
    values = argv[_HEAD : _HEAD + count]
    if not len(values) == count == len(references):
        raise InvocationError(f"the task got {len(values)} of {len(references)} values", hint=_DAMAGED)
    named = dict(zip(references, values, strict=True))
    if absent := [name for name in invocation.references if name not in named]:
        raise InvocationError(f"the task got no value for {', '.join(absent)}", hint=_DAMAGED)
    _refuse_unresolved(named)
    return Received(invocation, named)


def _refuse_unresolved(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        pattern = _REFERENCE_IN_PARAMETER if name.startswith(_PARAMETER) else _REFERENCE
        if pattern.search(value):
            raise UnresolvedReferenceError(name.removeprefix(_PARAMETER), value)


def _from_content(content: Mapping[str, Any]) -> Invocation:
    return Invocation(
        job=content["job"],
        task=content["task"],
        function=Reference.parse(content["function"]),
        arguments=tuple(
            Argument(name, binding_json.from_json(binding), *arrival)
            for name, binding, *arrival in content.get("arguments", ())
        ),
        io=IoSpec(*content["io"]) if "io" in content else None,
        producers=tuple((key, IoSpec(*io)) for key, io in content.get("producers", {}).items()),
        parameters=tuple((name, ParameterType.from_json(kind)) for name, kind in content.get("parameters", ())),
        published=tuple(Published(name, what, tuple(path)) for name, what, path in content.get("published", ())),
        is_repeated=content.get("is_repeated", False),
        packages_from=content.get("packages_from", ""),
        digest=content.get("digest", ""),
    )


def _arrival(argument: Argument) -> list[str]:
    return [] if argument.kind == "keyword" else [argument.kind]


def _io_json(io: IoSpec) -> list[str]:
    return [io.reference] if io.arguments is None else [io.reference, io.arguments]


def _escaped(text: str) -> str:
    """JSON text in which nothing can be taken for `${…}` or `{{…}}`.

    Both openings can only stand inside JSON strings, where a character may be written as its escape.
    """
    return _DOUBLE_BRACE.sub("\\\\u007b", text.replace("$", "\\u0024"))
