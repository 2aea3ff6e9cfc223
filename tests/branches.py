"""What tests of branches need of the Python that runs them."""

import sys
from typing import Final

import pytest

NO_BRANCHES: Final = "Python 3.10 does not tell where in a line a call stands, so a body with branches is refused there"
needs_branches: Final = pytest.mark.skipif(sys.version_info < (3, 11), reason=NO_BRANCHES)
