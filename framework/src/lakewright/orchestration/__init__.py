"""Pipelines wired by hand, and running them on a schedule."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.orchestration.scheduling import schedule_pipeline as schedule_pipeline

_HOMES = {
    "schedule_pipeline": "lakewright.orchestration.scheduling",
}

__all__ = [*_HOMES]  # noqa: PLE0604  computed from the one table of names


def __getattr__(name: str) -> object:
    """A public name, imported from its home when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'lakewright.orchestration' has no attribute '{name}'"
        raise AttributeError(message)
    # `importlib` is not needed by programs that never ask for a name.
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
