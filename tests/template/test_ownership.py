"""Who owns a file, and what an update does to it."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import copier
import pytest
import yaml

from tests.template.conftest import Rendered
from tests.template.rendering import ROOT, commit, files, render, run, snapshot

OLD: Final = "v0.1.0"
NEW: Final = "v9999.0.0"
# The lines of both sides, as git marks them.
HUNK: Final = re.compile(r"^<{7} .*?\n(.*?)^={7}\n(.*?)^>{7} .*?\n", re.MULTILINE | re.DOTALL)
# At the start of a line, as git writes it: elsewhere it is code that looks for it.
MARKER: Final = re.compile(rb"^<{7} ", re.MULTILINE)


def read_ownership() -> dict[str, list[str]]:
    """The classes that copier.yml writes down, for the default answers."""
    document = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    classes: dict[str, list[str]] = yaml.safe_load(
        document["ownership"]["default"].replace("{{ pipeline }}", "flights")
    )
    return classes


OWNERSHIP: Final = read_ownership()


def classes_of(name: str) -> list[str]:
    return [
        owner
        for owner, paths in OWNERSHIP.items()
        if any(f"/{name}" == path or f"/{name}".startswith(f"{path}/") for path in paths)
    ]


def edit(path: Path, pattern: str, replacement: str) -> None:
    """Replace what a pattern matches; it must match."""
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert count, f"{path} has no {pattern}"
    path.write_text(text, encoding="utf-8")


def make_first(template: Path) -> None:
    """The template as it might have been: of each class something is missing, other or since removed."""
    (template / "framework/src/lakewright/since_removed.py").write_text('"""Gone."""\n', encoding="utf-8")
    (template / "framework/src/lakewright/py.typed").unlink()
    (template / "template/docs/runbook.md.jinja").unlink()
    (template / "template/docs/since-removed.md").write_text("# Gone\n", encoding="utf-8")
    (template / "template/shared/since-removed.md").write_text("# Gone\n", encoding="utf-8")
    edit(template / "framework/pyproject.toml", r'version = "[^"]*"', 'version = "0.0.1"')
    edit(template / "template/noxfile.py", r"@nox.session\ndef wheels.*?(?=\n\ndef sync)", "")
    edit(template / "template/pyproject.toml.jinja", r"mypy==[^\"]*", "mypy==1.0.0")
    edit(template / "template/README.md.jinja", r"## What is where.*?(?=## From)", "")
    edit(template / "template/targets.yml.jinja", r"  volume:\n.*?(?=  data:)", "")
    edit(
        template / "template/pipelines/{{ pipeline }}/databricks.yml.jinja",
        r"databricks_cli_version: .*?\n",
        "databricks_cli_version: '*'\n",
    )


def make_second(template: Path) -> None:
    """Another one: a workflow has since been renamed, a question has come, one has gone, lines say something else."""
    workflows = template / "template/.github/workflows"
    (workflows / "rollback.yml.jinja").rename(workflows / "back.yml.jinja")
    edit(template / "copier.yml", r"attestations:\n  type: bool\n", "attestations:\n  type: bool\n  when: false\n")
    edit(
        template / "copier.yml",
        r"\nproject_name:\n  type",
        "\nregion:\n  type: str\n  default: eu\n\nproject_name:\n  type",
    )
    (template / "template/.editorconfig").write_text("root = true\n", encoding="utf-8")
    edit(template / "template/noxfile.py", r"Run every job on this machine", "Run all jobs here")
    edit(template / "template/pyproject.toml.jinja", r"ruff==[^\"]*", "ruff==0.1.0")
    edit(template / "template/docs/runbook.md.jinja", r"# Runbook", "# What to do")
    edit(template / "template/.github/pull_request_template.md", r"## Before", "## Long before")


# What an older version of the template looked like, by its tag.
SHAPES: Final[Mapping[str, Callable[[Path], None]]] = {"v0.1.0": make_first, "v0.2.0": make_second}
# Releases are kept here as they were: `git bundle create tests/template/releases/v1.0.0.bundle v1.0.0`.
RELEASES: Final = Path(__file__).with_name("releases")
OLDER: Final = (*SHAPES, *sorted(path.stem for path in RELEASES.glob("*.bundle")))


def add_release(repository: Path, bundle: Path) -> None:
    """Have a release in a repository that is kept in a file."""
    run("git", "fetch", "--quiet", str(bundle), "refs/tags/*:refs/tags/*", cwd=repository)


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the template with a tag for each older version and one for that of the work tree."""
    repository = snapshot(tmp_path_factory.mktemp("versions"))
    commit(repository, "Newer")
    run("git", "tag", NEW, cwd=repository)
    for tag, make_older in SHAPES.items():
        older = snapshot(tmp_path_factory.mktemp("older"))
        make_older(older)
        commit(older, tag)
        run("git", "tag", tag, cwd=older)
        run("git", "bundle", "create", "--quiet", "release.bundle", tag, cwd=older)
        add_release(repository, older / "release.bundle")
    for bundle in RELEASES.glob("*.bundle"):
        add_release(repository, bundle)
    return repository


