"""Pipelines that are wired by hand, and running them, or jobs, on a schedule.

>>> from lakewright.orchestration import Pipeline, step
>>> @step
... def extract() -> list[int]:
...     return [1, 2, 3]
>>> @step
... def total(context=None) -> int:
...     return sum(context["extract"])
>>> first, second = extract(), total()
>>> first >> second
<task 'total': PENDING>
>>> Pipeline("etl").add_task(first).add_task(second).run()["total"]
6
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.orchestration.pipeline import Pipeline as Pipeline
    from lakewright.orchestration.scheduling import schedule_pipeline as schedule_pipeline
    from lakewright.orchestration.steps import step as step
    from lakewright.orchestration.steps import step as task
    from lakewright.orchestration.tasks import Task as Task

_HOMES = {
    "Pipeline": "lakewright.orchestration.pipeline:Pipeline",
    "Task": "lakewright.orchestration.tasks:Task",
    "schedule_pipeline": "lakewright.orchestration.scheduling:schedule_pipeline",
    "step": "lakewright.orchestration.steps:step",
    # The same under the name that it has where nothing but pipelines by hand is at hand.
    "task": "lakewright.orchestration.steps:step",
}

__all__ = [*_HOMES, "task"]  # noqa: PLE0604  computed from the one table of names


def __getattr__(name: str) -> object:
    """A public name, imported from its home when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'lakewright.orchestration' has no attribute '{name}'"
        raise AttributeError(message)
    # `importlib` is not needed by programs that never ask for a name.
    from importlib import import_module

    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
