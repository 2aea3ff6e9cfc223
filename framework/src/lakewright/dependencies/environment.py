"""What of this process's environment the builds of packages see: what they need, and no token that happens to be set.

Whoever offers a package from source has their code run when it is built, and that code can read all variables.
"""

from __future__ import annotations

import re
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MORE: Final = "LAKEWRIGHT_BUILD_VARIABLES"
_NEEDED: Final = frozenset([
    # The machine: programs, folders, language.
    "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "PYENV_ROOT", "SOURCE_DATE_EPOCH", "TEMP", "TMP",
    "TMPDIR", "TZ", "USER",
    # The way to an index: certificates, proxies, who signs in.
    "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NETRC", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR",
    "SSL_CERT_FILE", "SSL_CLIENT_CERT",
    # What a keyring on a desktop is asked through.
    "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND",
])  # fmt: skip
# uv's own settings but for those of publishing; folders of the user; languages; versions that a build has no git for.
_NEEDED_KINDS: Final = re.compile(
    r"UV_(?!PUBLISH_).+|XDG_.+|LC_.+|SETUPTOOLS_SCM_PRETEND_VERSION.*|(?:all|https?|no)_proxy"
)


def lean(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that building packages needs, and those that LAKEWRIGHT_BUILD_VARIABLES names.

    >>> lean({"PATH": "/bin", "DATABRICKS_TOKEN": "dapi…", "UV_INDEX": "https://packages.example/simple"})
    {'PATH': '/bin', 'UV_INDEX': 'https://packages.example/simple'}
    >>> lean({"CC": "clang", "CFLAGS": "-O2", "LAKEWRIGHT_BUILD_VARIABLES": "CC, CFLAGS"})
    {'CC': 'clang', 'CFLAGS': '-O2'}
    """
    named = _NEEDED | {name.strip() for name in environment.get(MORE, "").split(",")}
    return {name: value for name, value in environment.items() if name in named or _NEEDED_KINDS.fullmatch(name)}
