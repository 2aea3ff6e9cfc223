"""What each pipeline of a repository comes to: its generated definitions, and what is in the wheels that it needs."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

# In a process of its own: what is imported stays imported.
GENERATE: Final = """
import json, sys
from pathlib import Path
from lakewright.databricks.jobs import job_definition
from lakewright.project.discovery import jobs_of
from lakewright.project.repository import Repository

root = Path.cwd()
sys.path[:0] = [str(path) for path in sorted(root.glob("*/*/src"))]
found = {}
for folder in Repository(root).pipelines:
    try:
        found[folder.name] = [job_definition(each.job.definition) for each in jobs_of(folder)]
    except Exception as error:
        found[folder.name] = type(error).__name__
print(json.dumps(found))
"""


def outputs(root: Path, out: Path) -> Mapping[str, str]:
    """A digest for each pipeline, equal where a deployment would be, and a word: whether it would work."""
    done = subprocess.run([sys.executable, "-B", "-c", GENERATE], cwd=root, capture_output=True, text=True, check=True)
    definitions = json.loads(done.stdout)
    wheels = {folder.parent.name: wheel(folder.parent, out) for folder in sorted(root.glob("*/*/pyproject.toml"))}
    by_name = {content["name"]: content for content in wheels.values()}
    found = {
        name: [definition, [by_name[each] for each in needed(wheels.get(name), by_name)]]
        for name, definition in definitions.items()
    }
    return {name: digest(content) for name, content in found.items()}


def digest(content: list[Any]) -> str:
    """A word and a digest."""
    definition, wheels = content
    is_sound = isinstance(definition, list) and all("broken" not in wheel for wheel in wheels)
    text = json.dumps(content, sort_keys=True)
    return f"{'sound' if is_sound else 'broken'} {sha256(text.encode()).hexdigest()}"


def needed(content: Mapping[str, str] | None, by_name: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The names of the wheels that one leads to by its own metadata, itself included."""
    waiting = [content["name"]] if content else []
    for name in waiting:
        yield name
        needs = (each.lower() for each in by_name[name]["needs"].split())
        waiting += [each for each in needs if each in by_name and each not in waiting]


def wheel(project: Path, out: Path) -> Mapping[str, str]:
    """What is in the wheel of a project; the reason where none can be built."""
    place = out / project.name
    command = ["uv", "build", "--quiet", "--wheel", "--clear", "--offline", "--out-dir", str(place), str(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"name": f"broken {project.name}", "needs": "", "broken": ""}
    (file,) = place.glob("*.whl")
    with ZipFile(file) as archive:
        content = {name: archive.read(name).hex() for name in archive.namelist()}
        metadata = next(name for name in content if name.endswith("/METADATA"))
        headers = BytesParser().parsebytes(archive.read(metadata))
    needs = " ".join(str(each) for each in headers.get_all("Requires-Dist") or ())
    return {**content, "name": headers["Name"].lower(), "needs": needs}
