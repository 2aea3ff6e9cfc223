"""What the output of a task is taken to depend on, gathered from its plan, its source files and its inputs."""

from __future__ import annotations

import sys
from typing import Any

from lakewright.authoring.task import LOADED
from lakewright.errors.authoring import SettingError
from lakewright.execution.cache import UncacheableError
from lakewright.execution.cache_content import modules_in, modules_of
from lakewright.io.default import DefaultIo
from lakewright.io.spec import spec_of
from lakewright.loading.sources import SourceFiles, locked
from lakewright.model import binding as bindings
from lakewright.model import binding_json
from lakewright.model.binding import Constant, ParameterValue, Results
from lakewright.model.reference import Reference
from lakewright.model.storage import StorageValue
from lakewright.model.values import UnencodableError, described, encode, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from types import FunctionType

    from lakewright.execution.cache import Facts
    from lakewright.execution.plan import RunPlan
    from lakewright.io.base import IoManager
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


class TaskFacts:
    """Gathers the facts of the tasks of one run; every file is read once.

    Args:
        plan: the run.
        project: the folder whose source files count; code elsewhere is told by the lock file.
        loaded: when this process began to load code, in seconds since the epoch: a file that was written later may not
            be what it runs.
    """

    def __init__(self, plan: RunPlan, project: Path, *, loaded: float = LOADED) -> None:
        self._plan = plan
        self._project = project
        self._loaded = loaded
        self._files = SourceFiles(project)
        self._closures: dict[frozenset[str], Mapping[str, str]] = {}
        self._common: Facts = {"runtime": _runtime(), "lock": locked(project), "target": _target(plan)}

    def of(self, key: str, inputs: Mapping[str, tuple[CommitRecord, str]]) -> Facts:
        """The facts of a task.

        Args:
            key: of the task.
            inputs: the output of each task that it takes data from, and what identifies that.

        Raises:
            UncacheableError: something that it depends on cannot be told.
        """
        task = self._plan.dag.task(key)
        _refuse_unknown_inputs(task)
        manager = self._plan.manager(key)
        if not manager.durable:
            raise UncacheableError(f"{type(manager).__qualname__} keeps its output in this process only")
        function: Any = self._plan.trace.functions[key].function
        captured, used = _captured(function)
        managers = [manager, *(self._plan.manager(upstream) for upstream in inputs)]
        modules = {
            task.function.module,
            *(type(each).__module__ for each in managers),
            *used,
            *self._referred(task),
            *(module for record, _ in inputs.values() for module in modules_of(record.stored)),
        }
        return {
            **self._common,
            "source": self._sources(task.function.module, frozenset(modules)),
            "call": {"function": str(task.function), "io manager": _described_manager(manager, function)},
            "captured": captured,
            **_arguments(task),
            "parameter": {name: self._plan.parameter_texts[name] for name in _parameters(task)},
            "input": {upstream: content for upstream, (_, content) in inputs.items()},
        }

    def changed_since(self, facts: Facts) -> str:
        """A source file among the facts that was written while this process lived; empty when there is none."""
        files = (self._project / path for path in facts["source"])
        return next((str(file.relative_to(self._project)) for file in files if _modified(file) > self._loaded), "")

    def _sources(self, own: str, modules: frozenset[str]) -> Mapping[str, str]:
        if modules not in self._closures:
            newer = self._files.modified_after(modules, self._loaded)
            if newer:
                raise UncacheableError(f"{newer[0]} has changed since this process loaded it")
            self._closures[modules] = self._files.closure(modules)
        if self._files.file(own) is None:
            raise UncacheableError(f"the source of module '{own}' is not below {self._project}")
        return self._closures[modules]

    def _referred(self, task: Task) -> Iterator[str]:
        """Modules of classes whose values the task gets: members and fields are what their source says."""
        for argument in task.arguments:
            yield from modules_in(binding_json.to_json(argument.binding))
        types = {parameter.name: parameter.type for parameter in self._plan.dag.parameters}
        yield from (Reference.parse(types[name].enum).module for name in _parameters(task) if types[name].enum)


def _modified(file: Path) -> float:
    """When a file was written; for ever after when it is gone."""
    try:
        return file.stat().st_mtime
    except OSError:
        return float("inf")


def _refuse_unknown_inputs(task: Task) -> None:
    for argument in task.arguments:
        if isinstance(argument.binding, Results):
            raise UncacheableError(f"argument {argument.name} holds the results of all tasks upstream")
        if any(isinstance(leaf, StorageValue) for leaf in bindings.leaves(argument.binding)):
            raise UncacheableError(f"argument {argument.name} is a bucket, whose files others may change")


def _runtime() -> Mapping[str, str]:
    return {sys.implementation.name: ".".join(map(str, sys.version_info[:3]))}


def _target(plan: RunPlan) -> Mapping[str, str]:
    target = plan.target
    return {"name": target.name, "data": target.data, "catalog": target.catalog, "schema": target.schema}


def _arguments(task: Task) -> Facts:
    constants = {each.name: each.binding.encoded for each in task.arguments if isinstance(each.binding, Constant)}
    others = {
        each.name: to_text(binding_json.to_json(each.binding)) for each in task.arguments if each.name not in constants
    }
    if task.loop:
        others["each element"] = to_text(binding_json.to_json(task.loop.over))
    return {"constant": constants, "argument": others}


def _parameters(task: Task) -> Iterable[str]:
    leaves = (leaf for argument in task.arguments for leaf in bindings.leaves(argument.binding))
    return dict.fromkeys(leaf.name for leaf in leaves if isinstance(leaf, ParameterValue))


def _described_manager(manager: IoManager, function: Callable[..., object]) -> str:
    if type(manager) is DefaultIo:
        return "by type"
    try:
        spec = spec_of(manager, function)
    except SettingError as error:
        raise UncacheableError(f"what {type(manager).__qualname__} is made of cannot be told") from error
    return f"{spec.reference} {spec.arguments or ''}".strip()


def _captured(function: FunctionType) -> tuple[dict[str, str], set[str]]:
    """Variables of the functions around it that a function uses, as text, and the modules of the functions among them.

    Raises:
        UncacheableError: one is of a type that no text can tell.
    """
    values: dict[str, str] = {}
    modules: set[str] = set()
    pending, seen = [function], set()
    while pending:
        current = pending.pop()
        seen.add(id(current))
        for name, cell in zip(current.__code__.co_freevars, current.__closure__ or (), strict=True):
            value = cell.cell_contents
            if hasattr(value, "__code__") or isinstance(value, type):
                values[name] = str(Reference.of(value))
                modules.add(value.__module__)
                pending.extend([value] if hasattr(value, "__code__") and id(value) not in seen else [])
                continue
            try:
                values[name] = to_text(encode(value))
            except (UnencodableError, RecursionError) as error:
                raise UncacheableError(f"its variable '{name}' is {described(type(value))}") from error
    return values, modules
