"""Where a task is meant to run, as the DAG knows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.compute import Compute

Kind: TypeAlias = Literal["local", "serverless", "vm", "cluster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A place to run that a provider has made.

    Attributes:
        cloud: of the provider: `aws`, `azure`, `gcp`, `databricks`, `local`.
        config: the class of its configuration, such as `LambdaConfig`; empty for `local`.
        settings: the configuration's fields, as JSON.
        compute: what it is on Databricks; None for what Databricks does not run.

    >>> str(Resource(kind="serverless", cloud="aws", config="LambdaConfig"))
    'serverless (LambdaConfig) of aws'
    """

    kind: Kind
    cloud: str
    config: str = ""
    settings: str = "{}"
    compute: Compute | None = None

    def __str__(self) -> str:
        return f"{self.kind}{f' ({self.config})' if self.config else ''} of {self.cloud}"

    def to_json(self) -> dict[str, object]:
        """The resource for a digest and for people."""
        settings = json.loads(self.settings)
        return {"kind": self.kind, "cloud": self.cloud, "config": self.config, "settings": settings}

    @property
    def is_foreign(self) -> bool:
        """Whether Databricks cannot run it: what is local runs wherever its job does."""
        return self.kind != "local" and self.compute is None
