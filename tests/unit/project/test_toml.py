import pytest

from lakewright.errors.project import ProjectError
from lakewright.project.toml import parse_toml


def test_a_table_is_read() -> None:
    assert parse_toml("[a]\nb = 'ü'\n".encode(), "x.toml") == {"a": {"b": "ü"}}


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe"])
def test_what_is_no_toml_is_refused_by_the_name_of_its_file(content: bytes) -> None:
    with pytest.raises(ProjectError, match=r"^pipelines/x/pyproject.toml is not TOML: "):
        parse_toml(content, "pipelines/x/pyproject.toml")
