"""Reading a JSON object field by field, so that what nobody has read is known at the end; problems are collected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lakewright.emulator.bundle import BundleReferenceError, BundleValues
from lakewright.emulator.problems import Note, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_INDEX: Final = re.compile(r"\[\d+\]")


class Findings:
    """What has been found wrong, and what will be left out."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._notes: dict[str, dict[str, None]] = {}

    def refuse(self, path: str, message: str) -> None:
        """Take note of a problem."""
        self.problems.append(Problem(path, message))

    def note(self, path: str, text: str) -> None:
        """Take note of something that is left out; places that differ in an index only are one."""
        self._notes.setdefault(text, {})[_INDEX.sub("[]", path)] = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """One note for each reason."""
        return tuple(Note(tuple(paths), text) for text, paths in self._notes.items())


class JsonObject:
    """An object of a definition and where it stands.

    A value that is not of the kind asked for is a problem, and the default comes in its place.
    """

    def __init__(self, content: Mapping[str, object], path: str, *, bundle: BundleValues, findings: Findings) -> None:
        self.path = path
        self.findings = findings
        self._content = {name: value for name, value in content.items() if value not in (None, {}, [])}
        self._bundle = bundle
        self._left = dict.fromkeys(self._content)

    def __contains__(self, name: str) -> bool:
        return name in self._content

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that are set; an empty list or object says nothing."""
        return tuple(self._content)

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, name: str, message: str) -> None:
        """Take note of a problem with a field; it counts as read."""
        self._left.pop(name, None)
        self.findings.refuse(self.at(name), message)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._value(name, default)
        if isinstance(value, str):
            return value
        self._refuse_kind(name, value, "a text")
        return ""

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """One of some texts."""
        value = self._value(name, default)
        if isinstance(value, str) and value in choices:
            return value
        self.refuse(name, f"is {value!r}; known are: {', '.join(choices)}")
        return default

    def whole(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number."""
        value = self._value(name, default)
        if type(value) is int and value >= least:
            return value
        self._refuse_kind(name, value, f"a whole number, {least} or more")
        return default

    def flag(self, name: str) -> bool:
        """Whether a field is true."""
        value = self._value(name, default=False)
        if not isinstance(value, bool):
            self._refuse_kind(name, value, "true or false")
        return value is True

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._value(name, [])
        if not isinstance(values, Sequence) or isinstance(values, str):
            self._refuse_kind(name, values, "a list of texts")
            return ()
        filled = [self._filled(value, f"{self.at(name)}[{index}]") for index, value in enumerate(values)]
        for index, value in enumerate(filled):
            if not isinstance(value, str):
                self.findings.refuse(f"{self.at(name)}[{index}]", f"is {value!r}, not a text")
        return tuple(value for value in filled if isinstance(value, str))

    def part(self, name: str) -> JsonObject:
        """An object within this one."""
        return self._part(self._value(name, {}), self.at(name))

    def parts(self, name: str) -> Iterator[JsonObject]:
        """A list of objects."""
        values = self._value(name, [])
        if not isinstance(values, Sequence) or isinstance(values, str):
            self._refuse_kind(name, values, "a list of objects")
            return
        for index, value in enumerate(values):
            yield self._part(value, f"{self.at(name)}[{index}]")

    def close(self, left_out: Mapping[str, str] | None = None) -> None:
        """Judge the fields that nobody has read: note those that are left out here, refuse the others.

        Args:
            left_out: why a field has no effect here, by its name.
        """
        reasons = left_out or {}
        for name in self._left:
            if name not in reasons:
                self.findings.refuse(self.at(name), "is not emulated")
            elif reasons[name]:
                self.findings.note(self.at(name), reasons[name])

    def _part(self, value: object, path: str) -> JsonObject:
        if not isinstance(value, Mapping):
            self.findings.refuse(path, f"is {value!r}, not an object")
            value = {}
        return JsonObject(value, path, bundle=self._bundle, findings=self.findings)

    def _value(self, name: str, default: object) -> object:
        self._left.pop(name, None)
        value = self._content.get(name)
        return default if value is None else self._filled(value, self.at(name))

    def _filled(self, value: object, path: str) -> object:
        try:
            return self._bundle.fill(value)
        except BundleReferenceError as error:
            self.findings.refuse(path, error.message)
            return value

    def _refuse_kind(self, name: str, value: object, wanted: str) -> None:
        self.findings.refuse(self.at(name), "is missing" if value is None else f"is {value!r}, not {wanted}")
