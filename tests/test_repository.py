"""One place for every fact of the repository, or a test that its places agree."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parents[1]
PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9-]+)(?:\[[^\]]*\])?==(?P<version>[^;\s]+)")
HOOKS: Final = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]


def read_toml(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def pins(requirements: list[Any]) -> dict[str, str]:
    """Name and version of what is pinned; ranges and included groups are left out."""
    found = (PIN.match(line) for line in requirements if isinstance(line, str))
    return {match["name"]: match["version"] for match in found if match}


def test_hooks_are_local_and_exact() -> None:
    assert [repository["repo"] for repository in HOOKS] == ["local"]
    for hook in HOOKS[0]["hooks"]:
        assert hook["language"] == "python"
        assert pins(hook["additional_dependencies"]), hook["id"]


def test_a_tool_has_one_version() -> None:
    groups = read_toml("pyproject.toml")["dependency-groups"].values()
    places = [pins(group) for group in groups] + [pins(hook["additional_dependencies"]) for hook in HOOKS[0]["hooks"]]
    versions: dict[str, set[str]] = {}
    for place in places:
        for name, version in place.items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_databricks_cli_has_one_version() -> None:
    wanted = r"databricks-bundles==|databricks_cli_version: \"== |databricks/setup-cli@[^\n]+\n\s+with:\n\s+version: "
    version = re.compile(rf"(?:{wanted})(\d+\.\d+\.\d+)")
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in tracked() if path.is_file()}
    found = {path.relative_to(ROOT).as_posix(): version.findall(text) for path, text in texts.items()}
    places = {path: versions for path, versions in found.items() if versions}
    assert len({each for versions in places.values() for each in versions}) == 1, places
    assert len(places) >= len(("package", "workflow", "example pipeline", "new pipeline"))


def test_the_framework_carries_the_licence() -> None:
    assert (ROOT / "framework" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_package_needs_nothing_but_python() -> None:
    project = read_toml("framework/pyproject.toml")["project"]
    assert project["dependencies"] == []
    assert project["requires-python"] == ">=3.10,<3.14"


def test_no_file_names_a_package_index_or_a_home_folder() -> None:
    strange = re.compile(rb"//(files\.pythonhosted|pypi)\.org/(simple|packages)|(?<![\w./])/(home|root|Users)/\w")
    # Tests may speak of homes that nobody has.
    others = (path for path in tracked() if path.is_file() and not path.is_relative_to(ROOT / "tests"))
    assert [path for path in others if strange.search(path.read_bytes())] == []


def test_no_lock_file_is_tracked() -> None:
    assert [path.name for path in tracked() if path.suffix == ".lock"] == []


def test_the_template_carries_the_framework_by_a_link() -> None:
    link = ROOT / "template" / "framework"
    assert link.is_symlink()
    assert link.readlink() == Path("../framework")


def test_ci_script_runs_every_session_that_must_pass() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^nox -s (?=.*\blint\b)(?=.*\btypes\b)(?=.*\bimports\b).*\btests$", script, re.MULTILINE)


def test_nobody_fetches_spark_to_lock_a_workspace() -> None:
    # It has no wheel: uv would fetch hundreds of megabytes for the metadata of an extra.
    extras = read_toml("framework/pyproject.toml")["project"]["optional-dependencies"]
    assert [line for lines in extras.values() for line in lines if line.startswith("pyspark")] == []
