from dataclasses import dataclass, field
from typing import Final

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.file import FileIo
from lakewright.io.memory import MemoryIo
from lakewright.io.spec import spec_of
from lakewright.model.task import IoSpec


class Plain(IoManager):
    def write(self, context: OutputContext, value: object) -> None: ...

    def read(self, context: InputContext) -> object: ...


@dataclass
class Table(Plain):
    name: str
    keys: list[str] = field(default_factory=list)
    connection: object = None


warehouse: Final = Plain()


def task() -> None: ...


def test_a_manager_that_the_module_names_is_found_by_that_name() -> None:
    assert spec_of(warehouse, task) == IoSpec("tests.unit.io.test_spec:warehouse")


def test_a_dataclass_is_found_by_its_class_and_fields() -> None:
    reference = "tests.unit.io.test_spec:Table"
    assert spec_of(Table("a"), task) == IoSpec(reference, '{"name":"a","keys":[],"connection":null}')
    assert spec_of(FileIo("a.json"), task) == IoSpec("lakewright.io.file:FileIo", '{"path":"a.json"}')
    assert spec_of(MemoryIo(), task) == IoSpec("lakewright.io.memory:MemoryIo", "{}")


def test_an_inline_manager_that_is_no_dataclass_is_refused_with_the_way_out() -> None:
    with pytest.raises(SettingError, match=r"Plain is built inline and is no dataclass.*\n.*warehouse = Plain\(…\)"):
        spec_of(Plain(), task)


def test_an_inline_manager_with_a_field_that_cannot_travel_is_refused() -> None:
    with pytest.raises(SettingError, match=r"field that no definition can carry: \['connection'\] is an object"):
        spec_of(Table("a", connection=object()), task)


def test_an_inline_manager_of_a_class_that_no_other_process_finds_is_refused() -> None:
    @dataclass
    class Local(Table):
        pass

    with pytest.raises(SettingError, match="is of a class inside a function"):
        spec_of(Local("a"), task)
