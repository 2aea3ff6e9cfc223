"""Make a release: `python scripts/release.py 0.2.0`, then commit, tag, push the tag.

It moves the texts of changes/ into CHANGELOG.md, sets the version, and writes framework/sha256sums, by which a
repository that was made from the release finds hand edits in its framework. The first change of the framework after
the release deletes that file: a test says so. `--notes 0.2.0` prints what changed in a version, for the release's page.
"""

import argparse
import datetime as dt
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "framework" / "src"))

from lakewright.project.vendored import MANIFEST, digest, files_of  # noqa: E402  from this work tree

KINDS: Final[Mapping[str, str]] = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}
NOTHING_YET: Final = "No release yet.\n"
VERSION: Final = re.compile(r"\d+\.\d+\.\d+")


def main() -> int:
    """Release, or print notes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="such as 0.2.0, or a tag such as v0.2.0")
    parser.add_argument("--notes", action="store_true", help="print what changed in this version, and change nothing")
    options = parser.parse_args()
    version = options.version.removeprefix("v")
    if not VERSION.fullmatch(version):
        parser.error(f"{version} is no version: write three numbers, as in 0.2.0")
    if options.notes:
        sys.stdout.write(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version))
    else:
        release(ROOT, version, day=dt.datetime.now(tz=dt.timezone.utc).date())
    return 0


def release(root: Path, version: str, *, day: dt.date) -> None:
    """Bring a work tree to a release, ready to be committed."""
    fragments = {path: path.read_text(encoding="utf-8").strip() for path in sorted(root.glob("changes/*.*.md"))}
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(entered(text, section(fragments, version, day)), encoding="utf-8")
    project = root / "framework" / "pyproject.toml"
    settings = project.read_text(encoding="utf-8")
    project.write_text(re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', settings, count=1), encoding="utf-8")
    for path in fragments:
        path.unlink()
    (root / "framework" / MANIFEST).write_text(manifest(root / "framework"), encoding="utf-8")


def section(fragments: Mapping[Path, str], version: str, day: dt.date) -> str:
    """What changed, grouped by kind, as a section of the changelog."""
    grouped = {kind: [text for path, text in fragments.items() if path.suffixes[-2] == f".{kind}"] for kind in KINDS}
    lines = [f"## {version} ({day.isoformat()})"]
    for kind, texts in grouped.items():
        items = ["- " + text.replace("\n", "\n  ") for text in texts]
        lines += ["", f"### {KINDS[kind]}", "", *items] if items else []
    return "\n".join(lines) + "\n"


def entered(changelog: str, new: str) -> str:
    """The changelog with a section before those of earlier versions."""
    head, mark, earlier = changelog.replace(NOTHING_YET, "").partition("\n## ")
    return f"{head.rstrip()}\n\n{new}" + (f"\n## {earlier}" if mark else "")


def notes(changelog: str, version: str) -> str:
    """What changed in a version, without its heading."""
    _, _, rest = changelog.partition(f"\n## {version} ")
    if not rest:
        raise SystemExit(f"CHANGELOG.md has no version {version}")
    return rest.partition("\n## ")[0].partition("\n")[2].strip() + "\n"


def manifest(framework: Path) -> str:
    """The hash of each file, as `sha256sum` writes it."""
    return "".join(f"{digest(framework / path)}  {path}\n" for path in files_of(framework))


if __name__ == "__main__":
    sys.exit(main())
