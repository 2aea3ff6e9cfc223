import subprocess
import sys
from pathlib import Path

import pytest

from lakewright.errors.deploying import CliFailedError, NoCliError
from lakewright.project.bundle_cli import find_cli
from tests.databricks_cli import RecordingCli
from tests.test_databricks_cli import BUNDLE
from tests.unit.project.repos import TARGETS, write


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingCli:
    write(tmp_path, {"targets.yml": TARGETS, "pipelines/sales/databricks.yml": BUNDLE})
    return RecordingCli.install(tmp_path / "cli", monkeypatch)


def sales(root: Path) -> Path:
    return root / "pipelines" / "sales"


def test_each_command_is_told_as_it_can_be_typed_and_so_is_what_it_prints(cli: RecordingCli, tmp_path: Path) -> None:
    told: list[str] = []
    found = find_cli(told.append)
    found.do(sales(tmp_path), "deploy", target="prod")
    assert '"plan_version": 2' in found.answer(sales(tmp_path), "plan", "--output", "json", target="prod")
    assert told == [
        "$ databricks bundle deploy --target prod",
        "  Uploading bundle files to /Workspace/bundles/sales/files...",
        "  Resources: 1 created, 0 changed, 0 deleted, 0 unchanged",
        "$ databricks bundle plan --target prod --output json",
    ]
    assert {call.pipeline for call in cli.calls[1:]} == {"sales"}


def test_without_a_cli_the_version_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoCliError, match=r"(?s)no `databricks` on the path.*Install the Databricks CLI 1\.22\.1"):
        find_cli(print)


@pytest.mark.parametrize("version", ["1.21.0", "0.18.0"])
def test_another_version_is_refused_before_it_does_anything(cli: RecordingCli, *, version: str) -> None:
    cli.tell(version=version)
    with pytest.raises(NoCliError, match=f"is version {version}; databricks-bundles 1.22.1"):
        find_cli(print)
    assert [call.words for call in cli.calls] == ["--version"]


def test_what_is_no_databricks_cli_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = write(tmp_path, {"databricks": "#!/bin/sh\necho hello"}) / "databricks"
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NoCliError, match=r"is version unknown \(hello\)"):
        find_cli(print)


@pytest.mark.parametrize(
    ("said", "way_out"),
    [
        ("Error: default auth: cannot configure default credentials", "lakewright doctor --target prod"),
        ("Error: 401 no matching federation policy", "lakewright doctor --target prod"),
        ("Error: you lack it (403 PERMISSION_DENIED)", "docs/set-up.md lists all that it needs"),
        ("Error: deploy lock acquired by someone", "deploy --target prod --force-lock"),
        ("Error: dial tcp: lookup x: no such host", "host of 'prod' in targets.yml"),
        ("Error: 429 REQUEST_LIMIT_EXCEEDED", "Try again"),
        ("Error: 503 TEMPORARILY_UNAVAILABLE", "Try again"),
    ],
)
def test_a_failure_is_told_in_its_own_words_with_the_way_out(
    cli: RecordingCli, tmp_path: Path, *, said: str, way_out: str
) -> None:
    for verb in ("deploy", "plan"):
        cli.fails(verb, f"{said}\n")
    found = find_cli(lambda _: None)
    with pytest.raises(CliFailedError) as deploying:
        found.do(sales(tmp_path), "deploy", target="prod")
    with pytest.raises(CliFailedError) as planning:
        found.answer(sales(tmp_path), "plan", target="prod")
    for raised in (deploying, planning):
        assert said in str(raised.value)
        assert way_out in str(raised.value)
    assert "`databricks bundle deploy --target prod` failed" in str(deploying.value)


INTERRUPTED = """
import os, signal, sys, threading
import subprocess
import sys
from pathlib import Path
from lakewright.project.bundle_cli import BundleCli

threading.Timer(1, lambda: os.killpg(0, signal.SIGINT)).start()
try:
    BundleCli(program=sys.argv[1], tell=print).do(Path.cwd(), "deploy", target="prod")
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_lets_the_cli_give_its_lock_back(tmp_path: Path) -> None:
    program = (
        write(tmp_path, {"slow": "#!/bin/sh\ntrap 'sleep 1; touch released; exit 1' INT\nsleep 30 & wait\n"}) / "slow"
    )
    program.chmod(0o755)
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(program)],
        cwd=tmp_path,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.endswith("interrupted\n")
    assert (tmp_path / "released").exists()
