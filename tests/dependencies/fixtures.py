"""Archives of the six formats, as users hand them in; the same bytes whenever they are made.

`python -m tests.dependencies.fixtures FOLDER` writes all of them, to be uploaded to a volume and tried by hand.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_HELPERS: Final = "def greet(name):\n    return f'Hello, {name}!'\n\n\ndef add(a, b):\n    return a + b\n"
_CALCULATOR: Final = """def multiply(a, b):
    return a * b


def divide(a, b):
    if b == 0:
        raise ValueError("cannot divide by zero")
    return a / b
"""
_SETUPTOOLS: Final = '[build-system]\nrequires = ["setuptools>=61"]\nbuild-backend = "setuptools.build_meta"\n'

FORMATS: Final[Mapping[str, Mapping[str, str]]] = {
    "requirements_only": {"requirements.txt": "# From the index.\nrequests>=2.28.0\npython-dateutil>=2.8.0\n"},
    "pure_python": {
        "myutils/__init__.py": "from .helpers import add, greet\n",
        "myutils/helpers.py": _HELPERS,
        "calculator.py": _CALCULATOR,
        "test_calculator.py": "def test_nothing():\n    pass\n",
        "__pycache__/calculator.cpython-312.pyc": "",
    },
    "packaged": {
        "pyproject.toml": f"{_SETUPTOOLS}\n[project]\nname = 'testpkg'\nversion = '1.0.0'\ndependencies = ['six']\n",
        "src/testpkg/__init__.py": "__version__ = '1.0.0'\n",
        "src/testpkg/core.py": "def process_data(values):\n    return [value * 2 for value in values]\n",
    },
    "existing_wheels": {},
    "mixed": {
        "requirements.txt": "urllib3>=2.0.0\n",
        "pyproject.toml": f"{_SETUPTOOLS}\n[project]\nname = 'myapp'\nversion = '0.2.0'\n",
        "myapp/__init__.py": "",
        "myapp/api.py": "import urllib3\n\n\ndef version():\n    return urllib3.__version__\n",
    },
    "nested": {
        "myproject-v1.0/requirements.txt": "certifi>=2023.0.0\n",
        "myproject-v1.0/myproject/__init__.py": "",
        "myproject-v1.0/myproject/utils.py": "import certifi\n\n\ndef bundle():\n    return certifi.where()\n",
    },
}

# All kinds of things in one archive: what each brings is used by a loose module.
EVERYTHING: Final[Mapping[str, str]] = {
    "requirements.txt": "idna>=3\n",
    **{f"testpkg/{name}": text for name, text in FORMATS["packaged"].items()},
    "numbers_of_all.py": (
        "import idna, six\nfrom simplepkg import hello\nfrom testpkg.core import process_data\n\n\n"
        "def together():\n    return [idna.encode('a'), six.text_type(hello()), *process_data([1, 2])]\n"
    ),
}
WHEEL: Final = "simplepkg-0.1.0-py3-none-any.whl"
# A record without hashes is poor, and every installer takes it.
_WHEEL: Final[Mapping[str, str]] = {
    "simplepkg/__init__.py": "def hello():\n    return 'Hello from simplepkg'\n",
    "simplepkg-0.1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: simplepkg\nVersion: 0.1.0\n",
    "simplepkg-0.1.0.dist-info/WHEEL": (
        "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    ),
    "simplepkg-0.1.0.dist-info/RECORD": (
        "simplepkg/__init__.py,,\nsimplepkg-0.1.0.dist-info/METADATA,,\n"
        "simplepkg-0.1.0.dist-info/WHEEL,,\nsimplepkg-0.1.0.dist-info/RECORD,,\n"
    ),
}


def write_zip(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip of files, the same bytes whenever it is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content)
    return path


def write_format(name: str, folder: Path) -> Path:
    """The archive of a format, or of `everything`, in a folder."""
    files: dict[str, str | bytes] = dict(EVERYTHING if name == "everything" else FORMATS[name])
    if name in {"existing_wheels", "everything"}:
        wheel = write_zip(folder / WHEEL, _WHEEL)
        files[WHEEL] = wheel.read_bytes()
        wheel.unlink()
    return write_zip(folder / f"{name}.zip", files)


if __name__ == "__main__":
    for each in FORMATS:
        sys.stdout.write(f"{write_format(each, Path(sys.argv[1]))}\n")
