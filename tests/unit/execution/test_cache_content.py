"""What identifies an output is its content."""

from pathlib import Path

import pytest

from lakewright.execution.cache import UncacheableError
from lakewright.execution.cache_content import content_of, modules_in, modules_of
from lakewright.model.record import Stored, StoredFile


def kept(path: Path, content: bytes, *, schema: str = "i64") -> Stored:
    """A frame in a file."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    file = StoredFile(str(path), len(content))
    return Stored(format="parquet", kind="polars.DataFrame", files=(file,), schema=(("n", schema),))


def test_equal_files_are_equal_wherever_they_lie(tmp_path: Path) -> None:
    one, two = kept(tmp_path / "a" / "data", b"x"), kept(tmp_path / "b" / "data", b"x")
    assert content_of(one).digest == content_of(two).digest
    assert content_of(one).files.keys() == {str(tmp_path / "a" / "data")}


def test_other_bytes_types_and_schemas_are_other_outputs(tmp_path: Path) -> None:
    stored = kept(tmp_path / "data", b"x")
    others = [
        kept(tmp_path / "other", b"y"),
        kept(tmp_path / "typed", b"x", schema="i32"),
        Stored(format="parquet", kind="polars.LazyFrame", files=stored.files, schema=stored.schema),
        Stored(format="list", parts=(("0", stored),)),
        Stored(format="json", value="x"),
        Stored(format="json", value=["x"]),
        None,
    ]
    digests = [content_of(each).digest for each in (stored, *others)]
    assert len(set(digests)) == len(digests)


def test_parts_count_with_their_names(tmp_path: Path) -> None:
    part = kept(tmp_path / "data", b"x")
    one, two = (Stored(format="dict", parts=((name, part),)) for name in ("train", "test"))
    assert content_of(one).digest != content_of(two).digest
    assert content_of(Stored(format="list")).digest != content_of(Stored(format="dict")).digest


def test_what_lies_nobody_knows_where_has_no_content() -> None:
    with pytest.raises(UncacheableError, match="Warehouse does not say in which files"):
        content_of(Stored(format="list", parts=(("0", Stored(format="Warehouse")),)))


def test_the_modules_of_classes_are_found() -> None:
    point = Stored(format="object", kind="flights.kinds:Point", parts=(("x", Stored(format="json", value=1)),))
    enum = Stored(format="json", kind="flights.Kind", value={"~": "Enum", "v": ["flights.enums:Kind.Inner", "NEW"]})
    assert set(modules_of(Stored(format="list", parts=(("0", point), ("1", enum))))) == {
        "flights.kinds",
        "flights.enums",
    }
    assert list(modules_in(["12:30", "http://x", ":x", "a b:c"])) == []
