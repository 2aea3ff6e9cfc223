"""What a task that is wired by hand can be given beside its function, in the words that are used there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import SettingError
from lakewright.model.retry import NO_RETRY, Retry
from lakewright.model.states import Rule
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.task import TaskSettings

_RULES: Final = tuple(rule.value for rule in Rule)


def settings(
    owner: str,
    base: TaskSettings,
    *,
    retries: int | None = None,
    retry_delay: float | None = None,
    trigger_rule: str | None = None,
) -> TaskSettings:
    """Settings with what is given in place of what was there.

    Args:
        owner: who was given it, for messages.
        base: settings that what is not given stays as it is in.
        retries: attempts after the first.
        retry_delay: seconds between attempts, always the same.
        trigger_rule: the rule on its parents.

    Raises:
        SettingError: a rule that there is not, or a number that cannot be.
    """
    if trigger_rule is not None and trigger_rule not in _RULES:
        wanted = f"one of {', '.join(_RULES)}{did_you_mean(str(trigger_rule), _RULES)}"
        raise located(SettingError.wrong(owner, "trigger_rule", trigger_rule, wanted=wanted))
    changed = base if trigger_rule is None else replace(base, run_if=trigger_rule)
    if retries is None and retry_delay is None:
        return changed
    return replace(changed, retry=_retry(owner, base.retry, retries=retries, delay=retry_delay))


def _retry(owner: str, base: Retry, *, retries: int | None, delay: float | None) -> Retry:
    count = base.retries if retries is None else retries
    seconds = 1.0 if delay is None else delay
    if type(count) is not int or count < 0:
        raise located(SettingError.wrong(owner, "retries", count, wanted="a whole number, 0 or more"))
    if type(seconds) not in {int, float} or not 0 <= seconds < float("inf"):
        raise located(SettingError.wrong(owner, "retry_delay", seconds, wanted="a number of seconds, 0 or more"))
    return Retry(count, delay=float(seconds), backoff=1.0) if count else NO_RETRY
