"""Whatever is handed in: it is read, or refused by an error of ours, and nothing is written outside of its folder.

`nox -s fuzz` does this for ten minutes.
"""

import gzip
import io
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from lakewright.dependencies.archive import open_archive
from lakewright.dependencies.formats import recognise
from lakewright.dependencies.imports import module_imports
from lakewright.dependencies.limits import Limits
from lakewright.dependencies.requirement_policy import RequirementPolicy
from lakewright.dependencies.requirement_text import decode
from lakewright.dependencies.requirements import read_requirements
from lakewright.errors.archives import ArchiveError
from lakewright.errors.dependencies import LayoutError, RequirementError

LIMITS = Limits(entries=50, entry_bytes=2**16, total_bytes=2**18, ratio_from=2**10)
PARTS = st.sampled_from(
    ["a", "A", "..", ".", "", "/", "\\", "C:", "\0", "tests", "__init__.py", "setup.cfg", "pyproject.toml", "a.py"]
)
NAMES = st.one_of(
    st.lists(PARTS, min_size=1, max_size=4).map("/".join),
    st.text(max_size=20),
    st.sampled_from(["requirements.txt", "x-1-py3-none-any.whl", "b.py", "c/d.py"]),
)
FILES = st.dictionaries(NAMES, st.binary(max_size=200), max_size=6)
# What stands where in an archive counts: a changed byte in a header does more than one in a text.
CHANGES = st.lists(st.tuples(st.integers(0, 2**16), st.binary(max_size=8)), max_size=6)


def zipped(files: Mapping[str, bytes], attributes: int, method: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in files.items():
            info = zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "a")
            info.external_attr, info.compress_type = attributes << 16, method
            archive.writestr(info, data)
    return content.getvalue()


def tarred(files: Mapping[str, bytes], kind: bytes, form: int) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return content.getvalue()


ZIPS = st.builds(
    zipped,
    FILES,
    st.sampled_from([0, 0o100644, 0o120777, 0o040755, 0o020666]),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
)
TARS = st.builds(
    tarred,
    FILES,
    st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, b"S", b"x"]),
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)


def changed(content: bytes, changes: list[tuple[int, bytes]], cut: int) -> bytes:
    found = bytearray(content)
    for place, new in changes:
        start = place % (len(found) + 1)
        found[start : start + len(new)] = new
    return bytes(found[: max(0, len(found) - cut)])


def refusal(action: Callable[[], None], *kinds: type[Exception]) -> str:
    """What an error of these kinds says; empty where there is none. Any other error is a finding."""
    try:
        action()
    except kinds as error:
        return str(error)
    return ""


def hold(content: bytes) -> None:
    """What is taken can be read and written to the last byte, below its folder and nowhere else."""
    with tempfile.TemporaryDirectory() as place:
        path, out = Path(place) / "given", Path(place) / "out" / "inner"
        path.write_bytes(content)
        refusal(lambda: read_and_write(path, out), ArchiveError, LayoutError)
        assert {file.name for file in Path(place).iterdir()} <= {"given", "out"}
        assert {file.name for file in (Path(place) / "out").glob("*")} <= {"inner"}


def read_and_write(path: Path, out: Path) -> None:
    with open_archive(path, LIMITS) as archive:
        for name in archive.members:
            assert len(archive.read(name)) == archive.members[name].size
        archive.extract(out)
        written = {file.relative_to(out).as_posix() for file in out.rglob("*") if not file.is_dir()}
        assert written == set(archive.members)
        assert not any(file.is_symlink() for file in out.rglob("*"))
        recognise(archive)


@given(content=st.one_of(ZIPS, TARS), changes=CHANGES, cut=st.integers(0, 100))
def test_an_archive_is_read_whole_or_refused(content: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    hold(changed(content, changes, cut))


@given(content=TARS.map(lambda tar: gzip.compress(tar, 1)), changes=CHANGES, cut=st.integers(0, 100))
def test_a_compressed_tar_is_read_whole_or_refused(content: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    hold(changed(content, changes, cut))


@given(content=TARS, changes=CHANGES)
def test_a_tar_that_was_changed_before_it_was_compressed_is_read_whole_or_refused(
    content: bytes, changes: list[tuple[int, bytes]]
) -> None:
    hold(gzip.compress(changed(content, changes, 0), 1))


@given(content=st.one_of(st.binary(max_size=2_000), st.binary(max_size=500).map(lambda tail: b"PK\x03\x04" + tail)))
def test_any_bytes_are_refused_as_an_archive(content: bytes) -> None:
    hold(content)


WORDS = st.sampled_from([
    "six", "==1.0", ">=", "[x]", ";", "python_version<'3'", "-r", "-c", "-e", "--hash=sha256:", "0" * 64, "@", "\\\n",
    "https://u:p@h/a.whl", "git+ssh://h/a", "./a", "../a", "file:", "${A}", "#", " ", "\n", "\r", "\t", "r.txt", "(",
])  # fmt: skip
TEXTS = st.one_of(st.lists(WORDS, max_size=20).map(" ".join), st.lists(WORDS, max_size=20).map("".join), st.text())


@example(text="u:p@", allowed=set())
@given(text=TEXTS, allowed=st.sets(st.sampled_from(sorted(RequirementPolicy.__dataclass_fields__))))
def test_requirements_are_read_or_refused_with_their_place(text: str, allowed: set[str]) -> None:
    policy = RequirementPolicy(**dict.fromkeys(allowed, True))
    files = {"r.txt": text}

    def read() -> None:
        found = read_requirements(text, "r.txt", policy, read=files.__getitem__)
        for asked in (*found.packages, *found.constraints):
            assert "\n" not in asked.text
            assert asked.name or asked.path or allowed
            assert not asked.path.startswith(("/", "..", "~"))

    said = refusal(read, RequirementError)
    assert not said or "r.txt" in said
    assert "u:p@" not in said


@given(content=st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-16", "replace"))))
def test_bytes_are_text_or_refused(content: bytes) -> None:
    def read() -> None:
        read_requirements(decode(content, "r.txt"), "r.txt")

    said = refusal(read, RequirementError)
    assert not said or "r.txt" in said


SOURCES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from(["import a", "from . import b", "try:", " ", "\n", "(", ")", "a", ".", ":", "\0"])).map(
        lambda words: "".join(words).encode()
    ),
)


@given(source=SOURCES)
def test_any_source_is_looked_into_without_a_failure(source: bytes) -> None:
    for found in module_imports(source, "x/y.py", {"a", "b"}):
        assert found.location.line >= 1
