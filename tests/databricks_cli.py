"""A `databricks` for tests: it records each call, refuses what the real one would, and keeps what is deployed.

Put it on the path, run what calls it, and look at the calls:

    cli = RecordingCli.install(tmp_path / "bin", monkeypatch)
    ...
    assert [call.words for call in cli.calls] == ["bundle plan --target prod --output json"]
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.recording.bundles import RefusedError
from tests.recording.commands import Told, execute
from tests.recording.flags import WrongCallError, parse
from tests.recording.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

VERSION: Final = "1.22.1"
ROOT: Final = Path(__file__).parents[1]
SCRIPT: Final = """\
#!{python}
import sys
sys.path[:0] = [{root!r}, {source!r}]
from tests.databricks_cli import main
sys.exit(main({home!r}, sys.argv[1:]))
"""
# What of its environment a call depends on; a token is none of them: it is not to be seen anywhere.
SEEN: Final = ("DATABRICKS_AUTH_TYPE", "DATABRICKS_CLIENT_ID", "DATABRICKS_HOST", "LAKEWRIGHT_WHEELS")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: its argv, where it was made, and what of the environment counts."""

    argv: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    code: int

    @property
    def words(self) -> str:
        """What was typed behind `databricks`."""
        return shlex.join(self.argv)

    @property
    def pipeline(self) -> str:
        """The folder's name: that of the pipeline."""
        return Path(self.folder).name


@dataclass(frozen=True)
class RecordingCli:
    """The executable in `home/bin`, what it is told, and what it has seen."""

    home: Path

    @classmethod
    def install(
        cls, home: Path, monkeypatch: pytest.MonkeyPatch | None = None, *, version: str = VERSION
    ) -> RecordingCli:
        """Write the executable, and put it first on the path."""
        cli = cls(home)
        cli.folder.mkdir(parents=True, exist_ok=True)
        source = str(ROOT / "framework" / "src")
        text = SCRIPT.format(python=sys.executable, root=str(ROOT), source=source, home=str(home))
        executable = cli.folder / "databricks"
        executable.write_text(text, encoding="utf-8")
        executable.chmod(0o755)
        cli.tell(version=version)
        if monkeypatch:
            monkeypatch.setenv("PATH", str(cli.folder), prepend=os.pathsep)
        return cli

    @property
    def folder(self) -> Path:
        """What goes on the path."""
        return self.home / "bin"

    @property
    def workspace(self) -> Workspace:
        """What is deployed: edit it by hand to make drift."""
        return Workspace(self.home / "workspace")

    @property
    def calls(self) -> list[Call]:
        file = self.home / "calls.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        return [Call(**{**content, "argv": tuple(content["argv"])}) for content in map(json.loads, lines)]

    def forget(self) -> None:
        """Forget the calls so far; what is deployed stays."""
        (self.home / "calls.jsonl").unlink(missing_ok=True)

    def tell(self, **settings: Any) -> None:  # noqa: ANN401  JSON
        """How it behaves from now on: `version`, `plan` (JSON that is printed as it is)."""
        self._settings({**self.settings, **settings})

    def fails(self, verb: str, says: str, *, pipeline: str = "", target: str = "", code: int = 1) -> None:
        """Let `bundle VERB` fail, by default of every pipeline and target, until `heals` is called."""
        rule = {"verb": verb, "says": says, "pipeline": pipeline, "target": target, "code": code}
        self.tell(failures=[*self.settings.get("failures", []), rule])

    def denies(self, verb: str = "plan", *, pipeline: str = "", target: str = "") -> None:
        """Let `bundle VERB` fail for want of a permission, in the words of the API."""
        says = (
            "Error: reading state: User does not have permission to read the file (403 PERMISSION_DENIED)\n\n"
            "HTTP Status: 403 Forbidden\nAPI error_code: PERMISSION_DENIED\n"
        )
        self.fails(verb, says, pipeline=pipeline, target=target)

    def heals(self) -> None:
        self.tell(failures=[])

    @property
    def settings(self) -> dict[str, Any]:
        file = self.home / "settings.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return found

    def _settings(self, content: dict[str, Any]) -> None:
        (self.home / "settings.json").write_text(json.dumps(content), encoding="utf-8")


def main(home: str, argv: Sequence[str]) -> int:
    """Carry out one call and record it; the exit code."""
    cli = RecordingCli(Path(home))
    try:
        code = execute(Told(cli.settings, cli.workspace), parse(argv))
    except (WrongCallError, RefusedError) as error:
        sys.stderr.write(f"Error: {error}\n")
        code = 1
    call = {
        "argv": list(argv),
        "folder": str(Path.cwd()),
        "environment": {name: os.environ[name] for name in SEEN if name in os.environ},
        "code": code,
    }
    with (cli.home / "calls.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(call) + "\n")
    return code
