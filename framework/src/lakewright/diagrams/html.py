"""A DAG as a page that stands alone: the picture, and what each task is when it is chosen."""

from __future__ import annotations

from lakewright.diagrams.arguments import sources
from lakewright.diagrams.page import ASSETS, page
from lakewright.diagrams.tree import heading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.dag import Dag
    from lakewright.model.job import JobDefinition
    from lakewright.model.task import Task


def html(job: JobDefinition) -> str:
    """One HTML file that opens from disk; it asks no network and runs no script but its own."""
    signature, said = heading(job)
    content = {
        "name": job.name,
        "signature": signature,
        "facts": said,
        "description": job.settings.description,
        "tasks": [_task(job.dag, task) for task in job.dag.tasks],
    }
    return page(
        title=job.name,
        body=ASSETS / "show.html",
        styles=[ASSETS / "show.css"],
        scripts=[ASSETS / "show.js"],
        content=content,
    )


def _task(dag: Dag, task: Task) -> dict[str, object]:
    inputs = [(argument.name, *source) for argument in task.arguments for source in sources(argument, {})]
    settings = task.settings
    said = {
        "run if": "" if settings.run_if == "all_success" else settings.run_if,
        "retries": settings.retry.retries or "",
        "timeout": f"{settings.timeout:g} s" if settings.timeout is not None else "",
        "tags": ", ".join(settings.tags),
        "runs on": str(settings.resource or ""),
    }
    return {
        "key": task.key,
        "description": task.description,
        "function": str(task.function),
        "location": str(task.location or ""),
        "upstream": dag.upstream(task.key),
        "downstream": dag.downstream(task.key),
        "inputs": inputs,
        "settings": [[name, str(value)] for name, value in said.items() if value],
    }