@pytest.fixture
def old(request: pytest.FixtureRequest) -> str:
    """The version that a repo begins with: the first, unless a test names some."""
    return str(getattr(request, "param", OLD))


@pytest.fixture
def repo(versions: Path, tmp_path: Path, old: str) -> Path:
    """A generated repo of an older version, committed."""
    destination = tmp_path / "repo"
    copier.run_copy(str(versions), destination, data={"codeowners": "@acme/a"}, defaults=True, quiet=True, vcs_ref=old)
    commit(destination)
    return destination


@pytest.fixture
def fresh(versions: Path, tmp_path: Path) -> Path:
    """What `copier copy` makes of the newer version."""
    destination = tmp_path / "fresh"
    copier.run_copy(str(versions), destination, data={"codeowners": "@acme/a"}, defaults=True, quiet=True, vcs_ref=NEW)
    return destination


every_version: Final = pytest.mark.parametrize("old", OLDER, indirect=True)


def update(repo: Path) -> None:
    """Update to the newest version, as `copier update --defaults` on a clean work tree."""
    commit(repo)
    copier.run_update(repo, defaults=True, overwrite=True, quiet=True)


def conflicts(repo: Path) -> list[str]:
    unmerged = run("git", "ls-files", "--unmerged", cwd=repo).splitlines()
    marked = [name for name, content in files(repo).items() if MARKER.search(content) or name.endswith(".rej")]
    return unmerged + marked


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> Iterator[str]:
    return (name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name))


def test_every_file_is_in_exactly_one_class(rendered: Rendered) -> None:
    owned = {name: classes_of(name) for name in files(rendered({"codeowners": "@acme/a"}))}
    assert [name for name, classes in owned.items() if len(classes) != 1] == []


def test_every_class_names_only_what_is_there(rendered: Rendered) -> None:
    repos = [rendered({"codeowners": "@acme/a"}), rendered({"dependency_updates": "renovate"})]
    paths = [path.removeprefix("/") for paths in OWNERSHIP.values() for path in paths]
    assert [path for path in paths if not any((repo / path).exists() for repo in repos)] == []


def test_the_document_on_updates_names_every_class(rendered: Rendered) -> None:
    document = (rendered({}) / "docs" / "update.md").read_text(encoding="utf-8")
    for paths in OWNERSHIP.values():
        assert ", ".join(f"`{path.removeprefix('/')}`" for path in paths) in document


@every_version
def test_an_untouched_repo_becomes_a_fresh_copy_but_for_what_was_seeded(repo: Path, fresh: Path) -> None:
    seeded = {name: content for name, content in files(repo).items() if classes_of(name) == ["seeded"]}
    update(repo)
    assert conflicts(repo) == []
    owned = {name: content for name, content in files(fresh).items() if classes_of(name) != ["seeded"]}
    assert files(repo) == {**owned, **seeded}


@every_version
def test_edits_of_every_class_survive_and_a_second_update_changes_nothing(repo: Path, fresh: Path) -> None:
    mine = {
        "README.md": "\n## Ours\n\nAsk in #data-platform.\n",
        "docs/set-up.md": "\n## Ours\n\nThe account is 42.\n",
        "pipelines/flights/src/flights/tasks.py": "\n# Ours.\n",
        "pipelines/sales/pyproject.toml": '[project]\nname = "sales"\nversion = "1"\n',
        "shared/geo/pyproject.toml": '[project]\nname = "geo"\nversion = "1"\n',
        "uv.lock": "version = 1\n",
    }
    for name, text in mine.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
    edit(
        repo / "pyproject.toml",
        r'dependencies = \["lakewright\[cli\]"\]',
        'dependencies = ["lakewright[cli]", "httpx"]',
    )
    edit(repo / "targets.yml", r"https://CHANGE-ME\.example\.com", "https://acme.cloud.databricks.com")
    (repo / ".editorconfig").unlink()
    before = files(repo)

    update(repo)

    assert conflicts(repo) == []
    after, expected = files(repo), files(fresh)
    for name in ("README.md", "docs/set-up.md"):
        assert after[name] == expected[name] + mine[name].encode()
    assert after["pyproject.toml"] == expected["pyproject.toml"].replace(
        b'["lakewright[cli]"]', b'["lakewright[cli]", "httpx"]'
    )
    assert ".editorconfig" not in after
    edited = {".editorconfig", "README.md", "docs/set-up.md", "pyproject.toml"}
    others = [name for name in differences(after, expected) if name not in edited]
    assert all(after.get(name) == before.get(name) for name in others)
    assert {owner for name in others for owner in classes_of(name)} == {"seeded"}

    update(repo)
    assert run("git", "status", "--porcelain", cwd=repo) == ""


