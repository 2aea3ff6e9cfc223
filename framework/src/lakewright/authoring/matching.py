"""Which argument of a call goes to which parameter, for signatures with `*args`, `**kwargs` or `/`."""

from __future__ import annotations

from inspect import Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from inspect import Signature


def match(
    signature: Signature, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> list[tuple[str, object, str]]:
    """(parameter, value, kind) for each argument given.

    Raises:
        TypeError: the signature does not take these arguments.
    """
    bound = signature.bind(*args, **kwargs).arguments
    spread = any(kind is Parameter.VAR_POSITIONAL and name in bound for name, kind in _kinds(signature))
    return [(name, bound[name], _kind(kind, before_star=spread)) for name, kind in _kinds(signature) if name in bound]


def _kinds(signature: Signature) -> list[tuple[str, object]]:
    return [(parameter.name, parameter.kind) for parameter in signature.parameters.values()]


def _kind(kind: object, *, before_star: bool) -> str:
    if kind is Parameter.VAR_POSITIONAL:
        return "star"
    if kind is Parameter.VAR_KEYWORD:
        return "double_star"
    if kind is Parameter.POSITIONAL_ONLY or (before_star and kind is Parameter.POSITIONAL_OR_KEYWORD):
        return "positional"
    return "keyword"
