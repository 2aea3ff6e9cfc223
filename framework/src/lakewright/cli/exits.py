"""How a command ends."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
INTERRUPTED: Final = 130
