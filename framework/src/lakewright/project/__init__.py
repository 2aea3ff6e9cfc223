"""A repository of pipelines: its settings, its targets, its jobs.

`load_resources` is what a pipeline's `resources/__init__.py` hands to Databricks' bundles.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.project.resources import load_resources as load_resources

__all__ = ["load_resources"]


def __getattr__(name: str) -> object:
    """`load_resources`, imported when asked for: other parts of this floor need no Databricks packages."""
    if name != "load_resources":
        message = f"module 'lakewright.project' has no attribute '{name}'"
        raise AttributeError(message)
    from lakewright.project.resources import load_resources

    return load_resources
