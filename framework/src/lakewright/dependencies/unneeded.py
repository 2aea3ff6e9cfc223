"""Files that have no place in a wheel, and why: by their names, and by where they lie."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from lakewright.dependencies.folders import TOOL_FOLDERS

_SYSTEM_FILES: Final = {".DS_Store", "Thumbs.db", "desktop.ini"}
_TEST_FOLDERS: Final = {"test", "tests"}
_TEST_FILE: Final = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_METADATA_FOLDER: Final = re.compile(r".*\.(?:egg-info|dist-info)")
_ARCHIVE: Final = re.compile(r".*\.(?:zip|tar|tgz|tar\.\w+|egg|7z|rar)", re.IGNORECASE)
_OTHER_REQUIREMENTS: Final = re.compile(
    r".*(?:requirements|constraints).*\.(?:txt|in)|Pipfile(?:\.lock)?|(?:poetry|uv|pdm)\.lock|pylock.*\.toml"
    r"|environment\.ya?ml"
)
_DOCUMENTS: Final = re.compile(
    r"(?:README|LICEN[CS]E|CHANGELOG|CHANGES|CONTRIBUTING|NOTICE|AUTHORS)\b.*", re.IGNORECASE
)
# Beside a package these are no part of it, as setuptools has it ("Automatic discovery", flat layout).
_BESIDE: Final = frozenset({
    "SConstruct", "Sconscript", "benchmark", "benchmarks", "bin", "build", "changelog", "ci", "conda", "debian", "dist",
    "doc", "docs", "documentation", "dodo", "example", "examples", "exercise", "exercises", "fabfile", "htmlcov",
    "manpages", "news", "newsfragments", "noxfile", "pavement", "scripts", "setup", "site_scons", "tasks", "tools",
    "toxfile",
})  # fmt: skip

A_TEST: Final = "a test, which does not run on the cluster"
NESTED: Final = "an archive in the archive is not opened; unpack it, or hand in wheels"


def why_unneeded(name: str) -> str:
    """Why a file is left out wherever it lies; empty for one that is not.

    >>> why_unneeded("__MACOSX/._a.py"), why_unneeded("a.py")
    ('left behind by a tool', '')
    """
    path = PurePosixPath(name)
    if path.name in _SYSTEM_FILES or not TOOL_FOLDERS.isdisjoint(path.parts) or path.suffix in {".pyc", ".pyo"}:
        return "left behind by a tool"
    if any(_METADATA_FOLDER.fullmatch(part) for part in path.parts[:-1]):
        return "describes a package that was installed or built elsewhere"
    if any(part.startswith(".") for part in path.parts):
        return "hidden"
    return ""


def is_test(name: str) -> bool:
    """Whether a file is for tests: it lies in a folder of tests, or is called like one.

    >>> is_test("tests/data.csv"), is_test("utils/test_helpers.py"), is_test("testing.py")
    (True, True, False)
    """
    path = PurePosixPath(name)
    return not _TEST_FOLDERS.isdisjoint(path.parts[:-1]) or bool(_TEST_FILE.fullmatch(path.name))


def is_archive(name: str) -> bool:
    """Whether a file is an archive other than a wheel."""
    return bool(_ARCHIVE.fullmatch(name))


def why_no_data(name: str) -> str:
    """Why a file beside loose modules is not carried with them; empty for one that is.

    Args:
        name: from the root on.
    """
    path = PurePosixPath(name)
    if _OTHER_REQUIREMENTS.fullmatch(path.name):
        return "only requirements.txt is read; it can name this file by -r where that is allowed"
    if len(path.parts) == 1 and (_DOCUMENTS.fullmatch(path.name) or path.suffix in {".md", ".rst"}):
        return "a document"
    if len(path.parts) == 1 and path.suffix in {".toml", ".cfg", ".ini"}:
        return "settings of tools"
    return ""


def is_beside_code(name: str) -> bool:
    """Whether what lies beside a package under this name is by convention no part of it.

    Args:
        name: of a folder, or of a module without its suffix.
    """
    return name in _BESIDE
