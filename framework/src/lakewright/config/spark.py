"""Apache Spark, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lakewright.config.base import ClusterConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkConfig(ClusterConfig):
    """A Spark cluster that is there already.

    Attributes:
        master: its address: `spark://host:7077`, `k8s://…`, `yarn`, `sc://host` for Connect, `local[4]`.
        conf: Spark's own settings.

    Raises:
        SettingError: a value that cannot be.
    """

    master: str
    conf: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        self.check_texts("master")
        conf: object = self.conf
        if not isinstance(conf, Mapping) or not all(isinstance(part, str) for item in conf.items() for part in item):
            raise self.wrong("conf", wanted="a dict of text to text")
        object.__setattr__(self, "conf", dict(conf))
