"""How another process finds a manager, or why it could not."""

import json
from dataclasses import dataclass, field
from datetime import date

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.execution.managers import find
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.file import FileIo
from lakewright.io.spec import spec_of
from lakewright.model.record import Stored
from lakewright.model.task import IoSpec


class Plain(IoManager):
    """A manager that is no dataclass."""

    def write(self, context: OutputContext, value: object) -> Stored | None: ...

    def read(self, context: InputContext) -> object: ...


@dataclass
class Dated(Plain):
    """A manager with fields of several types."""

    start: date
    names: list[str] = field(default_factory=list)
    made: int = field(default=7, init=False)


@dataclass
class Holding(Plain):
    """A manager with a field that no definition can carry."""

    thing: object = None


warehouse = Plain()


def make() -> int:
    return 1


def test_a_manager_with_a_name_in_the_module_of_the_task_goes_by_it() -> None:
    spec = spec_of(warehouse, make)
    assert spec == IoSpec(f"{__name__}:warehouse")
    assert find(spec) is warehouse


def test_an_inline_dataclass_is_built_again_from_its_fields() -> None:
    manager = Dated(date(2013, 1, 31), names=["a"])
    spec = spec_of(manager, make)
    assert spec.reference == f"{__name__}:Dated"
    assert json.loads(spec.arguments or "") == {"start": {"~": "date", "v": "2013-01-31"}, "names": ["a"]}
    found = find(spec)
    assert found == manager
    assert found is not manager


def test_the_managers_of_the_package_can_be_built_inline() -> None:
    assert find(spec_of(FileIo("a.parquet"), make)) == FileIo("a.parquet")


def test_a_manager_that_is_no_dataclass_needs_a_name() -> None:
    with pytest.raises(SettingError, match=r"Plain is built inline and is no dataclass.*\n  .*warehouse = Plain\(…\)"):
        spec_of(Plain(), make)


def test_a_manager_with_a_field_that_no_definition_carries_needs_a_name() -> None:
    with pytest.raises(SettingError, match=r"Holding is built inline and has a field .*\['thing'\] is an object"):
        spec_of(Holding(object()), make)


def test_a_manager_of_a_class_inside_a_function_needs_another_home() -> None:
    class Inner(Plain):
        pass

    with pytest.raises(SettingError, match="Inner is built inline and is of a class inside a function"):
        spec_of(Inner(), make)
