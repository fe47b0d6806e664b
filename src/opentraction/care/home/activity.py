"""Back to activity, stage by stage, and what is left alone for a day after a session on the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from opentraction.care.home.rules import Stage, after_rules, stage_hours_and_rise, stages
from opentraction.care.home.words import ENGLISH, Said, Texts
from opentraction.quantities import BadInput


@dataclass(frozen=True, slots=True)
class StageReport:
    """How a stage goes: since when, pain 0-10 before it, the worst since, whether pain spread into the leg."""

    stage: int
    since: datetime
    nrs_before: int | None = None
    nrs_worst: int | None = None
    leg_spread: bool | None = None


@dataclass(frozen=True, slots=True)
class StageAdvice:
    """The stage to be in from now on, and why."""

    stage: Stage
    reason: Said


def next_stage(report: StageReport, now: datetime) -> StageAdvice:
    """One forward after 48 h with a rise of at most 2 and no spread to the leg, one back otherwise. Raises BadInput.

    What is not known keeps the stage; trouble sends back at once, before the 48 h are over.
    """
    every = stages()
    if not 0 <= report.stage < len(every):
        raise BadInput("activity.stage", report.stage, f"0 to {len(every) - 1}")
    here = every[report.stage]
    trouble = _trouble(report)
    if trouble is not None:
        why = ((trouble.key, trouble.text),)
        return StageAdvice(
            every[max(0, here.number - 1)], Said("activity.back" if here.number else "activity.floor", why=why)
        )
    if now - report.since < timedelta(hours=stage_hours_and_rise()[0]):
        return StageAdvice(here, Said("activity.wait"))
    if None in (report.nrs_before, report.nrs_worst, report.leg_spread):
        return StageAdvice(here, Said("activity.unknown"))
    if here.pain_most is not None and (report.nrs_worst or 0) > here.pain_most:
        return StageAdvice(here, Said("activity.floor", why=(_why("activity.pain"),)))
    if here is every[-1]:
        return StageAdvice(here, Said("activity.top"))
    return StageAdvice(every[here.number + 1], Said("activity.forward"))


def _why(key: str) -> tuple[str, str]:
    return key, Said(key).text


def _trouble(report: StageReport) -> Said | None:
    if report.leg_spread:
        return Said("activity.leg")
    if report.nrs_before is None or report.nrs_worst is None:
        return None
    return Said("activity.rise") if report.nrs_worst - report.nrs_before > stage_hours_and_rise()[1] else None


@dataclass(frozen=True, slots=True)
class Resting:
    """What is left alone until `until`."""

    until: datetime
    lift_kg: int

    def words(self, texts: Texts = ENGLISH) -> tuple[str, str]:
        """Two sentences for the patient."""
        until = self.until.strftime("%d %b %H:%M")
        rules = after_rules()
        lift = texts.get("after.lift", rules.lift).format(lift_kg=self.lift_kg, until=until)
        return lift, texts.get("after.bend", rules.bend).format(until=until)


def resting(session_ended: datetime | None, now: datetime) -> Resting | None:
    """The limits still in force after a session on the table that ended then; None when there are none."""
    if session_ended is None:
        return None
    until = session_ended + timedelta(hours=after_rules().hours)
    return Resting(until.astimezone(now.tzinfo), after_rules().lift_kg) if now < until else None
