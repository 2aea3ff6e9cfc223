"""Fields of a definition without effect on what tasks do here; every other field is read, or refused."""

from __future__ import annotations

from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPUTE: Final = "tasks run in this environment: no cluster starts and nothing is installed"
_STARTS: Final = "the run starts now, whatever starts it when deployed"
_WAITS: Final = "runs do not wait for each other"
_MESSAGES: Final = "nobody is told"
_ACCESS: Final = "tasks run as you, and whoever reads this machine's disk sees the run"
_BILLING: Final = "nothing is billed"
_OWN_RETRIES: Final = "there are no retries but those that the definition asks for"

# What describes a job or a task and does nothing is left out of the notes.
IN_SILENCE: Final = ""

JOB: Final[Mapping[str, str]] = {
    "budget_policy_id": _BILLING,
    "continuous": _STARTS,
    "description": IN_SILENCE,
    "duration_target": _MESSAGES,
    "email_notifications": _MESSAGES,
    "environments": _COMPUTE,
    "health": _MESSAGES,
    "job_clusters": _COMPUTE,
    "lifecycle": IN_SILENCE,
    "max_concurrent_runs": _WAITS,
    "notification_settings": _MESSAGES,
    "parent_path": IN_SILENCE,
    "performance_target": _COMPUTE,
    "permissions": _ACCESS,
    "queue": _WAITS,
    "run_as": _ACCESS,
    "schedule": _STARTS,
    "tags": _BILLING,
    "trigger": _STARTS,
    "triggers": _STARTS,
    "usage_policy_id": _BILLING,
    "webhook_notifications": _MESSAGES,
}
TASK: Final[Mapping[str, str]] = {
    "compute": _COMPUTE,
    "description": IN_SILENCE,
    "disable_auto_optimization": _OWN_RETRIES,
    "email_notifications": _MESSAGES,
    "environment_key": _COMPUTE,
    "existing_cluster_id": _COMPUTE,
    "health": _MESSAGES,
    "job_cluster_key": _COMPUTE,
    "libraries": _COMPUTE,
    "new_cluster": _COMPUTE,
    "notification_settings": _MESSAGES,
    "webhook_notifications": _MESSAGES,
}
