from lakewright.io.base import InputContext, OutputContext
from lakewright.io.memory import MemoryIo
from lakewright.loading.objects import load


def test_the_very_object_is_handed_on() -> None:
    value = {1: object()}
    stored = MemoryIo().write(OutputContext(job="j", run_id="1", task="make"), value)
    assert MemoryIo().read(InputContext(job="j", run_id="1", task="make", stored=stored, load=load)) is value


def test_outputs_in_memory_are_not_durable() -> None:
    assert not MemoryIo.durable
