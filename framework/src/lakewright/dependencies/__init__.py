"""The packages that a job runs with: from archives, requirements and projects to wheels for the target."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.dependencies.checks import check_packages as check_packages
    from lakewright.dependencies.installing import install as install
    from lakewright.dependencies.limits import Limits as Limits
    from lakewright.dependencies.platforms import WheelTarget as WheelTarget
    from lakewright.dependencies.processor import DependencyProcessor as DependencyProcessor
    from lakewright.dependencies.processor import process_dependencies as process_dependencies
    from lakewright.dependencies.processor_settings import ProcessorSettings as ProcessorSettings
    from lakewright.dependencies.requirement_policy import RequirementPolicy as RequirementPolicy
    from lakewright.dependencies.shipping import ship as ship

_HOMES = {
    "DependencyProcessor": "lakewright.dependencies.processor",
    "Limits": "lakewright.dependencies.limits",
    "ProcessorSettings": "lakewright.dependencies.processor_settings",
    "RequirementPolicy": "lakewright.dependencies.requirement_policy",
    "WheelTarget": "lakewright.dependencies.platforms",
    "check_packages": "lakewright.dependencies.checks",
    "install": "lakewright.dependencies.installing",
    "process_dependencies": "lakewright.dependencies.processor",
    "ship": "lakewright.dependencies.shipping",
}

__all__ = [*_HOMES]  # noqa: PLE0604  computed from the one table of names


def __getattr__(name: str) -> object:
    """A public name, imported from its home when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'lakewright.dependencies' has no attribute '{name}'"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
