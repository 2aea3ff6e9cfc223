import csv
import hashlib
import io
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import pytest

from lakewright.dependencies.modules import LooseModules, arrange
from lakewright.errors.dependencies import ModuleNameError
from tests.dependencies.installing import install, run

DOCUMENTED = {
    "calculator.py": "def multiply(a, b):\n    return a * b\n",
    "utils/helpers.py": "def greet(name):\n    return f'Hello, {name}!'\n",
}
# They import each other as if each lay at the top, as scripts do that were run from their own folder.
AT_THE_TOP = {
    "app.py": "import utils.helpers\nfrom state import VALUES\n\ndef main():\n    return utils.helpers.greet('app')\n",
    "state.py": "VALUES = []\n",
    "utils/helpers.py": "from state import VALUES\n\ndef greet(name):\n    VALUES.append(name)\n    return name\n",
}


def arranged(folder: Path, files: Mapping[str, str | bytes], *, top_level: bool | None = None) -> LooseModules:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return arrange({name: folder / name for name in files}, top_level=top_level)


def written(tmp_path: Path, files: Mapping[str, str | bytes], *, top_level: bool | None = None) -> Path:
    return arranged(tmp_path / "given", files, top_level=top_level).write(tmp_path)


def test_modules_are_importable_as_documented(tmp_path: Path) -> None:
    place = install([written(tmp_path, DOCUMENTED)], tmp_path / "site")
    code = (
        "from user_modules.calculator import multiply\n"
        "from user_modules.utils.helpers import greet\n"
        "print(multiply(6, 7), greet('you'))"
    )
    assert run(code, place) == "42 Hello, you!"


def test_modules_are_importable_from_the_wheel_as_a_zip(tmp_path: Path) -> None:
    wheel = written(tmp_path, DOCUMENTED)
    assert run("import user_modules.utils.helpers as h; print(h.greet('zip'))", wheel.rename(tmp_path / "m.zip"))


def test_relative_imports_work_below_the_package(tmp_path: Path) -> None:
    files = {"a.py": "from . import b\nfrom .sub.c import x\n", "b.py": "", "sub/c.py": "from .. import b\nx = 1\n"}
    loose = arranged(tmp_path / "given", files)
    assert not loose.is_top_level
    assert run("import user_modules.a as a; print(a.x)", install([loose.write(tmp_path)], tmp_path / "site")) == "1"


def test_modules_that_import_each_other_by_bare_names_lie_at_the_top_too(tmp_path: Path) -> None:
    loose = arranged(tmp_path / "given", AT_THE_TOP)
    assert loose.notes == ("modules lie at the top, because app.py:1 has 'import utils.helpers'",)
    place = install([loose.write(tmp_path)], tmp_path / "site")
    code = (
        "import user_modules.app, user_modules.state, state, app\n"
        "from user_modules.utils import helpers\n"
        "user_modules.app.main(); app.main()\n"
        "print(state.VALUES, user_modules.state is state, helpers.__name__, helpers.__spec__.name)"
    )
    assert run(code, place) == "['app', 'app'] True utils.helpers utils.helpers"


def test_at_the_top_a_module_is_the_same_object_by_both_names_in_a_zip_too(tmp_path: Path) -> None:
    wheel = written(tmp_path, AT_THE_TOP)
    code = "import state, pickle, user_modules.state as s; print(s is state, s.__spec__.name)"
    assert run(code, wheel.rename(tmp_path / "m.zip")) == "True state"


def test_a_module_that_is_not_there_is_missing_by_its_own_name(tmp_path: Path) -> None:
    place = install([written(tmp_path, AT_THE_TOP)], tmp_path / "site")
    code = (
        "import json\ntry:\n    import user_modules.json\nexcept ModuleNotFoundError as error:\n    print(error.name)"
    )
    assert run(code, place) == "user_modules.json"


def test_names_at_the_top_can_be_asked_for_and_refused(tmp_path: Path) -> None:
    assert arranged(tmp_path, DOCUMENTED, top_level=True).tops == {"user_modules", "calculator", "utils"}
    assert arranged(tmp_path, AT_THE_TOP, top_level=False).tops == {"user_modules"}


@pytest.mark.parametrize(
    ("name", "owner"),
    [("json.py", "the standard library"), ("pyspark/a.py", "the runtime"), ("user_modules/a.py", "this package")],
)
def test_a_name_that_is_taken_is_refused_at_the_top_only(tmp_path: Path, name: str, owner: str) -> None:
    assert not arranged(tmp_path, {name: ""}).is_top_level
    with pytest.raises(ModuleNameError, match=f"would hide the module of {owner}"):
        arranged(tmp_path, {name: ""}, top_level=True)


def test_a_module_named_like_one_of_the_standard_library_is_not_what_an_import_means(tmp_path: Path) -> None:
    files = {"json.py": "", "a.py": "import json\n"}
    assert not arranged(tmp_path, files).is_top_level