@pytest.mark.parametrize("deleted", ["pipelines/flights", "shared/README.md", ".github/CODEOWNERS", "targets.yml"])
def test_what_was_seeded_and_deleted_stays_deleted(repo: Path, deleted: str) -> None:
    path = repo / deleted
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    update(repo)
    assert not path.exists()
    assert conflicts(repo) == []


def test_a_new_answer_changes_what_is_rendered_from_it(repo: Path) -> None:
    copier.run_update(repo, data={"staging": False, "python": "3.11"}, defaults=True, overwrite=True, quiet=True)
    workflow = (repo / ".github/workflows/deploy.yml").read_text(encoding="utf-8")
    assert "staging" not in workflow
    assert 'python-version: "3.11"' in workflow
    assert "staging:" in (repo / "targets.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("old", ["v0.2.0"], indirect=True)
def test_conflicts_are_exactly_the_lines_that_both_changed_and_the_gate_finds_them(repo: Path, fresh: Path) -> None:
    ours = {
        "noxfile.py": ("Run all jobs here", "Run our jobs"),
        "pyproject.toml": ("ruff==0.1.0", "ruff==0.2.0"),
        "docs/runbook.md": ("# What to do", "# Help"),
    }
    theirs = {"noxfile.py": "every job on this machine", "pyproject.toml": '"ruff==', "docs/runbook.md": "# Runbook"}
    for name, (text, other) in ours.items():
        edit(repo / name, re.escape(text), other)
    # What the template changed far from it, and what it did not change, conflicts with nothing.
    edit(repo / "README.md", r"# my-platform", "# Our platform")
    (repo / ".github/pull_request_template.md").write_text("Ours.\n", encoding="utf-8")
    update(repo)
    assert {name.partition("\t")[2] or name for name in conflicts(repo)} == set(ours)
    for name, (_, other) in ours.items():
        text, expected = ((folder / name).read_text(encoding="utf-8") for folder in (repo, fresh))
        [(mine, new)] = HUNK.findall(text)
        assert (len(mine.splitlines()), len(new.splitlines())) == (1, 1)
        assert other in mine
        assert theirs[name] in new
        assert HUNK.sub(r"\2", text) == expected
    gate = yaml.safe_load((repo / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    [entry] = [hook["entry"] for hook in gate if hook["id"] == "conflicts"]
    command = [
        "uv",
        "tool",
        "run",
        "--quiet",
        "--from",
        "pre-commit-hooks==6.0.0",
        *entry.removeprefix("uv run ").split(),
    ]
    assert {line.partition(":")[0] for line in run(*command, *ours, "README.md", cwd=repo, code=1).splitlines()} == set(
        ours
    )


def test_the_copy_holds_the_framework_and_nothing_that_builds_leave(source: Path, tmp_path: Path) -> None:
    dirty = tmp_path / "dirty"
    shutil.copytree(source, dirty, symlinks=True)
    litter = (
        "build/lib/x.py",
        "dist/x.whl",
        "tests/test_x.py",
        ".venv/bin/python",
        "uv.lock",
        "src/lakewright.egg-info/PKG-INFO",
        "src/lakewright/__pycache__/x.cpython-311.pyc",
        ".mypy_cache/x.json",
        ".pytest_cache/x",
        ".ruff_cache/x",
        ".hypothesis/x",
        ".coverage",
        ".DS_Store",
    )
    for name in litter:
        path = dirty / "framework" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    copied = files(render(dirty, tmp_path / "repo", {}) / "framework")
    assert copied == files(source / "framework")
