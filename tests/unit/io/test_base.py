from pathlib import Path

import pytest

from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.loading.objects import load
from lakewright.model.record import Stored


class Text(IoManager):
    """Keeps text in the attempt's folder."""

    def write(self, context: OutputContext, value: object) -> Stored | None:
        Path(context.folder).mkdir(parents=True)
        (Path(context.folder) / "text").write_text(str(value), encoding="utf-8")
        return None

    def read(self, context: InputContext) -> object:
        return context.stored.format


def test_a_manager_must_write_and_read() -> None:
    class Half(IoManager):
        def write(self, context: OutputContext, value: object) -> None: ...

    with pytest.raises(TypeError, match="read"):
        Half()  # type: ignore[abstract]  # the point of the test


def test_a_manager_need_not_set_anything_up_and_is_durable() -> None:
    manager = Text()
    manager.setup()
    assert manager.durable


def test_annotations_are_resolved_when_they_are_asked_for() -> None:
    asked: list[str] = []

    def annotated() -> object:
        asked.append("once")
        return int

    writing = OutputContext(job="j", run_id="1", task="t", annotated=annotated)
    reading = InputContext(job="j", run_id="1", task="t", stored=Stored(format="x"), load=load, annotated=annotated)
    assert asked == []
    assert (writing.annotation, reading.annotation) == (int, int)
    assert len(asked) == 2


def test_without_an_annotation_nothing_is_asked_for() -> None:
    assert OutputContext(job="j", run_id="1", task="t").annotation is None
