"""The browser of this machine: Chromium, or Chrome where that is what it has."""

import shutil
from typing import Final

MISSING: Final = "no Chromium on this machine: apt-get install --yes --no-install-recommends chromium"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Its path; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
