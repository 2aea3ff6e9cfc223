"""What the recording `databricks` understands: each flag of the real one that is in use, with where it is documented.

A flag that has no row is an error, as it is one of the real CLI.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# The reference of the commands, for users.
DOCS: Final = "https://docs.databricks.com/aws/en/dev-tools/cli/bundle-commands"
# Where the CLI declares its flags, and the outputs that its own acceptance tests hold.
SOURCE: Final = "https://github.com/databricks/cli/blob/main"


class Flag(NamedTuple):
    """A flag: its names, what follows it if anything does, and where that stands."""

    names: tuple[str, ...]
    takes: str
    source: str


GLOBAL: Final = (
    Flag(("--debug",), "", f"{SOURCE}/acceptance/bundle/help/bundle-deploy/output.txt"),
    Flag(("--output", "-o"), "TYPE", f"{SOURCE}/acceptance/bundle/help/bundle-deploy/output.txt"),
    Flag(("--profile", "-p"), "NAME", f"{SOURCE}/acceptance/bundle/help/bundle-deploy/output.txt"),
    Flag(("--target", "-t"), "NAME", f"{SOURCE}/acceptance/bundle/help/bundle-deploy/output.txt"),
    Flag(("--var",), "PAIRS", f"{SOURCE}/acceptance/bundle/help/bundle-deploy/output.txt"),
)
COMMANDS: Final[Mapping[tuple[str, ...], tuple[Flag, ...]]] = {
    ("bundle", "validate"): (Flag(("--strict",), "", f"{SOURCE}/acceptance/bundle/validate/strict/output.txt"),),
    ("bundle", "plan"): (
        Flag(("--force",), "", f"{SOURCE}/cmd/bundle/plan.go"),
        Flag(("--cluster-id", "-c"), "ID", f"{SOURCE}/cmd/bundle/plan.go"),
        Flag(("--select",), "KEYS", f"{SOURCE}/acceptance/bundle/select/basic/output.txt"),
    ),
    ("bundle", "deploy"): (
        Flag(("--auto-approve",), "", DOCS),
        Flag(("--cluster-id", "-c"), "ID", DOCS),
        Flag(("--fail-on-active-runs",), "", DOCS),
        Flag(("--force",), "", DOCS),
        Flag(("--force-lock",), "", DOCS),
        Flag(("--plan",), "FILE", DOCS),
        Flag(("--select",), "KEYS", f"{SOURCE}/cmd/bundle/deploy.go"),
    ),
    ("bundle", "destroy"): (
        Flag(("--auto-approve",), "", f"{SOURCE}/cmd/bundle/destroy.go"),
        Flag(("--force-lock",), "", f"{SOURCE}/cmd/bundle/destroy.go"),
    ),
    ("bundle", "run"): (
        Flag(("--no-wait",), "", f"{SOURCE}/cmd/bundle/run.go"),
        Flag(("--params",), "PAIRS", f"{SOURCE}/acceptance/bundle/help/bundle-run/output.txt"),
        Flag(("--restart",), "", f"{SOURCE}/cmd/bundle/run.go"),
    ),
    ("bundle", "summary"): (Flag(("--force-pull",), "", f"{SOURCE}/cmd/bundle/summary.go"),),
    ("version",): (),
}
# Commands that take words of their own; the others refuse them (`root.NoArgs`).
WITH_WORDS: Final = frozenset([("bundle", "run")])


class WrongCallError(Exception):
    """The real CLI would refuse the call; the message is what it says."""


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A call that the CLI takes: the options by their first name, in order of appearance."""

    command: tuple[str, ...]
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        return name in self.options

    def value(self, name: str) -> str | None:
        """What an option was given last; None if it was not."""
        return self.options[name][-1] if name in self.options else None

    def values(self, name: str) -> list[str]:
        """All that a list option was given: it may be repeated, and hold several with commas between."""
        return [part for text in self.options.get(name, ()) for part in text.split(",")]


def parse(argv: Sequence[str]) -> Parsed:
    """The call that an argv is.

    Raises:
        WrongCallError: the CLI has no such command or flag, or a value is missing.
    """
    if list(argv) in (["--version"], ["-v"]):
        return Parsed(command=("version",))
    command = next((each for each in COMMANDS if tuple(argv[: len(each)]) == each), None)
    if command is None:
        message = f'unknown command "{" ".join(argv[:2])}" for "databricks"'
        raise WrongCallError(message)
    flags = {name: flag for flag in (*GLOBAL, *COMMANDS[command]) for name in flag.names}
    rest = iter(argv[len(command) :])
    options: dict[str, list[str]] = {}
    words: list[str] = []
    for word in rest:
        if word == "--":
            words += rest
        elif word.startswith("-"):
            name, value = _option(word, flags, rest)
            options.setdefault(name, []).append(value)
        else:
            words.append(word)
    if words and command not in WITH_WORDS:
        message = f'unknown command "{words[0]}" for "databricks {" ".join(command)}"'
        raise WrongCallError(message)
    return Parsed(command=command, options=options, words=tuple(words))


def _option(word: str, flags: Mapping[str, Flag], rest: Iterator[str]) -> tuple[str, str]:
    """An option's first name and its value; a flag without value has an empty one."""
    name, equals, value = word.partition("=")
    if name not in flags:
        message = f"unknown flag: {name}"
        raise WrongCallError(message)
    flag = flags[name]
    if flag.takes and not equals:
        following = next(rest, None)
        if following is None:
            message = f"flag needs an argument: {name}"
            raise WrongCallError(message)
        value = following
    return flag.names[0], value
