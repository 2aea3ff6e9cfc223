"""From a job definition as JSON to what the emulator executes; everything that it cannot is told at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from lakewright.emulator import fields
from lakewright.emulator.bundle import BundleValues
from lakewright.emulator.definition import Condition, EmulatedJob, EmulatedTask, ForEach, Process, Retries, Started
from lakewright.emulator.problems import DefinitionError
from lakewright.emulator.reading import Findings, JsonObject
from lakewright.emulator.references import Names, kinds
from lakewright.errors.authoring import CycleError
from lakewright.model.comparison import OPERATORS
from lakewright.model.graph import topological_order
from lakewright.model.judging import Need
from lakewright.model.states import RUN_IF, Rule
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lakewright.emulator.definition import Work
    from lakewright.emulator.problems import Note

PACKAGE: Final = "lakewright"
ENTRY_POINT: Final = "lakewright-run"
OUTCOMES: Final = ("true", "false")
RULES: Final = {name: rule for rule, name in RUN_IF.items()}
_UNLIMITED: Final = -1
_MILLISECONDS: Final = 1000
_RETRY_FIELDS: Final = ("max_retries", "min_retry_interval_millis", "retry_on_timeout")
_KINDS: Final = ("python_wheel_task", "condition_task", "for_each_task", "run_job_task")
_RETRIED: Final = frozenset({"python_wheel_task", "run_job_task"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A job, and what of its definition is left out here."""

    job: EmulatedJob
    notes: tuple[Note, ...]


def parse(definition: Mapping[str, object], bundle: BundleValues | None = None) -> Parsed:
    """The job that a definition describes.

    Args:
        definition: a job of a bundle's `resources.jobs`.
        bundle: what `${…}` in it stands for.

    Raises:
        DefinitionError: it holds what cannot be executed here; the error names every such place.
    """
    findings = Findings()
    content = JsonObject(definition, "", bundle=bundle or BundleValues({}), findings=findings)
    job = _Parser(content).job()
    if findings.problems:
        raise DefinitionError(job.name, findings.problems)
    return Parsed(job, findings.notes)


