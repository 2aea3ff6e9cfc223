"""Running a body as plain Python: for bodies that need the values of their tasks."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

from lakewright.authoring.body import Body, refuse_inside_body
from lakewright.authoring.current import eager
from lakewright.authoring.parameters import parameters_of
from lakewright.errors.authoring import SettingError
from lakewright.loading.objects import load
from lakewright.pipelines.arguments import parameter_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.pipelines.arguments import Traceable


def run_eagerly(body: Traceable, given: Mapping[str, object]) -> Any:  # noqa: ANN401  what the body returns
    """What a body returns when its tasks are called as the functions that they are, one after the other.

    Nothing is kept, and nothing can be gone on with; a warning in the log says so.

    Raises:
        ParameterError: an unknown or missing parameter, or a value that is not of its type.
        SettingError: there is no function to run, as the pipeline was wired by hand, or one that needs packages.
        Exception: whatever a task or the body raises, unchanged.
    """
    refuse_inside_body(body.name, "run")
    if not isinstance(body, Body):
        message = f"'{body.name}' has no body to run as plain Python: its tasks are wired by hand"
        raise SettingError(message, location=body.location)
    body.check_plain()
    parameters = parameters_of(body.function, job=body.name)
    texts = parameter_texts(body, given, now=datetime.now(timezone.utc), parameters=parameters)
    values = {each.name: each.type.parse(each.name, texts[each.name], load) for each in parameters}
    logging.getLogger(f"lakewright.{body.name}").warning(
        "eager: the body runs as plain Python, one task after the other; no outputs are kept, nothing can be resumed"
    )
    token = eager.set(True)
    try:
        return body.function(**values)
    finally:
        eager.reset(token)
