"""The names of bundles, which tell pipelines apart in a workspace."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import yaml

from lakewright.errors.base import Location
from lakewright.io.local import PIPELINE_FILE
from lakewright.loading.source import shown_path
from lakewright.model.diagnostics import Finding
from lakewright.text.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.project.repository import PipelineFolder


def check_bundle_names(folders: Iterable[PipelineFolder]) -> tuple[Finding, ...]:
    """Findings of pipelines that share a name: each would deploy over the other. What is no YAML is left out."""
    named: defaultdict[str, list[tuple[PipelineFolder, Location]]] = defaultdict(list)
    for folder in folders:
        for name, place in bundle_name(folder):
            named[name].append((folder, place))
    return tuple(finding for name, same in sorted(named.items()) if len(same) > 1 for finding in _shared(name, same))


def _shared(name: str, same: list[tuple[PipelineFolder, Location]]) -> Iterator[Finding]:
    for folder, place in same:
        others = quoted(other.name for other, _ in same if other != folder)
        message = f"the bundle of pipeline '{folder.name}' is called '{name}', as that of {others}"
        hint = "Each would deploy over the other; call it as its folder is called."
        yield Finding(code="bundle-name", message=message, location=place, hint=hint)


def same_bundle(folder: PipelineFolder, others: Iterable[PipelineFolder]) -> str:
    """The pipeline among others whose bundle has the name of this one's; empty where there is none."""
    names = {name for name, _ in bundle_name(folder)}
    found = (other.name for other in others if names & {name for name, _ in bundle_name(other)})
    return next(found, "")


def bundle_name(folder: PipelineFolder) -> Iterator[tuple[str, Location]]:
    """The name of a bundle and its line; nothing where there is none."""
    file = folder.path / PIPELINE_FILE
    try:
        top = yaml.compose(file.read_text(encoding="utf-8"), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    for node in _value(top, "bundle"):
        for name in _value(node, "name"):
            if isinstance(name, yaml.ScalarNode) and name.value:
                yield name.value, Location(shown_path(str(file)), name.start_mark.line + 1)


def _value(node: yaml.Node | None, key: str) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (value for name, value in node.value if name.value == key)
