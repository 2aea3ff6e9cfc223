"""What is noted while a body is read: which outputs are taken, and which calls are come by."""

from __future__ import annotations

import ast
from types import ModuleType

from lakewright.authoring.handle import Handle
from lakewright.authoring.passes import PassHandle
from lakewright.authoring.static.frames import node_location
from lakewright.authoring.task import TaskFunction
from lakewright.model.diagnostics import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.authoring.static.frames import Source


class Uses:
    """What all ways through a body have come by."""

    def __init__(self) -> None:
        self._bound: dict[ast.Name, str] = {}
        self._used: set[ast.Name] = set()
        self._called: set[ast.Call] = set()

    def bound(self, target: ast.Name, value: object) -> None:
        """A variable is given a value."""
        is_element = isinstance(value, PassHandle) and value.lw_is_element
        if isinstance(value, Handle) and not is_element:
            self._bound[target] = value.lw_origin.task.name

    def used(self, target: ast.Name) -> None:
        """The value that a variable was given there is taken."""
        self._used.add(target)

    def called(self, node: ast.Call) -> None:
        """A call is come by."""
        self._called.add(node)

    def findings(self, body: Source, names: Mapping[str, object]) -> Iterator[Finding]:
        """Outputs that nothing takes, and tasks that no way through a body leads to.

        Args:
            body: that was read, on all ways.
            names: of its module.
        """
        inside = [*ast.walk(body.node)]
        for node in inside:
            if isinstance(node, ast.Name) and node in self._bound and node not in self._used:
                if not node.id.startswith("_"):
                    yield _unused(node, self._bound[node], body.file)
            elif isinstance(node, ast.Call) and node not in self._called:
                task = _called(node.func, names)
                if task is not None:
                    yield _unreachable(node, task, body.file)


def shadowing(body: Source, names: Mapping[str, object]) -> Iterator[Finding]:
    """Variables of a body that have the name of a task of its module.

    Args:
        body: its source.
        names: of its module.
    """
    seen: set[str] = set()
    for node in ast.walk(body.node):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Store) or node.id in seen:
            continue
        if isinstance(names.get(node.id), TaskFunction):
            seen.add(node.id)
            message = f"the variable '{node.id}' hides the task '{node.id}' in the whole body"
            hint = "Give the variable another name; a call of the task would find the variable."
            yield Finding(
                code="shadowed-task",
                severity="warning",
                message=message,
                location=node_location(body.file, node),
                hint=hint,
            )


def _unused(node: ast.Name, task: str, file: str) -> Finding:
    message = f"'{node.id}', an output of task '{task}', is not used"
    hint = "Pass it on, or call the task without a variable; a name that begins with _ says that it is meant."
    return Finding(
        code="unused-output", severity="warning", message=message, location=node_location(file, node), hint=hint
    )


def _unreachable(node: ast.Call, task: str, file: str) -> Finding:
    message = f"no way through the body leads to this call of task '{task}'"
    hint = "It stands behind a return, or under a condition or in a loop that is decided already. Take it out."
    return Finding(
        code="unreachable-task", severity="warning", message=message, location=node_location(file, node), hint=hint
    )


def _called(function: ast.expr, names: Mapping[str, object]) -> str | None:
    """The name of the task that a call would be of; None for what is none, or cannot be told."""
    if isinstance(function, ast.Call):
        # As in `clean.named("x")(…)`.
        inner = function.func
        return _called(inner.value, names) if isinstance(inner, ast.Attribute) else None
    found: object = None
    if isinstance(function, ast.Name):
        found = names.get(function.id)
    elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        module = names.get(function.value.id)
        found = vars(module).get(function.attr) if isinstance(module, ModuleType) else None
    return found.name if isinstance(found, TaskFunction) else None
