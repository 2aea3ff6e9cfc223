"""Rendered repositories, each made once in a test process."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.template.rendering import Answers, render, snapshot

Rendered: TypeAlias = Callable[[Answers], Path]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template, taken once: the work tree may change while tests run."""
    return snapshot(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def rendered(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A generated repo for each set of answers. It is shared: look, do not touch."""
    repos: dict[str, Path] = {}

    def once(answers: Answers) -> Path:
        key = repr(sorted(answers.items()))
        if key not in repos:
            repos[key] = render(source, tmp_path_factory.mktemp("rendered") / "repo", answers)
        return repos[key]

    return once
