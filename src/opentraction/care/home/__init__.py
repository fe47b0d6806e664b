"""Home and aftercare: exercises, devices, packs and walks as data, gated by facts, dosed by the log, drawn and printed.

`programme_for(facts, week, now)` says what to do at home today, at which dose, and what is held back and why;
`next_dose` moves a dose up only after good sessions and stops when a rule says so; `next_stage` leads back to activity.
Exercises, gates, stop rules and poses are the TOML files beside this page: they are the book.
"""

from __future__ import annotations

from opentraction.care.home.activity import Resting, StageAdvice, StageReport, next_stage, resting
from opentraction.care.home.dose import Advice, Dose, first_dose, next_dose
from opentraction.care.home.exercises import Exercise, Step, exercises
from opentraction.care.home.figures import PICTURES, picture
from opentraction.care.home.gates import Answer, Facts, Gate, checked_facts, facts_known, gates
from opentraction.care.home.intake import facts_from_intake
from opentraction.care.home.languages import home_texts
from opentraction.care.home.log import Adherence, LogEntry, adherence, asked_each_day
from opentraction.care.home.packs import PackAdvice, may_apply
from opentraction.care.home.player import player_config
from opentraction.care.home.programme import ALL, Held, HomeProgramme, Item, programme_for
from opentraction.care.home.rules import Stage, stages
from opentraction.care.home.run import Timed, told_out
from opentraction.care.home.sheet import home_sheet
from opentraction.care.home.stops import StopRule, stop_rules
from opentraction.care.home.texts import patient_texts
from opentraction.care.home.words import Said

__all__ = [
    "ALL",
    "PICTURES",
    "Adherence",
    "Advice",
    "Answer",
    "Dose",
    "Exercise",
    "Facts",
    "Gate",
    "Held",
    "HomeProgramme",
    "Item",
    "LogEntry",
    "PackAdvice",
    "Resting",
    "Said",
    "Stage",
    "StageAdvice",
    "StageReport",
    "Step",
    "StopRule",
    "Timed",
    "adherence",
    "asked_each_day",
    "checked_facts",
    "exercises",
    "facts_from_intake",
    "facts_known",
    "first_dose",
    "gates",
    "home_sheet",
    "home_texts",
    "may_apply",
    "next_dose",
    "next_stage",
    "patient_texts",
    "picture",
    "player_config",
    "programme_for",
    "resting",
    "stages",
    "stop_rules",
    "told_out",
]
