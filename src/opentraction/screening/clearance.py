"""What a table wants to see before it takes a plan: a fresh verdict, the check of the day, signed consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import Canonical
from opentraction.screening.actions import DO_NOT_START, TREATS, Action
from opentraction.screening.override import Overridden
from opentraction.screening.question import REGIONS
from opentraction.screening.signed import in_utc
from opentraction.screening.validity import validity
from opentraction.screening.verdict import Verdict
from opentraction.screening.visit import VisitCheck

_WHOLE_CLOCKS = timedelta(minutes=1)  # how far two machines' clocks may be apart
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)  # the farthest zones: a day ends before, and after, UTC's
_DATES = ("decided", "valid_until")
_TIMES = ("ends_at", "visit_at", "consent_signed_at")
_HASHES = ("verdict_sha256", "visit_sha256", "consent_sha256", "plan_sha256")


@dataclass(frozen=True, slots=True)
class Consent:
    """What clearance needs to know of a signed consent: version, hash, region, and when it was signed (UTC)."""

    version: str
    sha256: str
    region: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Clearance(Canonical):
    """One frozen permission for one plan. `action` is what counts; `screened` is what the rules said.

    `valid_until` is the last day of the screening where the clinic is, `ends_at` the end of that day in UTC: a table
    knows no place.
    """

    region: str
    action: str
    screened: str
    limits: tuple[str, ...]
    verdict_sha256: str
    decided: date
    valid_until: date
    ends_at: datetime
    visit_action: str
    visit_at: datetime
    visit_sha256: str
    overridden_by: str
    override_sha256: str
    consent_version: str
    consent_sha256: str
    consent_region: str
    consent_signed_at: datetime
    plan_sha256: str

    def check(self, now: datetime, region: str, plan_sha256: str) -> None:
        """Pass in silence if this permits `plan_sha256` in `region` at `now`. Raises BadInput, one sentence."""
        moment = in_utc(now, "now")
        self._for_this(region, plan_sha256)
        self._allowed()
        self._fresh(moment)
        self._consented(moment)

    def _for_this(self, region: str, plan_sha256: str) -> None:
        if region != self.region:
            raise BadInput("clearance.region", self.region, f"a screening of the {region} region, as the plan pulls it")
        if plan_sha256 != self.plan_sha256:
            raise BadInput("clearance.plan_sha256", self.plan_sha256[:12], "the plan that is to be pulled")

    def _allowed(self) -> None:
        treats = {action.name for action in TREATS}
        if self.screened == Action.EMERGENCY.name:
            raise BadInput("clearance.screened", self.screened, "any verdict but an emergency, which nobody overrides")
        if self.action not in treats:
            raise BadInput("clearance.action", self.action, "OK or CAUTION")
        if self.screened not in treats and not (self.overridden_by and self.override_sha256):
            raise BadInput("clearance.overridden_by", State("missing"), f"the clinician who overrides {self.screened}")
        if self.overridden_by and self.action != Action.CAUTION.name:
            raise BadInput("clearance.action", self.action, "CAUTION, where a verdict was overridden")
        if DO_NOT_START in self.limits:
            raise BadInput("clearance.limits", DO_NOT_START, "limits that let a treatment start")
        if self.visit_action not in treats:
            raise BadInput("clearance.visit_action", self.visit_action, "OK or CAUTION in the check of the day")

    def _fresh(self, now: datetime) -> None:
        if now >= self.ends_at:
            raise BadInput("clearance.valid_until", self.valid_until.isoformat(), "a screening that still counts today")
        if not self.ends_at - _WEST <= _midnight_after(self.valid_until, UTC) <= self.ends_at + _EAST:
            raise BadInput("clearance.ends_at", self.ends_at.isoformat(), f"the end of {self.valid_until} somewhere")
        if self.decided > now.date() + timedelta(days=1):  # a day begins up to 14 hours before it does in UTC
            raise BadInput("clearance.decided", self.decided.isoformat(), "a day that has begun")
        longest = timedelta(days=validity().intake_days)
        if self.valid_until - self.decided > longest:
            raise BadInput("clearance.valid_until", self.valid_until.isoformat(), f"at most {longest.days} days on")
        age = now - self.visit_at
        hours = validity().visit_hours
        if not -_WHOLE_CLOCKS <= age <= timedelta(hours=hours):
            raise BadInput("clearance.visit_at", self.visit_at.isoformat(), f"within the last {hours} hours")

    def _consented(self, now: datetime) -> None:
        if not self.consent_version or not self.consent_sha256:
            raise BadInput("clearance.consent_version", State("missing"), "a signed consent")
        if self.consent_region != self.region:
            raise BadInput("clearance.consent_region", self.consent_region, f"consent for the {self.region} region")
        if self.consent_signed_at > now + _WHOLE_CLOCKS:
            raise BadInput("clearance.consent_signed_at", self.consent_signed_at.isoformat(), "a time that has passed")

    def document(self) -> dict[str, Any]:
        plain = {key: _plain(value) for key, value in asdict(self).items()}
        return {"doc": "clearance", "schema": 2, **plain}

    @staticmethod
    def from_document(raw: object) -> Clearance:
        """The clearance that `document` told; strict: nothing more, nothing less. Raises BadInput."""
        keys = {"doc", "schema", *(field.name for field in fields(Clearance))}
        if not isinstance(raw, dict) or raw.keys() != keys or raw["doc"] != "clearance" or raw["schema"] != 2:
            raise BadInput("clearance", State("not one"), "a clearance with " + ", ".join(sorted(keys)))
        return _read({key: value for key, value in raw.items() if key not in {"doc", "schema"}})


def clear(
    screened: Verdict | Overridden, visit: VisitCheck, consent: Consent, plan_sha256: str, zone: tzinfo = UTC
) -> Clearance:
    """The clearance of one plan from what was decided and signed, in a clinic of that time zone; `check` says whether
    that is enough.
    """
    overridden = screened if isinstance(screened, Overridden) else None
    verdict = overridden.verdict if overridden else screened
    assert isinstance(verdict, Verdict)
    return Clearance(
        region=verdict.region,
        action=screened.action.name,
        screened=verdict.action.name,
        limits=screened.limits,
        verdict_sha256=verdict.sha256,
        decided=verdict.decided,
        valid_until=verdict.valid_until,
        ends_at=_midnight_after(verdict.valid_until, zone),
        visit_action=visit.action.name if visit.region == verdict.region else Action.HOLD.name,
        visit_at=visit.at,
        visit_sha256=visit.sha256,
        overridden_by=overridden.by if overridden else "",
        override_sha256=overridden.sha256 if overridden else "",
        consent_version=consent.version,
        consent_sha256=consent.sha256,
        consent_region=consent.region,
        consent_signed_at=in_utc(consent.signed_at, "consent.signed_at"),
        plan_sha256=plan_sha256,
    )


def _midnight_after(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(raw: Mapping[str, Any]) -> Clearance:
    values = {key: _value(key, raw[key]) for key in raw}
    return Clearance(**values)


def _value(key: str, raw: Any) -> Any:
    where = f"clearance.{key}"
    if key == "limits":
        if not isinstance(raw, list) or not all(isinstance(limit, str) and limit.isprintable() for limit in raw):
            raise BadInput(where, raw, "a list of limits")
        return tuple(raw)
    if not isinstance(raw, str) or not raw.isprintable() or len(raw) > 150:
        raise BadInput(where, raw, "printable text on one line of at most 150 characters")
    if key in _DATES or key in _TIMES:
        return _moment(key, raw, where)
    if key in _HASHES and not _is_hash(raw) and not (key == "consent_sha256" and raw == ""):
        raise BadInput(where, raw, "64 hex digits")
    if key in {"region", "consent_region"} and raw not in REGIONS:
        raise BadInput(where, raw, "one of " + ", ".join(REGIONS))
    if key in {"action", "screened", "visit_action"} and raw not in Action.__members__:
        raise BadInput(where, raw, "one of " + ", ".join(Action.__members__))
    return raw


def _moment(key: str, raw: str, where: str) -> date:
    try:
        return date.fromisoformat(raw) if key in _DATES else in_utc(datetime.fromisoformat(raw), where)
    except ValueError as problem:
        if isinstance(problem, BadInput):
            raise
        raise BadInput(where, raw, "a date" if key in _DATES else "a time with its zone") from None


def _is_hash(raw: str) -> bool:
    return len(raw) == 64 and all(sign in "0123456789abcdef" for sign in raw)
