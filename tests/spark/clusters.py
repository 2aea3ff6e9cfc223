"""A real Spark cluster on this machine: a standalone master, two workers, a Connect server, each a process of its own.

Nothing leaves the loopback device. Executors start with a clean environment: what they import is what was shipped.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

MISSING_JAVA: Final = "no Java on this machine: apt-get install --yes --no-install-recommends openjdk-17-jre-headless"
MISSING_SPARK: Final = "no Spark in this environment: run the tests by nox -s tests"
HOST: Final = "127.0.0.1"
WORKERS: Final = 2
_PATIENCE: Final = 240.0


def missing() -> str:
    """What this machine lacks for Spark, with the command that installs it; empty if nothing."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return MISSING_JAVA
    return "" if find_spec("pyspark") else MISSING_SPARK


def environment(folder: Path) -> dict[str, str]:
    """Variables of Spark's own processes, without what this one was started with."""
    kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "SPARK_HOME": str(_home()),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        # It would else go on in the background, out of reach.
        "SPARK_NO_DAEMONIZE": "1",
    }


def _home() -> Path:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


class Cluster(NamedTuple):
    """A cluster that runs.

    Attributes:
        master: the URL for classic sessions.
        connect: the URL for sessions of Connect.
        folder: for the logs and the scratch of its processes.
    """

    master: str
    connect: str
    folder: Path


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A cluster, ended when the context is left."""
    port, connect = free_port(), free_port()
    cluster = Cluster(f"spark://{HOST}:{port}", f"sc://{HOST}:{connect}", folder)
    with ExitStack() as stack:
        master = ("--host", HOST, "--port", str(port), "--webui-port", "0")
        _start(stack, folder / "master.log", "spark-class", "org.apache.spark.deploy.master.Master", *master)
        wait_for(lambda: is_open(port), "the master")
        for number in range(WORKERS):
            small = ("--host", HOST, "--cores", "2", "--memory", "1g", "--webui-port", "0")
            worker = ("spark-class", "org.apache.spark.deploy.worker.Worker", cluster.master)
            _start(stack, folder / f"worker-{number}.log", *worker, *small)
        log = folder / "master.log"
        wait_for(lambda: log.read_text(errors="replace").count("Registering worker") == WORKERS, "the workers")
        given = [part for name, value in _settings(connect).items() for part in ("--conf", f"{name}={value}")]
        server = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")
        _start(stack, folder / "connect.log", "spark-submit", "--master", cluster.master, *given, *server)
        wait_for(lambda: is_open(connect), "the Connect server")
        yield cluster


def _settings(port: int) -> dict[str, str]:
    """What the Connect server is started with."""
    return {
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": HOST,
        "spark.cores.max": str(WORKERS),
        "spark.executor.cores": "1",
        "spark.executor.memory": "512m",
        "spark.ui.enabled": "false",
    }


def _start(stack: ExitStack, log: Path, program: str, *arguments: str) -> None:
    process = subprocess.Popen(
        [str(_home() / "bin" / program), *arguments],
        env=environment(log.parent),
        stdin=subprocess.DEVNULL,
        stdout=stack.enter_context(log.open("wb")),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    stack.callback(_end, process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def wait_for(happens: Callable[[], bool], what: str) -> None:
    """Wait until something has happened."""
    ends = time.monotonic() + _PATIENCE
    while not happens():
        assert time.monotonic() < ends, f"{what} did not come up"
        time.sleep(0.1)
