import pytest

from lakewright import Continuous, Cron, FileArrival, Periodic
from lakewright.databricks.triggers import trigger
from lakewright.model.trigger import Trigger

PLACE = "/Volumes/prod/sales/landing/"


@pytest.mark.parametrize(
    ("written", "generated"),
    [
        (
            Cron("0 6 * * *", timezone="Europe/Berlin"),
            {
                "schedule": {
                    "quartz_cron_expression": "0 0 6 * * ?",
                    "timezone_id": "Europe/Berlin",
                    "pause_status": "UNPAUSED",
                }
            },
        ),
        (
            Periodic(2, "DAYS", paused=True),
            {"trigger": {"periodic": {"interval": 2, "unit": "DAYS"}, "pause_status": "PAUSED"}},
        ),
        (FileArrival(PLACE), {"trigger": {"file_arrival": {"url": PLACE}, "pause_status": "UNPAUSED"}}),
        (Continuous(paused=True), {"continuous": {"pause_status": "PAUSED"}}),
    ],
)
def test_a_trigger_is_one_field_of_the_job(written: Trigger, generated: dict[str, object]) -> None:
    assert trigger(written) == generated


def test_a_job_that_is_started_by_hand_has_none() -> None:
    assert trigger(None) == {}
