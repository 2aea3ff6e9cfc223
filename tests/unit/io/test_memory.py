from pathlib import Path

from lakewright.io.memory import MemoryIo
from tests.unit.io.disks import all_below
from tests.unit.io.managers import read, write


def test_the_very_object_is_handed_on_and_nothing_is_written(tmp_path: Path) -> None:
    value = {1: object()}
    assert read(MemoryIo(), write(MemoryIo(), value, tmp_path)) is value
    assert all_below(tmp_path) == []


def test_a_manager_keeps_nothing_itself() -> None:
    assert MemoryIo() == MemoryIo()
    assert not MemoryIo().durable
