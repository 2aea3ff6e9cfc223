import ast
from pathlib import Path

import pytest

import lakewright
from lakewright.project.imports import imported_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a", {"a"}),
        ("import a.b as c, d", {"a", "d"}),
        ("from a.b import c, d", {"a"}),
        ("from a import (\n    b,\n)", {"a"}),
        ("from . import near\nfrom .. import far\nfrom ..other import x", set()),
        ("def f():\n    import a; from b import c", {"a", "b"}),
        ("import_module('a')\n__import__( \"b\" )", {"a", "b"}),
        ("x = 'a.b:c'", {"a"}),
        ("x = 'a'", set()),
        ("", set()),
    ],
)
def test_what_is_imported_is_found_by_its_first_name(source: str, names: set[str]) -> None:
    assert imported_names(source.encode()) == names


def test_no_import_of_a_large_program_is_missed() -> None:
    for file in Path(lakewright.__file__).parent.rglob("*.py"):
        source = file.read_bytes()
        tree = ast.walk(ast.parse(source))
        names = {
            name.partition(".")[0]
            for node in tree
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
        }
        assert names <= imported_names(source), file
