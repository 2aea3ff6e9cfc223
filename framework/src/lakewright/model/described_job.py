"""A generated job definition as a reviewer reads it: fields as text, without what no person wrote."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Shape: TypeAlias = Literal["task", "repeated", "condition", "gate"]

_WORKER: Final = "lakewright"
_INVOCATION: Final = 1  # its place in the argv
# What names an element of a list.
_NAMES: Final = ("environment_key", "job_cluster_key", "task_key", "key", "name")
_WHEEL: Final = re.compile(r"\.whl$")
_PINNED: Final = "--no-index"
_RETRIES: Final = ("max_retries", "min_retry_interval_millis", "retry_on_timeout")
_USUAL_DELAY: Final = 1000
_TASK_VALUE: Final = re.compile(r"(?<=\{\{tasks\.)(`?)(?P<key>[^`.}]+)\1(?=\.values\.)")
# Keys of an invocation's bindings whose value is the key of a task.
_OF_TASKS: Final = frozenset({"output", "item", "each", "task_key"})
# What is said elsewhere, or follows from what is.
_NOT_READ: Final = frozenset({"task_key", "depends_on", "python_wheel_task", "for_each_task", "libraries", *_RETRIES})


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedTask:
    """A task of a definition.

    Attributes:
        fields: what it is, by name, as text.
        needs: the tasks before it, each with the outcome that it waits for, if any.
        takes: those among them whose output it takes.
        label: of a condition, what it compares.
    """

    key: str
    shape: Shape = "task"
    fields: Mapping[str, str]
    needs: Mapping[str, str]
    takes: frozenset[str] = frozenset()
    label: str = ""

    @property
    def function(self) -> str:
        """What it calls; empty for what calls nothing of the user's."""
        return self.fields.get("function", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedJob:
    """A job of a bundle, by its key there; tasks in the order of the definition."""

    key: str
    fields: Mapping[str, str]
    tasks: tuple[DescribedTask, ...]

    def task(self, key: str) -> DescribedTask | None:
        """A task by its key."""
        return next((task for task in self.tasks if task.key == key), None)


def described(key: str, definition: Mapping[str, Any], renamed: Mapping[str, str] | None = None) -> DescribedJob:
    """A job as somebody reads it.

    Args:
        key: of the job in its bundle.
        definition: the generated one.
        renamed: other keys for some tasks.
    """
    content = _with_keys({**definition, "tasks": [_read(task) for task in definition.get("tasks", ())]}, renamed or {})
    parameters = {f"parameter {each['name']}": _text(each["default"]) for each in content.get("parameters", ())}
    rest = {name: value for name, value in content.items() if name not in {"tasks", "parameters"}}
    fields = {**dict(_flat(rest)), **parameters}
    return DescribedJob(key=key, fields=_sorted(fields), tasks=tuple(_task(task) for task in content["tasks"]))


def _read(task: Mapping[str, Any]) -> dict[str, Any]:
    """A task whose invocation is JSON, not text."""
    loop = task.get("for_each_task")
    if loop:
        return {**task, "for_each_task": {**loop, "task": _read(loop["task"])}}
    wheel = task.get("python_wheel_task", {})
    if wheel.get("package_name") != _WORKER:
        return dict(task)
    try:
        invocation = json.loads(wheel["parameters"][_INVOCATION])
        read = {"invocation": {"function": "", **invocation}}
    except (ValueError, LookupError, TypeError):
        return dict(task)
    return {**task, "python_wheel_task": read}


def _with_keys(value: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401  JSON
    """JSON with other keys for some tasks, wherever they are named."""
    if not renamed:
        return value
    if isinstance(value, dict):
        return {name: _value_with_keys(name, inner, renamed) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_keys(inner, renamed) for inner in value]
    if isinstance(value, str):
        return _TASK_VALUE.sub(lambda match: f"{match[1]}{renamed.get(match['key'], match['key'])}{match[1]}", value)
    return value


def _value_with_keys(name: str, value: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401  JSON
    if name in _OF_TASKS and isinstance(value, str):
        return renamed.get(value, value)
    if name == "results" and isinstance(value, list):
        return [renamed.get(key, key) for key in value]
    return _with_keys(value, renamed)


def _task(task: Mapping[str, Any]) -> DescribedTask:
    loop = task.get("for_each_task")
    inner = loop["task"] if loop else task
    invocation = inner.get("python_wheel_task", {}).get("invocation")
    fields = {**dict(_flat(_rest(inner, has_invocation=invocation is not None))), **dict(_flat(_rest(task)))}
    fields |= {"retries": _retries(inner), **dict(_loop(loop)), **dict(_invocation(invocation or {}))}
    condition = task.get("condition_task", {})
    return DescribedTask(
        key=task["task_key"],
        shape="repeated" if loop else _shape(condition),
        fields=_sorted(fields),
        needs={each["task_key"]: each.get("outcome", "") for each in task.get("depends_on", ())},
        takes=frozenset(_outputs(invocation or {})),
        label=str(task.get("description") or _compared(condition)) if condition else "",
    )


def _rest(task: Mapping[str, Any], *, has_invocation: bool = True) -> dict[str, Any]:
    """The fields that stand for themselves."""
    left_out = _NOT_READ if has_invocation else _NOT_READ - {"python_wheel_task"}
    return {name: value for name, value in task.items() if name not in left_out}


def _shape(condition: Mapping[str, Any]) -> Shape:
    """A condition that compares two constants only holds back others: a gate."""
    if not condition:
        return "task"
    return "condition" if "{{" in f"{condition.get('left')}{condition.get('right')}" else "gate"


def _compared(condition: Mapping[str, Any]) -> str:
    return " ".join(str(condition.get(part, "")) for part in ("left", "op", "right"))


def _retries(task: Mapping[str, Any]) -> str:
    """How often it is tried again, and after what time where it is not the usual one.

    >>> _retries({}), _retries({"max_retries": 2, "min_retry_interval_millis": 30000})
    ('0', '2, 30 s apart')
    """
    retries, delay, _ = (task.get(name, 0) for name in _RETRIES)
    apart = f", {delay / 1000:g} s apart" if delay not in {0, _USUAL_DELAY} else ""
    return f"{retries}{apart}"


def _loop(loop: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if loop:
        yield "for each of", _text(loop.get("inputs", ""))
        yield "concurrency", _text(loop.get("concurrency", 1))


def _invocation(invocation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a person wrote of what our worker is told."""
    if invocation:
        yield "function", invocation["function"]
    for name, binding, *_ in invocation.get("arguments", ()):
        yield f"argument {name}", _binding(binding)
    for name, kind in invocation.get("parameters", ()):
        yield f"type of {name}", _text(kind.get("kind", kind))
    if "io" in invocation:
        yield "output", " ".join(_text(part) for part in invocation["io"])


def _binding(binding: Mapping[str, Any]) -> str:
    """What a parameter gets, in few words.

    >>> _binding({"constant": 2}), _binding({"output": "load"}), _binding({"parameter": "day"})
    ('2', 'output of load', 'parameter day')
    """
    kind = next(iter(binding), "")
    if kind == "constant":
        return json.dumps(binding[kind], ensure_ascii=False)
    if kind == "parameter":
        return f"parameter {binding[kind]}"
    if kind == "output" and len(binding) == 1:
        return f"output of {binding[kind]}"
    return json.dumps(binding, ensure_ascii=False)


def _outputs(value: object) -> Iterator[str]:
    """Keys of the tasks whose outputs an invocation takes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _OF_TASKS and isinstance(inner, str):
                yield inner
            elif name == "results" and isinstance(inner, list):
                yield from inner
            else:
                yield from _outputs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _outputs(inner)


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Paths and texts of all that a mapping holds; elements of lists go by their names."""
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if isinstance(inner, dict):
            yield from _flat(inner, f"{path}.")
        elif isinstance(inner, list) and inner and all(isinstance(each, dict) and _name(each) for each in inner):
            for each in inner:
                key = _name(each)
                yield from _flat({part: some for part, some in each.items() if part != key}, f"{path}[{each[key]}].")
        else:
            yield path, _text(_without_wheels(inner))


def _name(element: Mapping[str, Any]) -> str:
    return next((name for name in _NAMES if isinstance(element.get(name), str)), "")


def _without_wheels(value: object) -> object:
    """Wheels change with every build: what changes of them is told apart.

    `--no-index` comes with those of a wheelhouse, which one side has built and the other has not.
    """
    if not isinstance(value, list):
        return value
    rest = [each for each in value if not (isinstance(each, str) and _WHEEL.search(each))]
    return [each for each in rest if each != _PINNED] if len(rest) < len(value) else rest


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _sorted(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: fields[name] for name in sorted(fields)}
