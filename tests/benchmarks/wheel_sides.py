"""The sides that are measured of fetching wheels, each a process that imports what it needs and no more."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lakewright.dependencies.index import Index
from lakewright.dependencies.platforms import GLIBC, WheelTarget

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TARGET: Final = WheelTarget("3.12")
# 15 wheels, 114 MB or a little more as releases grow.
REQUIREMENTS: Final = ("pandas", "pyarrow", "scikit-learn", "requests")
PLATFORMS: Final = [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC[1], 16, -1)] + ["manylinux2014_x86_64"]
LARGE: Final = 4
PEAK: Final = "peak"
LOCK: Final = "pylock.toml"
PINS: Final = "pins.txt"


def peak() -> int:
    """The most memory that this process has had since it began; what its parent had does not count."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def ours(url: str, place: Path) -> None:
    """Resolve and fetch as a build does."""
    from lakewright.dependencies.fetch import fetch
    from lakewright.dependencies.resolve import resolve

    index = Index(urls=(url,))
    fetch(resolve(REQUIREMENTS, TARGET, index=index).files, cache=place / "cache", index=index)


def assemble_large(url: str, place: Path) -> None:
    """Resolve, fetch and assemble."""
    from lakewright.dependencies.fetch import fetch
    from lakewright.dependencies.resolve import resolve
    from lakewright.dependencies.wheelhouse import assemble

    index = Index(urls=(url,))
    lock = resolve([f"part{number}" for number in range(LARGE)], TARGET, index=index)
    assemble(fetch(lock.files, cache=place / "cache", index=index), place / "out", target=TARGET)
    (place / PEAK).write_text(str(peak()), encoding="utf-8")


def locked(url: str, place: Path) -> None:
    """Fetch what a lock names, as the build of a pipeline does."""
    from lakewright.dependencies.fetch import fetch
    from lakewright.dependencies.lock import read_lock

    lock = read_lock((place.parent / LOCK).read_text(encoding="utf-8"), TARGET, base=place)
    fetch(lock.files, cache=place / "cache", index=Index(urls=(url,)))


def by_hand(url: str, place: Path) -> None:
    """What somebody writes who wants it fast: uv resolves, threads download and check."""
    import hashlib
    import urllib.request
    from concurrent.futures import ThreadPoolExecutor

    place.mkdir(parents=True)
    (place / "requirements.in").write_text("\n".join(REQUIREMENTS), encoding="utf-8")
    options = ["--format=pylock.toml", "--generate-hashes", "--quiet", f"--default-index={url}", *TARGET.uv_options]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    line = ["uv", "pip", "compile", str(place / "requirements.in"), *options]
    said = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)

    def download(package: dict[str, object]) -> None:
        wheel = package["wheels"][0]  # type: ignore[index]  # a lock's own form
        content = urllib.request.urlopen(wheel["url"]).read()  # noqa: S310  loopback
        assert hashlib.sha256(content).hexdigest() == wheel["hashes"]["sha256"]
        (place / wheel["url"].rpartition("/")[2]).write_bytes(content)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(download, tomllib.loads(said.stdout)["packages"]))


def pip(url: str, place: Path) -> None:
    """What pip offers: a download for another platform."""
    platforms = [f"--platform={name}" for name in PLATFORMS]
    options = ["--only-binary=:all:", f"--python-version={TARGET.python}", *platforms, f"--index-url={url}", "--quiet"]
    wanted = ["--requirement", str(place.parent / PINS)]
    line = [sys.executable, "-m", "pip", "download", "--no-cache-dir", *options, f"--dest={place}", *wanted]
    subprocess.run(line, check=True)


SIDES: Final[Mapping[str, Callable[[str, Path], None]]] = {
    "ours": ours,
    "locked": locked,
    "by-hand": by_hand,
    "pip": pip,
    "assemble": assemble_large,
}

if __name__ == "__main__":
    SIDES[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
