"""A changed treatment taken over in a running session: the new plan, and settings that are never laxer than before.

What was frozen at the start of the session stays: the guard's limits of force, time, dose and travel. A change that
would need more of them is refused in one sentence. For more, the session is ended and the other plan bound anew.
"""

from __future__ import annotations

from opentraction.control.settings import TICK, control_settings
from opentraction.guard.step import SLACK_ROOM, GuardSettings, guard_settings
from opentraction.prescription.change import Change, change_at_boundary
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.words import both_units
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import PAUSE_RELEASE, PAUSED, PHASE_NAMES, PRETENSION, REST, RESUME
from opentraction.session.tick import TickSettings, TickState

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
    check_guard(settings.guard, change.plan)
    return change, changed_settings(settings, change.plan)


def changed_settings(before: TickSettings, plan: Plan) -> TickSettings:
    """Settings for the changed plan: control's as it says, the guard's as they were, its ceiling never higher."""
    control = control_settings(plan.ceiling, plan.pretension, plan.rise_limit, plan.release_rate)
    guard = before.guard._replace(ceiling=min(before.guard.ceiling, plan.ceiling))
    return TickSettings(control, guard, before.estimate, RELEASES.index(plan.release_shape))


def check_guard(frozen: GuardSettings, plan: Plan) -> None:
    """The plan fits into what the guard was told at the start of the session. Raises BadInput."""
    if plan.impulse > DOSE_LEFT * frozen.dose:
        rule = f"at most {DOSE_LEFT * frozen.dose:.0f} N s in this session; end it and bind anew for more"
        raise BadInput("change", f"{plan.impulse:.0f} N s in all", rule)
    needs = guard_settings(TICK, plan.ceiling, plan.total_time, plan.impulse, plan.peak)
    if needs.most_travel - frozen.most_travel > (1.0 - TRAVEL_LEFT) * SLACK_ROOM:
        rule = "a force nearer to the one the guard was given cable travel for at the start; bind anew for more"
        raise BadInput("change", both_units(plan.peak), rule)