class _Parser:
    """Knows the names that the job's parts may refer to."""

    def __init__(self, content: JsonObject) -> None:
        self.content = content
        self.findings = content.findings
        self.parameters = [(each, each.text("name"), each.text("default", "")) for each in content.parts("parameters")]
        self.tasks = [(each, each.text("task_key")) for each in content.parts("tasks")]
        self.names = Names(frozenset(name for _, name, _ in self.parameters), frozenset(key for _, key in self.tasks))

    def job(self) -> EmulatedJob:
        content = self.content
        for each, _, default in self.parameters:
            # A default knows the run, and neither tasks nor other parameters.
            self._check(each.at("default"), default, Names((), ()))
            each.close()
        tasks = [self._task(each, key) for each, key in self.tasks]
        if not tasks:
            content.refuse("tasks", "is empty: there is nothing to run")
        self._check_needs(tasks)
        job = EmulatedJob(
            name=content.text("name", "unnamed"),
            tasks=tuple(tasks),
            parameters=tuple((name, default) for _, name, default in self.parameters),
            timeout=content.whole("timeout_seconds", 0) or None,
        )
        content.close(fields.JOB)
        return job

    def _task(self, content: JsonObject, key: str) -> EmulatedTask:
        task = EmulatedTask(
            key=key,
            work=self._work(content, key),
            needs=tuple(self._need(each) for each in content.parts("depends_on")),
            rule=RULES[content.choice("run_if", RULES, RUN_IF[Rule.ALL_SUCCESS])],
            timeout=content.whole("timeout_seconds", 0) or None,
            retries=_retries(content),
        )
        content.close(fields.TASK)
        return task

    def _need(self, content: JsonObject) -> Need:
        outcome = content.choice("outcome", OUTCOMES, OUTCOMES[0]) if "outcome" in content else None
        need = Need(content.text("task_key"), outcome)
        content.close()
        return need

    def _work(self, content: JsonObject, key: str) -> Work:
        readers: Mapping[str, Callable[[JsonObject, str], Work]] = {
            "python_wheel_task": lambda each, _: self._process(each, self.names),
            "condition_task": self._condition,
            "for_each_task": self._for_each,
            "run_job_task": self._started,
        }
        chosen = [name for name in _KINDS if name in content]
        if len(chosen) == 1:
            if chosen[0] not in _RETRIED:
                self._refuse_retries(content, chosen[0])
            return readers[chosen[0]](content, key)
        if chosen:
            content.refuse(chosen[1], f"stands beside {chosen[0]}: a task does one thing")
        else:
            _refuse_idle(content)
        return Process(())

    def _refuse_retries(self, content: JsonObject, kind: str) -> None:
        for name in _RETRY_FIELDS:
            if name in content:
                where = "; they belong to the task that it repeats" if kind == "for_each_task" else ""
                content.refuse(name, f"is set: the platform takes no retries on a {kind}{where}")

    def _process(self, content: JsonObject, names: Names) -> Process:
        wheel = content.part("python_wheel_task")
        for name, wanted in (("package_name", PACKAGE), ("entry_point", ENTRY_POINT)):
            given = wheel.text(name)
            if given and given != wanted:
                wheel.refuse(name, f"is {given!r}: only the entry point '{ENTRY_POINT}' of '{PACKAGE}' is started here")
        parameters = wheel.texts("parameters")
        for index, text in enumerate(parameters):
            self._check(f"{wheel.at('parameters')}[{index}]", text, names)
        wheel.close()
        return Process(parameters)

    def _started(self, content: JsonObject, _key: str) -> Started:
        started = content.part("run_job_task")
        job, given = started.text("job_id"), started.part("job_parameters")
        parameters = tuple((name, given.text(name)) for name in given.fields)
        for name, text in parameters:
            self._check(given.at(name), text, self.names)
        given.close()
        started.close()
        return Started(job, parameters)

    def _condition(self, content: JsonObject, _key: str) -> Condition:
        condition = content.part("condition_task")
        texts = {name: condition.text(name) for name in ("left", "right")}
        for name, text in texts.items():
            self._check(condition.at(name), text, self.names)
        operator = condition.choice("op", OPERATORS, OPERATORS[0]) if "op" in condition else condition.text("op")
        condition.close()
        return Condition(texts["left"], operator, texts["right"])

    def _for_each(self, content: JsonObject, _key: str) -> ForEach:
        loop = content.part("for_each_task")
        inputs = loop.text("inputs")
        self._check(loop.at("inputs"), inputs, self.names)
        inner = loop.part("task")
        if "for_each_task" in inner:
            inner.refuse("for_each_task", "stands inside another one, which the platform refuses")
        _refuse_idle(inner)
        task = EmulatedTask(
            key=inner.text("task_key"),
            work=self._process(inner, self.names._replace(has_item=True)) if _KINDS[0] in inner else Process(()),
            timeout=inner.whole("timeout_seconds", 0) or None,
            retries=_retries(inner),
        )
        inner.close(fields.TASK)
        found = ForEach(inputs=inputs, inner=task, concurrency=loop.whole("concurrency", 1, least=1))
        loop.close()
        return found

    def _check(self, path: str, text: str, names: Names) -> None:
        for reference, kind in kinds(text, names):
            if kind == "refused":
                self.findings.refuse(path, f"refers to {reference}, which has no value on this machine")
            elif kind == "literal":
                self.findings.note(path, f"the platform does not know {reference} there; it stays as it is")

    def _check_needs(self, tasks: Sequence[EmulatedTask]) -> None:
        for (content, key), count in zip(self.tasks, _occurrences(key for _, key in self.tasks), strict=True):
            if count > 1:
                self.findings.refuse(content.at("task_key"), f"is '{key}' a second time")
        by_key = {task.key: task for task in tasks}
        for (content, _), task in zip(self.tasks, tasks, strict=True):
            for index, need in enumerate(task.needs):
                path = f"{content.at('depends_on')}[{index}]"
                if need.key not in by_key:
                    self.findings.refuse(
                        path, f"names the task '{need.key}', which is not there{did_you_mean(need.key, by_key)}"
                    )
                elif need.outcome and not isinstance(by_key[need.key].work, Condition):
                    self.findings.refuse(f"{path}.outcome", f"is set, and '{need.key}' is no condition_task")
        if not self.findings.problems:
            self._check_cycles(tasks)

    def _check_cycles(self, tasks: Sequence[EmulatedTask]) -> None:
        downstream: dict[str, list[str]] = {task.key: [] for task in tasks}
        for task in tasks:
            for need in dict.fromkeys(need.key for need in task.needs):
                downstream[need].append(task.key)
        try:
            topological_order([task.key for task in tasks], downstream)
        except CycleError as error:
            self.findings.refuse("tasks", f"wait for each other: {' -> '.join((*error.cycle, error.cycle[0]))}")


def _refuse_idle(content: JsonObject) -> None:
    # A kind of task that is not emulated is refused by its own name, as a field that nobody reads.
    if not any(name.endswith("_task") for name in content.fields):
        content.findings.refuse(content.path, f"does nothing: it has none of {', '.join(_KINDS)}")


def _retries(content: JsonObject) -> Retries:
    more = content.whole("max_retries", 0, least=_UNLIMITED)
    return Retries(
        more=None if more == _UNLIMITED else more,
        interval=content.whole("min_retry_interval_millis", 0) / _MILLISECONDS,
        on_timeout=content.flag("retry_on_timeout"),
    )


def _occurrences(keys: Iterable[str]) -> Iterable[int]:
    """How often each key has occurred so far, itself included."""
    seen: Counter[str] = Counter()
    for key in keys:
        seen[key] += 1
        yield seen[key]
