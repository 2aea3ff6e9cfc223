"""A job as it is deployed: a DAG and the settings around it."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.errors.base import Location
    from lakewright.model.compute import Compute
    from lakewright.model.dag import Dag
    from lakewright.model.pinned import PinnedWheels
    from lakewright.model.reference import Reference
    from lakewright.model.trigger import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """What a job's author chose beside the body.

    Attributes:
        timeout: seconds after which a run is ended; None for no limit.
        compute: where its tasks run unless they say otherwise; None for serverless.
        libraries: globs or paths of the wheels that its tasks run with.
        pinned: the wheels that they run with instead, once a wheelhouse was built.
        dependencies: the archive that each run makes further packages of: its path, or `{name}` for the parameter that
            holds it; empty for none.
        databricks: any other field of the platform's job, as JSON.
    """

    description: str = ""
    schedule: Trigger | None = None
    tags: tuple[tuple[str, str], ...] = ()
    compute: Compute | None = None
    libraries: tuple[str, ...] = ("./dist/*.whl",)
    pinned: PinnedWheels | None = None
    dependencies: str = ""
    max_concurrent_runs: int = 1
    timeout: float | None = None
    databricks: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDefinition:
    """All that code generation needs to know of a job.

    Attributes:
        function: the body.
    """

    name: str
    dag: Dag
    settings: JobSettings = JobSettings()
    function: Reference | None = None
    location: Location | None = field(default=None, compare=False)
