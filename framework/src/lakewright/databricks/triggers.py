"""What starts a job, as fields of its definition."""

from __future__ import annotations

from typing import TypeAlias

from lakewright.model.trigger import Cron, FileArrival, Periodic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.trigger import Trigger

Json: TypeAlias = "dict[str, object]"


def trigger(value: Trigger | None) -> Json:
    """The one field that says when a job starts; none for a job that is started by hand.

    >>> trigger(Cron("0 6 * * *"))["schedule"]["quartz_cron_expression"]
    '0 0 6 * * ?'
    """
    if value is None:
        return {}
    status = {"pause_status": "PAUSED" if value.paused else "UNPAUSED"}
    if isinstance(value, Cron):
        return {"schedule": {"quartz_cron_expression": value.quartz, "timezone_id": value.timezone, **status}}
    if isinstance(value, Periodic):
        return {"trigger": {"periodic": {"interval": value.interval, "unit": value.unit}, **status}}
    if isinstance(value, FileArrival):
        return {"trigger": {"file_arrival": {"url": value.url}, **status}}
    return {"continuous": status}
