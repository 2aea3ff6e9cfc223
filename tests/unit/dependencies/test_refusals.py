"""What cannot be had is refused by a type and a message of its own, and nothing is left of the attempt."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from lakewright.dependencies import Limits, process_dependencies
from lakewright.dependencies.index import Index
from lakewright.errors import archives, wheels
from lakewright.errors import dependencies as errors
from tests.dependencies.fixtures import write_zip
from tests.dependencies.handing_in import Desk, Files, project, wheel
from tests.dependencies.hostile import HOSTILE
from tests.unit.dependencies.test_build import with_back_end
from tests.wheel_files import PackageIndex, write_source, write_wheel

REFUSED: Final[Mapping[str, tuple[Files, type[errors.DependencyError], str]]] = {
    "comments only": (
        {"requirements.txt": "# nothing\n\n"},
        errors.NoRequirementsError,
        "requirements.txt has no requirements, only comments",
    ),
    "for other targets only": (
        {"requirements.txt": "rows; python_version < '3'"},
        errors.NothingToInstallError,
        "nothing of what is asked for counts for Python 3.12 on Linux x86_64:\n  requirements.txt:1: rows",
    ),
    "tests only": ({"test_a.py": "", "tests/b.py": ""}, errors.NothingToBuildError, "test_a.py: a test"),
    "caches only": ({"__pycache__/a.pyc": ""}, errors.NothingToBuildError, "left behind by a tool"),
    "an archive only": ({"inner.zip": "PK"}, errors.NothingToBuildError, "inner.zip: an archive in the archive"),
    "two requirement files": (
        {"a/requirements.txt": "rows", "b/requirements.txt": "rows"},
        errors.LayoutError,
        "cannot be told: a/requirements.txt, b/requirements.txt",
    ),
    "another encoding": ({"requirements.txt": b"rows # \xf6"}, errors.RequirementEncodingError, "requirements.txt:1"),
    "UTF-16 without a mark": ({"requirements.txt": b"r\0o\0w\0s\0"}, errors.RequirementEncodingError, "UTF-16"),
    "syntax": ({"requirements.txt": "rows\nrows 1.0"}, errors.RequirementSyntaxError, "requirements.txt:2: 'rows 1.0'"),
    "an index of its own": (
        {"requirements.txt": "-i https://evil.example\nrows"},
        errors.RefusedRequirementError,
        "requirements.txt:1: the option -i is refused",
    ),
    "nowhere": ({"requirements.txt": "colums"}, wheels.ResolutionError, "colums"),
    "no such version": ({"requirements.txt": "rows==7"}, wheels.ResolutionError, "rows"),
    "conflicting pins": ({"requirements.txt": "sales\nrows==2.0"}, wheels.ResolutionError, "sales"),
    "another hash": (
        {"requirements.txt": f"rows==1.0 --hash=sha256:{'0' * 64}"},
        wheels.HashMismatchError,
        "rows-1.0-py3-none-any.whl is not the file that was resolved",
    ),
    "a project for another Python": (
        {"pyproject.toml": "[project]\nname = 'plots'\nversion = '1'\nrequires-python = '>=3.13'\n", "plots.py": ""},
        errors.RequiresPythonError,
        "'plots' needs Python >=3.13, the target has 3.12",
    ),
    "a setup.cfg for another Python": (
        {"setup.cfg": "[metadata]\nname = plots\n[options]\npython_requires = <3.11\n", "plots.py": ""},
        errors.RequiresPythonError,
        "'plots' needs Python <3.11, the target has 3.12",
    ),
    "a project that says it in its wheel": (
        project("plots", metadata=("Requires-Python: >=3.13",)),
        errors.RequiresPythonError,
        "needs Python >=3.13, the target has 3.12",
    ),
    "a build that fails": (
        {**project("mine"), "tools/back_end.py": "raise RuntimeError('no tea')"},
        wheels.BuildError,
        "no tea",
    ),
    "no TOML": ({"pyproject.toml": "[project"}, errors.LayoutError, "pyproject.toml is no TOML"),
    "a name of two modules": ({"a.py": "", "a/b.py": ""}, errors.ModuleNameError, "a.py and the folder a/"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_had_is_refused_by_name_and_leaves_nothing(desk: Desk, case: str) -> None:
    files, kind, says = REFUSED[case]
    with pytest.raises(kind) as caught:
        desk.process(files)
    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert caught.value.hint
    assert desk.left_behind() == []


def _native(tag: str) -> Callable[[Path], Files]:
    return lambda folder: wheel(folder, "fast", tag=tag)


def _two_contents(folder: Path) -> Files:
    one = wheel(folder, "mine")
    other = wheel(folder, "mine", files={"mine.py": ""})
    return {**one, **{f"b/{name}": content for name, content in other.items()}}


def _same_module(folder: Path) -> Files:
    loose = {"calculator.py": "", "a.py": "import calculator\n"}
    return {**loose, **wheel(folder, "mine", files={"calculator.py": ""})}


def _cut(folder: Path) -> Files:
    return {name: content[:100] for name, content in wheel(folder, "mine").items()}


def _renamed(folder: Path) -> Files:
    (content,) = wheel(folder, "mine").values()
    return {"other-1.0-py3-none-any.whl": content}


def _changed(folder: Path) -> Files:
    return {
        name: content.replace(b"VERSION = '1.0'", b"VERSION = '6.6'") for name, content in wheel(folder, "mine").items()
    }


def _bare(folder: Path) -> Files:
    return {"mine-1.0-py3-none-any.whl": write_zip(folder / "bare.whl", {"mine.py": ""}).read_bytes()}


def _hostile(folder: Path) -> Files:
    files = {"../evil.py": "", "mine-1.0.dist-info/METADATA": "", "mine-1.0.dist-info/WHEEL": ""}
    return {"mine-1.0-py3-none-any.whl": write_zip(folder / "evil.whl", files).read_bytes()}


def _bomb(folder: Path) -> Files:
    with zipfile.ZipFile(folder / "bomb.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mine/zeros.bin", bytes(4 * 2**20))
    return {"mine-1.0-py3-none-any.whl": (folder / "bomb.whl").read_bytes()}


BAD_WHEELS: Final[Mapping[str, tuple[Callable[[Path], Files], type[errors.DependencyError], str]]] = {
    "other machine": (
        _native("cp312-cp312-manylinux2014_aarch64"),
        wheels.WheelTargetError,
        "fast-1.0-cp312-cp312-manylinux2014_aarch64.whl is made for",
    ),
    "other system": (_native("cp312-cp312-win_amd64"), wheels.WheelTargetError, "win_amd64"),
    "other Python": (_native("cp310-cp310-manylinux2014_x86_64"), wheels.WheelTargetError, "cp310"),
    "other ABI": (_native("cp312-cp312d-manylinux2014_x86_64"), wheels.WheelTargetError, "cp312d"),
    "requires-python": (
        lambda folder: wheel(folder, "mine", requires_python=">=3.13"),
        errors.RequiresPythonError,
        "'mine==1.0' needs Python >=3.13, the target has 3.12",
    ),
    "cut off": (_cut, archives.DamagedArchiveError, "mine-1.0-py3-none-any.whl: cannot be read to its end"),
    "no metadata": (_bare, wheels.WheelError, "it has no folder of metadata"),
    "other name": (_renamed, wheels.WheelError, "other-1.0-py3-none-any.whl: its metadata says mine 1.0"),
    "other content": (_changed, archives.DamagedArchiveError, "Bad CRC"),
    "no name": (
        lambda folder: {"mine.whl": next(iter(wheel(folder, "mine").values()))},
        wheels.WheelError,
        "mine.whl: this is no name of a wheel",
    ),
    "leads out": (_hostile, archives.UnsafeNameError, "mine-1.0-py3-none-any.whl: entry '../evil.py' leads out"),
    "bomb": (_bomb, archives.CompressionRatioError, "mine-1.0-py3-none-any.whl: entry 'mine/zeros.bin' unpacks"),
    "two versions": (
        lambda folder: {**wheel(folder, "mine"), **wheel(folder, "mine", "2.0")},
        wheels.DuplicateWheelError,
        "there is more than one wheel of 'mine'",
    ),
    "two contents": (
        _two_contents,
        wheels.DuplicateWheelError,
        "b/mine-1.0-py3-none-any.whl",
    ),
    "two spellings": (
        lambda folder: {**wheel(folder, "A_b"), **wheel(folder, "a-b", "2.0")},
        wheels.DuplicateWheelError,
        "there is more than one wheel of 'a-b'",
    ),
    "a project too": (
        lambda folder: {**project("mine"), **wheel(folder, "mine")},
        wheels.DuplicateWheelError,
        "mine-1.0-py3-none-any.whl",
    ),
    "not what is asked for": (
        lambda folder: {"requirements.txt": "rows\nmine>=2 # new", **wheel(folder, "mine")},
        errors.ShippedWheelError,
        "mine-1.0-py3-none-any.whl is version 1.0, but this is asked for:\n  requirements.txt:2: mine>=2",
    ),
    "another file than is asked for": (
        lambda folder: {"requirements.txt": f"mine --hash=sha256:{'0' * 64}", **wheel(folder, "mine")},
        wheels.HashMismatchError,
        "mine-1.0-py3-none-any.whl is not the file that was resolved",
    ),
    "not what another one asks for": (
        lambda folder: {**wheel(folder, "rows", "3.0"), **wheel(folder, "sales", "9.0", requires=["rows<2"])},
        wheels.ResolutionError,
        "rows",
    ),
    "what it depends on is nowhere": (
        lambda folder: wheel(folder, "mine", requires=["colums>=1"]),
        wheels.ResolutionError,
        "colums",
    ),
    "a package by its address": (
        lambda folder: wheel(folder, "mine", requires=["rows @ https://me:secret@evil.example/rows.whl"]),
        errors.RefusedRequirementError,
        "'rows @ https://****@evil.example/rows.whl', which mine-1.0-py3-none-any.whl depends on, is refused",
    ),
    "a package from version control": (
        lambda folder: wheel(folder, "mine", requires=["rows @ git+https://evil.example/rows.git"]),
        errors.RefusedRequirementError,
        "RequirementPolicy(allow_vcs=True)",
    ),
    "a file of this machine": (
        lambda folder: wheel(folder, "mine", requires=[f"rows @ {write_wheel(folder / 'private', 'rows').as_uri()}"]),
        errors.RefusedRequirementError,
        "which mine-1.0-py3-none-any.whl depends on, is refused",
    ),
    "a module of loose files": (
        _same_module,
        errors.ModuleNameError,
        "at the top, 'calculator' would hide the module of mine-1.0-py3-none-any.whl",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_WHEELS)
def test_a_wheel_that_is_not_what_it_must_be_is_refused_and_leaves_nothing(desk: Desk, case: str) -> None:
    make, kind, says = BAD_WHEELS[case]
    with pytest.raises(kind) as caught:
        desk.process(make(desk.place))
    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert desk.left_behind() == []


def _source(served: PackageIndex, place: Path, **told: str) -> None:
    write_source(served.files, with_back_end(place / "tea", name="tea", **told), "tea")


def _native_source(served: PackageIndex, place: Path) -> None:
    _source(served, place, tag="cp312-cp312-linux_x86_64")


def _broken_source(served: PackageIndex, place: Path) -> None:
    _source(served, place, before="raise RuntimeError('no kettle')")


def _missing(served: PackageIndex, _: Path) -> None:
    served.missing.add(write_wheel(served.files, "tea", requires=["rows"]).name)


def _lying(served: PackageIndex, _: Path) -> None:
    served.lies[write_wheel(served.files, "tea", requires=["rows"]).name] = "0" * 64


def _elsewhere(served: PackageIndex, _: Path) -> None:
    write_wheel(served.files, "tea", tag="cp312-cp312-win_amd64")


def _yanked(served: PackageIndex, _: Path) -> None:
    served.yanked.add(write_wheel(served.files, "tea").name)


# What an index gives cannot be taken.
BAD_INDEXES: Final[Mapping[str, tuple[Callable[[PackageIndex, Path], None], type[errors.DependencyError], str]]] = {
    "native source": (_native_source, wheels.NativeSourceError, "tea 1.0 comes as source only and is not pure Python"),
    "source that cannot be built": (_broken_source, wheels.BuildError, "no kettle"),
    "file that is not there": (_missing, wheels.FetchError, "tea-1.0-py3-none-any.whl could not be fetched"),
    "another file": (_lying, wheels.HashMismatchError, "tea-1.0-py3-none-any.whl of 127.0.0.1 is not the file"),
    "for other systems": (_elsewhere, wheels.ResolutionError, "tea==1.0 has no wheels with a matching platform tag"),
    "withdrawn": (_yanked, wheels.ResolutionError, "tea"),
}


@pytest.mark.parametrize("case", BAD_INDEXES)
def test_what_an_index_gives_and_cannot_be_taken_is_refused_and_leaves_nothing(desk: Desk, case: str) -> None:
    prepare, kind, says = BAD_INDEXES[case]
    desk.served.tells_metadata = True
    prepare(desk.served, desk.place)
    with pytest.raises(kind) as caught:
        desk.process({"requirements.txt": "rows\ntea"})
    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert caught.value.hint
    assert desk.left_behind() == []


@pytest.mark.parametrize("case", HOSTILE)
def test_an_archive_that_breaks_a_rule_leaves_nothing(desk: Desk, case: str) -> None:
    make, kind, _ = HOSTILE[case]
    make(desk.place / "deps.zip")
    with pytest.raises(kind):
        process_dependencies(desk.place / "deps.zip", desk.volume, settings=desk.settings())
    assert desk.left_behind() == []


def test_an_archive_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.zip"):
        process_dependencies(desk.place / "nowhere.zip", desk.volume, settings=desk.settings())


def test_limits_hold_for_what_is_handed_in(desk: Desk) -> None:
    with pytest.raises(archives.TooManyEntriesError):
        desk.process({"a.py": "", "b.py": ""}, limits=Limits(entries=1))


def test_a_volume_that_cannot_be_written_is_named(desk: Desk) -> None:
    desk.volume.write_text("a file", encoding="utf-8")
    with pytest.raises(errors.DeliveryError, match=r"volume/run cannot be written: .*\n  Nothing is left there"):
        desk.process({"a.py": ""})
    assert list(desk.scratch.iterdir()) == []


def test_no_network_is_said_and_leaves_nothing(desk: Desk) -> None:
    dead = Index(urls=("http://127.0.0.1:9/simple",), environment={**desk.index.environment, "UV_HTTP_RETRIES": "0"})
    with pytest.raises(wheels.ResolutionError, match="the packages cannot be resolved"):
        desk.process({"requirements.txt": "rows"}, index=dead)
    assert desk.left_behind() == []


def test_a_name_of_the_standard_library_is_refused_at_the_top(desk: Desk) -> None:
    with pytest.raises(errors.ModuleNameError, match="'json' would hide the module of the standard library"):
        desk.process({"json.py": ""}, top_level=True)
    assert desk.left_behind() == []