def test_a_relative_import_that_leaves_the_top_is_refused_there(tmp_path: Path) -> None:
    with pytest.raises(ModuleNameError, match=r"which this needs:\n  a\.py:2: from \. import b"):
        arranged(tmp_path, {"a.py": "\nfrom . import b\n", "b.py": ""}, top_level=True)


def test_modules_that_need_both_arrangements_are_told_where(tmp_path: Path) -> None:
    files = {"a.py": "from . import b\n", "b.py": "import c\n", "c.py": ""}
    with pytest.raises(ModuleNameError, match=r"a\.py:1: from \. import b\n  b\.py:1: import c"):
        arranged(tmp_path, files)


def test_an_import_that_may_fail_needs_nothing(tmp_path: Path) -> None:
    files = {"a.py": "try:\n    from . import b\nexcept ImportError:\n    import b\n", "b.py": ""}
    assert arranged(tmp_path, files).is_top_level
    assert not arranged(tmp_path, {**files, "c.py": "from . import b\n"}).is_top_level


def test_a_root_that_is_a_package_itself_keeps_what_it_does(tmp_path: Path) -> None:
    place = install([written(tmp_path, {"__init__.py": "x = 1\n", "a.py": ""})], tmp_path / "site")
    assert run("import user_modules.a; print(user_modules.x)", place) == "1"
    with pytest.raises(ModuleNameError, match="there is no package around"):
        arranged(tmp_path / "other", {"__init__.py": "x = 1\n", "a.py": ""}, top_level=True)


def test_an_empty_init_of_the_root_has_no_place_at_the_top(tmp_path: Path) -> None:
    loose = arranged(tmp_path, {"__init__.py": "", "a.py": ""}, top_level=True)
    assert "__init__.py" not in loose.origins


def test_a_module_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModuleNameError, match=r"a/utils\.py and the folder a/utils/ are modules of one name"):
        arranged(tmp_path, {"a/utils.py": "", "a/utils/b/c.py": ""})


def test_a_name_that_cannot_be_imported_is_carried_and_said(tmp_path: Path) -> None:
    loose = arranged(tmp_path, {"run-me.py": "", "class.py": "", "a.py": ""})
    assert [note.partition(" ")[0] for note in loose.notes] == ["run-me.py", "class.py"]
    assert set(loose.origins) == {"run-me.py", "class.py", "a.py"}


@pytest.mark.parametrize("source", [b"print 'old'\n", b"\xff", b"a\0b", b"(" * 5_000, b"\\d = '\\d'\n"])
def test_a_module_that_this_python_cannot_parse_is_carried(tmp_path: Path, source: bytes) -> None:
    wheel = written(tmp_path, {"a.py": source})
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("user_modules/a.py") == source


def test_a_module_of_many_megabytes_is_carried_and_not_looked_into(tmp_path: Path) -> None:
    small = arranged(tmp_path / "small", {"a.py": "import b\n", "b.py": ""})
    large = arranged(tmp_path / "large", {"a.py": "import b\n" + "#" * (4 << 20), "b.py": ""})
    assert (small.is_top_level, large.is_top_level) == (True, False)
    assert set(large.origins) == {"a.py", "b.py"}


def test_data_goes_along(tmp_path: Path) -> None:
    code = "from pathlib import Path\nTABLE = (Path(__file__).parent / 'table.csv').read_text()\n"
    place = install([written(tmp_path, {"x/a.py": code, "x/table.csv": "1,2"})], tmp_path / "site")
    assert run("import user_modules.x.a as a; print(a.TABLE)", place) == "1,2"


def test_the_version_tells_the_content_and_equal_content_is_equal_bytes(tmp_path: Path) -> None:
    one, same, other = (
        written(tmp_path / name, files)
        for name, files in [("a", DOCUMENTED), ("b", dict(reversed(DOCUMENTED.items()))), ("c", AT_THE_TOP)]
    )
    assert one.name == same.name != other.name
    assert one.read_bytes() == same.read_bytes()
    assert one.name.startswith("user_modules-0.1.0+c")


def test_the_way_in_which_they_lie_counts_for_the_version(tmp_path: Path) -> None:
    assert (
        arranged(tmp_path, DOCUMENTED, top_level=True).version
        != arranged(tmp_path, DOCUMENTED, top_level=False).version
    )


def test_name_file_metadata_and_record_agree(tmp_path: Path) -> None:
    wheel = written(tmp_path, {**DOCUMENTED, "odd,name.csv": "1"})
    name, version, *tags = wheel.name.removesuffix(".whl").split("-")
    assert tags == ["py3", "none", "any"]
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{name}-{version}.dist-info/METADATA").decode().splitlines()
        record = list(csv.reader(io.StringIO(archive.read(f"{name}-{version}.dist-info/RECORD").decode())))
        assert {f"Name: {name}", f"Version: {version}"} < set(metadata)
        assert [row[0] for row in record] == archive.namelist()
        for each, digest, size in record[:-1]:
            content = archive.read(each)
            assert digest == "sha256=" + urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            assert int(size) == len(content)
