"""Would this payer pay? Held against the facts of one person, with what is still unknown. The default is self-pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from opentraction.care.money.criteria import Criterion
from opentraction.care.money.instalments import months_later
from opentraction.care.money.payers import REGIONS, SERVICES, Payer, Policy, default_words, payers
from opentraction.care.money.sources import Source
from opentraction.quantities import BadInput

STALE_AFTER: Final = 12  # months
CHECK_AGAIN: Final = "This policy is older than 12 months. Check it again."
FACTS: Final = (
    "service",
    "region",
    "weeks_of_failed_care",
    "with_exercise",
    "with_extension_exercise",
    "sciatica_or_root_sign",
    "peripheralises_or_crossed_slr",
    "cervical_radiculopathy",
    "cervical_tests_positive",
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a payer says: `status` is not covered, narrow path or verify; plan for self-pay in any case.

    `meets` is None while a criterion of a narrow path is unknown and none is missed, and where there is no path.
    """

    payer: str
    name: str
    status: str
    words: str
    todo: tuple[str, ...]
    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    meets: bool | None = None
    policy: str = ""
    source: Source | None = None
    policy_date: date | None = None
    read_on: date | None = None
    stale: bool = False
    also: tuple[str, ...] = ()

    def told(self) -> tuple[str, ...]:
        """The whole of it in sentences."""
        met = (f"Met: {'; '.join(self.met)}.",) if self.met else ()
        unmet = (f"Not met: {'; '.join(self.unmet)}. So it will not pay.",) if self.unmet else ()
        unknown = (f"Not known yet: {'; '.join(self.unknown)}.",) if self.unknown else ()
        return (self.words, *met, *unmet, *unknown, *((CHECK_AGAIN,) if self.stale else ()), *self.also, *self.todo)


def cover_for(payer: str, facts: Mapping[str, Any], today: date) -> Cover:
    """Hold a payer's policy against facts (`FACTS`; leave out or None what is not known). Raises BadInput.

    Service defaults to decompression, which is what the table does. An unknown payer is self-pay.
    """
    for name in facts:
        if name not in FACTS:
            raise BadInput(f"facts.{name!s:.40}", facts[name], "one of " + ", ".join(FACTS))
    service = _word(facts, "service", SERVICES) or "decompression"
    region = _word(facts, "region", REGIONS)
    if not payer:
        return _self_pay("", "No payer")
    if payer not in payers():
        raise BadInput("payer", payer, "one of " + ", ".join(payers()) + "; or none")
    who = payers()[payer]
    policies = [one for one in who.policies if service in one.service and one.region in {"", region or one.region}]
    if not policies:
        return _self_pay(who.key, who.name)
    return _of_policy(who, policies, facts, region, today)


def _word(facts: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str | None:
    value = facts.get(name)
    if value is not None and value not in words:
        raise BadInput(f"facts.{name}", value, "one of " + ", ".join(words))
    return value


def _self_pay(key: str, name: str) -> Cover:
    default = default_words()
    return Cover(key, name, "verify", default.words, default.todo, source=default.source)


def _of_policy(who: Payer, policies: list[Policy], facts: Mapping[str, Any], region: str | None, today: date) -> Cover:
    """Where the region is unknown and matters, the first policy speaks and the region stands among the unknown."""
    policy = policies[0]
    open_region = region is None and policy.region != ""
    criteria = () if open_region else policy.criteria
    met, unmet, unknown = (_those(criteria, facts, verdict) for verdict in (True, False, None))
    if open_region:
        unknown = ("Which part of the spine is treated", *unknown)
    return Cover(
        payer=who.key,
        name=who.name,
        status=policy.status,
        words=policy.words,
        todo=policy.todo,
        met=met,
        unmet=unmet,
        unknown=unknown,
        meets=_meets(policy, unmet, unknown),
        policy=policy.policy,
        source=policy.source,
        policy_date=policy.policy_date,
        read_on=policy.read_on,
        stale=is_stale(policy, today),
        also=_also(who, policy, region),
    )


def _those(criteria: tuple[Criterion, ...], facts: Mapping[str, Any], verdict: bool | None) -> tuple[str, ...]:
    return tuple(one.words for one in criteria if one.judge(facts) is verdict)


def _meets(policy: Policy, unmet: tuple[str, ...], unknown: tuple[str, ...]) -> bool | None:
    if policy.status != "narrow path":
        return None
    return False if unmet else None if unknown else True


def _also(who: Payer, policy: Policy, region: str | None) -> tuple[str, ...]:
    """Other narrow paths of this payer that may be meant, in a sentence each."""
    others = [one for one in who.policies if one is not policy and one.status == "narrow path"]
    return tuple(one.words for one in others if region in {None, one.region})


def is_stale(policy: Policy, today: date) -> bool:
    """Whether the older of its own date and the day we read it lies more than twelve months back."""
    oldest = min(policy.policy_date or policy.read_on, policy.read_on)
    return today > months_later(oldest, STALE_AFTER)
