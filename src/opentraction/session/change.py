"""A changed treatment taken over in a running session: the new plan, and its settings from the boundary on.

Until the boundary nothing changes. From there control and guard have the new prescription's own ceiling where it is
lower, never a higher one; the planned release is the new one's. What the guard was told at the start stays: its limits
of time, dose and travel. A change that would need more is refused in one sentence: end the session and bind anew.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from opentraction.control.settings import TICK, control_settings
from opentraction.guard.step import SLACK_ROOM, GuardSettings, guard_settings
from opentraction.prescription.change import Change, change_at_boundary
from opentraction.prescription.check import check_headroom
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.waveform import Array
from opentraction.prescription.words import both_units
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import PAUSE_RELEASE, PAUSED, PHASE_NAMES, PRETENSION, REST, RESUME
from opentraction.session.tick import PlanSettings, TickSettings, TickState, plan_mark, settings_at

CHANGEABLE = {*range(PRETENSION, REST + 1), PAUSE_RELEASE, PAUSED, RESUME}
DOSE_LEFT = 0.95
"""Share of the guard's dose that a plan may use up; what is left is for pauses and coughs."""
TRAVEL_LEFT = 0.5
"""Share of the guard's room for slack and slip that a stronger pull must leave."""


def changed(
    running: Plan, new: Plan, bound: Plan, settings: TickSettings, state: TickState
) -> tuple[Change, TickSettings]:
    """What `running` becomes when `new` takes over at its next boundary, and the settings for it.

    `bound` is the plan the session began with. Nothing is changed here. Raises BadInput for what is not possible now.
    """
    mode = state.control.mode
    if mode.phase not in CHANGEABLE:
        raise BadInput("change", PHASE_NAMES[mode.phase], "a treatment under way; before it, bind another")
    if new.peak > mode.limit:
        rule = f"a highest force of at most {both_units(mode.limit)}, to which this session was reduced"
        raise BadInput("change", both_units(new.peak), rule)
    change = change_at_boundary(running, new, mode.treatment_time, bound)
    now = settings_at(settings, mode.treatment_time)
    check_headroom(new.peak, now.guard.ceiling, "change")
    if mode.treatment_time < settings.at < change.at:
        raise BadInput("change", "right after another", "a change once the one before has begun; ask again in a moment")
    check_guard(now.guard, change.plan)
    return change, changed_settings(settings, change, mode.treatment_time)


class Running(NamedTuple):
    """A session as it stands at one tick; nothing in it moves, so another thread may look at it in peace."""

    plan: Plan
    bound: Plan
    settings: TickSettings
    state: TickState


class Prepared(NamedTuple):
    """A change worked out for one `Running`, ready to be taken over between two ticks."""

    of: Running
    new: Plan
    change: Change
    settings: TickSettings
    segments: Array


def prepare(running: Running, new: Plan) -> Prepared:
    """Everything slow about a change, hashes too. Raises BadInput for what is not possible."""
    change, settings = changed(running.plan, new, running.bound, running.settings, running.state)
    return Prepared(running, new, change, settings, np.array(change.plan.segments))


def recheck(change: Change, new: Plan, state: TickState) -> None:
    """What was worked out beside the loop still holds as it is taken over. Raises BadInput."""
    mode = state.control.mode
    if mode.phase not in CHANGEABLE or not mode.treatment_time < change.at or new.peak > mode.limit:
        raise BadInput("change", "for a treatment that has moved on", "a change asked again, for what is pulled now")


def changed_settings(before: TickSettings, change: Change, tau: float) -> TickSettings:
    """What is in force at treatment time `tau` [s] until the change has settled; then the new plan's, never laxer."""
    plan = change.plan
    now = settings_at(before, tau)
    now = now._replace(guard=now.guard._replace(plan=plan_mark(plan)))
    ceiling = min(now.guard.ceiling, change.ceiling)
    control = control_settings(ceiling, plan.pretension, plan.rise_limit, plan.release_rate)
    then = PlanSettings(control, now.guard._replace(ceiling=ceiling), RELEASES.index(plan.release_shape))
    return TickSettings(now, before.estimate, change.settled, then)


def check_guard(frozen: GuardSettings, plan: Plan) -> None:
    """The plan fits into what the guard was told at the start of the session. Raises BadInput."""
    if plan.impulse > DOSE_LEFT * frozen.dose:
        rule = f"at most {DOSE_LEFT * frozen.dose:.0f} N s in this session; end it and bind anew for more"
        raise BadInput("change", f"{plan.impulse:.0f} N s in all", rule)
    needs = guard_settings(TICK, plan.ceiling, plan.total_time, plan.impulse, plan.peak)
    if needs.most_travel - frozen.most_travel > (1.0 - TRAVEL_LEFT) * SLACK_ROOM:
        rule = "a force nearer to the one the guard was given cable travel for at the start; bind anew for more"
        raise BadInput("change", both_units(plan.peak), rule)
