"""Archives of several formats, processed, installed, shipped and used on executors; the result is JSON on stdout.

Usage: formats.py URL FOLDER FORMAT…
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from lakewright.dependencies import (
    ProcessorSettings,
    WheelTarget,
    check_packages,
    install,
    process_dependencies,
    ship,
)
from tests.dependencies.fixtures import write_format
from tests.spark.scenario import session

# A module, a function of it, and what the function is called with.
USES: Final[dict[str, tuple[str, str, tuple[Any, ...]]]] = {
    "requirements_only": ("dateutil.parser", "isoparse", ("2026-11-30",)),
    "pure_python": ("user_modules.myutils.helpers", "greet", ("Ada",)),
    "packaged": ("testpkg.core", "process_data", ([1, 2],)),
    "existing_wheels": ("simplepkg", "hello", ()),
    "mixed": ("myapp.api", "version", ()),
    "everything": ("user_modules.numbers_of_all", "together", ()),
    "nested": ("user_modules.myproject.utils", "bundle", ()),
}


def use(form: str) -> Callable[[], object]:
    """What is called where the check runs."""
    module, function, arguments = USES[form]

    def called() -> object:
        return bool(getattr(import_module(module), function)(*arguments))

    # Executors have no module of that name: the function itself travels.
    called.__module__ = "__main__"
    return called


def main(url: str, folder: str, *forms: str) -> None:
    """Make, install, ship and check each format in one session."""
    target = WheelTarget(f"{sys.version_info.major}.{sys.version_info.minor}")
    spark = session(url)
    for form in forms:
        given = write_format(form, Path(folder) / "given")
        made = process_dependencies(given, Path(folder) / "volume", form, settings=ProcessorSettings(target=target))
        install(made, target=Path(folder) / "driver" / form)
        sys.path.insert(0, str(Path(folder) / "driver" / form))
        ship(spark, made, native="leave out")
    report = check_packages({form: use(form) for form in forms}, spark=spark, partitions=4)
    spark.stop()
    sys.stdout.write(json.dumps({"results": report.results, "processes": report.processes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
