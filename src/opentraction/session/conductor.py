"""Conducts one table: each step reads it, ticks control and guard, writes the command; between, people ask for things.

Knows nothing of sockets, disks or wall clocks: time comes with the table's readings, listeners are made by whoever owns
the process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from opentraction.control.step import has_torque
from opentraction.control.transitions import TREATING
from opentraction.prescription.plan import Plan
from opentraction.prescription.waveform import Setpoint, force_at
from opentraction.quantities.refusal import BadInput
from opentraction.quantities.vocabulary import (
    ALARMS,
    ASK_ARM,
    ASK_BIND,
    ASK_PAUSE,
    ASK_START,
    ASK_STOP,
    ASK_UNBIND,
    BY_CONSOLE,
    BY_LOST_CONSOLE,
    CAUSE_TEXTS,
    COMPLETE,
    IDLE,
    LOCKOUT,
    NO_CAUSE,
    PHASE_NAMES,
    PRETENSION,
    RESUME,
    SAFE,
    SETUP,
    STOP_TEST,
    TORQUE_OFF,
)
from opentraction.session import two_guards
from opentraction.session.alarm_board import Standing
from opentraction.session.alarm_desk import AlarmDesk
from opentraction.session.alarm_log import AlarmLog
from opentraction.session.change import Prepared, Running, recheck
from opentraction.session.checks.check_book import CheckBook
from opentraction.session.checks.desk import CheckDesk
from opentraction.session.checks.finding import Finding
from opentraction.session.checks.stop_trial import CHECKLIST as TRIAL_CHECKLIST
from opentraction.session.documents import Listener
from opentraction.session.lease import Lease
from opentraction.session.lockout import IN_DOUBT, MACHINE_FAULTS, Lockout
from opentraction.session.permission import Permission
from opentraction.session.rows import GUARD_MEASURED, MEASURED, N_COLUMNS, SPEED, SWITCHES, TRAVEL, Rows, T
from opentraction.session.session import Binding, Session
from opentraction.session.still_bound import still_on_the_table
from opentraction.session.tick import TickState, fill_row, fresh_tick, tick_settings
from opentraction.session.wishes import Answer, Wishes
from opentraction.table.port import HALT, Reading, Table

CHECKLIST = ("pelvic_harness", "thoracic_harness", "cable_clipped", "quick_release", "carriage", "position")
BLOCK = 10
"""Rows told to listeners at a time: 50 ms."""
OF_THE_MACHINE = [MEASURED, GUARD_MEASURED, TRAVEL, SPEED, SWITCHES]
"""Columns of a row that hold whoever is bound: forces, travel, speed and switches."""
LINGER = 3.0
"""Seconds recorded after the table is safe [s]."""
WITHDRAWN = "The patient has taken consent back. Press Stop, let the patient go, and ask again another time."
UNCLEARED = "no longer cleared"
LET_GO = "Press Stop, let the patient go."
LINK_LOST = next(alarm.bit for alarm in ALARMS if alarm.id == "A13")
NOT_RECORDING = next(alarm.bit for alarm in ALARMS if alarm.id == "A15")
SERVICE_DUE = next(alarm.bit for alarm in ALARMS if alarm.id == "A16")
DATA_IN_DOUBT = next(alarm.bit for alarm in ALARMS if alarm.id == "A17")
NOTHING_SOUNDS = "nothing sounds now"


def _recordable(binding: Binding) -> str:
    """No one asks for a disk."""
    return ""


class Conductor:
    """One table, at most one bound session."""

    def __init__(
        self,
        table: Table,
        listeners: Callable[[Binding], Sequence[Listener]],
        civil: Callable[[], datetime],
        *,
        why_unrecordable: Callable[[Binding], str] = _recordable,
        lockout: Lockout | None = None,
        alarm_log: AlarmLog | None = None,
        checks: CheckBook | None = None,
        more_checks: Callable[[], Sequence[Finding]] = tuple,
    ) -> None:
        self.table = table
        self.checks = CheckDesk(checks or CheckBook(), more_checks, civil)
        self.lockout = lockout or Lockout()
        self.alarms = AlarmDesk(alarm_log or AlarmLog(), civil)
        self.board = self.alarms.board
        self.sound: tuple[str | None, str] = None, ""
        """What sounds alarms at the table, and why they may not be heard. Whoever sounds sets it."""
        self.session: Session | None = None
        self.binding: Binding | None = None
        self.checklist: dict[str, bool] = dict.fromkeys(CHECKLIST, False)
        self.recording_trouble = ""
        """Why the recording is not safe now; empty while it is. Whoever records sets it, from any thread."""
        self.row = np.full(N_COLUMNS, np.nan)
        self._make_listeners = listeners
        self._permission: Permission | None = None
        self._why_unrecordable = why_unrecordable
        self._told_trouble = ""
        self.civil = civil
        """Civil time now, UTC."""
        self._wishes = Wishes()
        self._lease = Lease()
        self._block = np.zeros((BLOCK, N_COLUMNS))
        self._filled = 0
        self._zero = 0.0
        self._now = 0.0
        self._rest_since: float | None = None
        self._state: TickState | None = None
        self._tripped_on = NO_CAUSE

    # --- the loop ---

    def step(self) -> None:
        """One control tick. Raises ConnectionError if the table is gone."""
        reading = self.table.read()
        self._now = reading.t
        self.checks.look()
        if self.binding is None or self._state is None:
            self._idle(reading)
            return
        ask, value = self._wishes.next()
        before = self._state
        settings = self._settings
        prepared = all(self.checklist.values())
        state = two_guards.step(self.table, reading, ask, value, prepared, settings, self._segments, before)
        self._state = state
        self.table.write(two_guards.command(self.table, reading, settings, self._segments, state))
        self._tripped_on = two_guards.tripped_on(self.table, reading, state)
        self._keep_row(reading, state)
        self._watch_recording()
        self._watch_faults(before, state)
        granted = self._wishes.settle(state, self._why_not)
        if granted == ASK_UNBIND and state.control.mode.phase == IDLE:
            self._close_session()
        self._watch_lease()
        self._watch_permission()
        self._finish_when_safe()

    @property
    def trouble(self) -> str:
        """Why what is written down is not safe now, the recording or the log of alarms; empty while both are."""
        return self.recording_trouble or self.alarms.log.trouble

    @property
    def now(self) -> float:
        """The table's own time at the last step [s]."""
        return self._now

    @property
    def began(self) -> float:
        """The table's own time at which the recording began [s]."""
        return self._zero

    @property
    def phase(self) -> int:
        """Phase now; a locked table with nothing bound is in lockout."""
        if self._state is None:
            return LOCKOUT if self.lockout.locked else IDLE
        return self._state.control.mode.phase

    @property
    def place(self) -> Setpoint | None:
        """Where in the plan the treatment stands."""
        if self._state is None:
            return None
        return force_at(self._segments, self._state.control.mode.treatment_time, self._state.hint)

    @property
    def tested(self) -> bool:
        """The patient remote has passed its test in this session."""
        return self._state is not None and self._state.control.watch.tested

    @property
    def tripped(self) -> bool:
        """The guard has tripped."""
        return self._state is not None and self._tripped_on != NO_CAUSE

    @property
    def console_connected(self) -> bool:
        """A console process is there."""
        return self._lease.console_connected

    @property
    def lease_age(self) -> float:
        """Seconds since a browser last said it is watching [s]."""
        return self._lease.age(self._now)

    def stood(self, alarm: Standing) -> float:
        """How long an alarm has stood [s]; unbinding does not change it."""
        return self._now - alarm.since

    # --- what people ask ---

    def bind(self, binding: Binding) -> None:
        """Take a patient and a signed plan.

        Raises BadInput while another session runs, or if this one cannot be recorded; what was bound then stays bound.
        """
        self.check_at_rest()
        found = self.checks.before_a_session()
        two_guards.prepare(self.table, binding.plan)
        listeners = self._make_listeners(binding)
        self._close_session()
        plan, simulation = binding.plan, self.table.simulation
        if simulation is not None:
            pseudonym = str(binding.patient.get("pseudonym", ""))
            simulation.lie_down(plan.mass, pseudonym, split=plan.couch == "split", angle=plan.angle)
        self.checklist = dict.fromkeys(CHECKLIST, False)
        self._take(binding, listeners)
        if found:
            self.note("note", "cells and drum checked at rest", {"findings": [one.document() for one in found]})

    def bind_trial(self, stop: str, uid: str, operator: str) -> None:
        """Try a stop with nobody on the table: 500 N on a cord to its frame. Raises BadInput as `bind` does."""
        binding = self.checks.trial_of(stop, uid, operator, self.table)
        self._check_free()
        two_guards.prepare(self.table, binding.plan)
        listeners = self._make_listeners(binding)
        self._close_session()
        if self.table.simulation is not None:
            self.table.simulation.tie_to_frame()
        self.checklist = dict.fromkeys(TRIAL_CHECKLIST, False)
        self._take(binding, [*listeners, self.checks.listen(stop)])

    def self_test(self) -> None:
        """Run the power-on test. Raises BadInput while anything is bound."""
        if self.binding is not None:
            raise BadInput("self-test", PHASE_NAMES[self.phase], "a table with nobody bound to it")
        self.checks.begin(self.table)

    def check_at_rest(self) -> None:
        """Raises BadInput while a session is under way or its patient still bound, or while the table is locked or has
        not passed its checks.
        """
        self._check_free()
        self.checks.refuse_untried()

    def _check_free(self) -> None:
        self.checks.refuse_untested()
        if self.lockout.locked:
            raise BadInput("bind", "a locked table", f"a table that a clinician has reset ({self.lockout.why})")
        if self.binding is not None and self.phase in {SAFE, COMPLETE, TORQUE_OFF}:
            raise still_on_the_table(str(self.binding.patient.get("pseudonym")))
        if self.binding is not None and self.phase not in {SETUP, STOP_TEST, LOCKOUT}:
            raise BadInput("bind", PHASE_NAMES[self.phase], "a table at rest; end the running session first")

    def _take(self, binding: Binding, listeners: Sequence[Listener]) -> None:
        plan: Plan = binding.plan
        self._settings = tick_settings(plan)
        self._segments = np.array(plan.segments)
        self._state = fresh_tick(self._settings, self._now)
        self._tripped_on = NO_CAUSE
        self.checks.taken()
        self._zero, self._filled, self._rest_since = self._now, 0, None
        self.row = self._first_row()
        self._lease.renew(self._now)
        self._wishes.clear()
        self._wishes.add(ASK_BIND, 0.0, _nobody)
        self._permission = Permission(binding)
        self.session = Session(binding, listeners, self.civil())
        self.binding = binding

    def _first_row(self) -> Rows:
        """Until the first tick: the machine as it was, at this session's beginning and not at the table's own time."""
        row = np.full(N_COLUMNS, np.nan)
        row[OF_THE_MACHINE] = self.row[OF_THE_MACHINE]
        row[T] = 0.0
        return row

    def check(self, item: str, done: bool, operator: str) -> None:
        """Tick one item of the harness checklist, or take the tick away. Raises BadInput."""
        if item not in self.checklist:
            raise BadInput("item", item, f"one of {', '.join(self.checklist)}")
        if self.phase not in {SETUP, STOP_TEST}:
            raise BadInput("checklist", PHASE_NAMES[self.phase], "changes before the table is armed")
        self.checklist[item] = done
        self.note("operator", f"{item.replace('_', ' ')} {'checked' if done else 'not checked'}", {"by": operator})

    def ask(self, ask: int, value: float, answer: Answer) -> None:
        """Let control weigh a wish; `answer(ok, why)` follows within a tick or two. A stop overtakes everything."""
        if self.binding is None:
            answer(ask == ASK_STOP, "nothing is bound to the table")
            return
        if ask in {ASK_ARM, ASK_START} and (why := self._unrecordable(self.binding)):
            answer(False, why)
            return
        if self._permission is not None and (why := self._permission.why_not(ask, self.civil)):
            answer(False, why)
            return
        self._wishes.add(ask, value, answer)

    def withdraw(self, by: str) -> None:
        """The patient has taken consent back: a pull is let go as for a pause, and none follows. Told once."""
        self._bar("consent withdrawn", WITHDRAWN, {"by": by, "withdrawn": True})

    def hold_back(self, by: str, why: str) -> None:
        """Something was recorded that forbids a pull: it goes as for consent taken back. Told once."""
        self._bar(UNCLEARED, f"{why} {LET_GO}", {"by": by, "why": why, "uncleared": True})

    def seen(self, by: str) -> None:
        """Somebody has read that what permitted the session has ended."""
        told = self._permission.ended if self._permission is not None else ""
        what = UNCLEARED if told == UNCLEARED else "withdrawal of consent"
        self.note("operator", f"{what} seen", {"by": by, "seen": True})

    def _bar(self, what: str, sentence: str, data: dict[str, Any]) -> None:
        if self._permission is not None and self._permission.tell(what, sentence):
            self.note("note", what, {**data, "at_utc": self.civil().isoformat()})

    def running(self) -> Running:
        """What a change is worked out for, on any thread. Raises BadInput while nothing is bound."""
        if self.binding is None or self._state is None or self.session is None:
            raise BadInput("change", "nothing is bound to the table", "a treatment under way")
        two_guards.check_may_change(self.table)
        return Running(self.binding.plan, self.session.binding.plan, self._settings, self._state)

    def take_over(self, prepared: Prepared, operator: str) -> None:
        """Go on with a change that was worked out a moment ago. Raises BadInput if it no longer fits."""
        now, change = self.running(), prepared.change
        assert self.binding is not None
        assert self.session is not None
        if now.plan is not prepared.of.plan or now.settings is not prepared.of.settings:
            raise BadInput("change", "for another plan than is pulled now", "a change asked again, for this one")
        recheck(change, prepared.new, now.state)
        self.session.change(change, prepared.new.sha256, operator, self._now - self._zero)
        self.binding = replace(self.binding, plan=change.plan)
        self._settings, self._segments = prepared.settings, prepared.segments

    def acknowledge(self, operator: str, numbers: Collection[int] | None = None) -> None:
        """Silence these raises, or all that stand."""
        told = self.alarms.acknowledge(self._now, operator, numbers, self._uid)
        if told:
            self.note("operator", f"alarms acknowledged: {', '.join(told)}", {"by": operator})

    def pause_sound(self, operator: str) -> None:
        """Silence what sounds for two minutes at most. Raises BadInput where nothing does."""
        if self.board.pause_left(self._now) is not None:
            return
        if not self.alarms.pause_sound(self._now, operator, self._uid):
            raise BadInput("sound", NOTHING_SOUNDS, "an alarm that nobody has acknowledged")
        self.note("operator", "sound paused", {"by": operator})

    def sound_again(self, operator: str) -> None:
        """End the pause."""
        self.alarms.sound_again(self._now, operator, self._uid)

    def reset(self, operator: str, reason: str) -> None:
        """A clinician ends the lockout, saying what was found and done. Raises BadInput; it is locked still then."""
        if has_torque(self.phase):
            raise BadInput("reset", PHASE_NAMES[self.phase], "a table at rest")
        self.lockout.reset(operator, reason, self.civil())
        self.note("operator", "lockout reset", {"by": operator, "reason": reason})
        if self.phase == LOCKOUT:
            self._close_session()

    def lease(self) -> None:
        """A browser is watching."""
        self._lease.renew(self._now)

    def connected(self, yes: bool) -> None:
        """A console process has come or gone. Its going changes nothing on the table."""
        self._lease.connected(yes, self._now)

    def note(self, kind: Any, text: str, data: dict[str, Any] | None = None) -> None:
        """An event the rows do not tell."""
        if self.session is not None:
            self.session.note(kind, text, data, self._now - self._zero)

    def close(self) -> None:
        """End the session as it stands and let go of the table."""
        self.table.write(HALT)
        self._close_session()
        self.table.close()
        self.alarms.close()
        self.checks.book.flush()

    # --- inside a step ---

    def _idle(self, reading: Reading) -> None:
        self.table.write(self.checks.idle(reading))
        self.row = np.full(N_COLUMNS, np.nan)
        self.row[[0, 2, 3, 7, 8, 11, 13]] = (
            reading.t,
            reading.force,
            reading.guard_force,
            reading.travel,
            reading.speed,
            self.phase,
            reading.switches,
        )
        self.alarms.hear(self._own_alarms(), reading.t, self.row, "")

    def _why_not(self) -> str:
        phase = PHASE_NAMES[self.phase]
        if self.phase == SETUP:
            return "Finish the checklist and plug in the patient remote first."
        if self.phase == STOP_TEST and not self.tested:
            return "Test the patient remote first: press it and let go."
        return f"Not possible now: the table is in '{phase}'."

    def _keep_row(self, reading: Reading, state: TickState) -> None:
        simulation = self.table.simulation
        truth = simulation.true_force() if simulation is not None else float("nan")
        row = self._block[self._filled]
        fill_row(row, reading.t - self._zero, reading, self._settings, state, truth, self._extra_alarms())
        self.row = row.copy()
        self.alarms.hear(int(row[14]), reading.t, row, self._uid)
        self._filled += 1
        if self._filled == BLOCK:
            self._flush()

    def _flush(self) -> None:
        block: Rows = self._block[: self._filled]
        if self.session is not None and len(block):
            self.session.rows(block)
        self._filled = 0

    def _own_alarms(self) -> int:
        """What the table finds wrong with what it writes down, also while nobody lies on it."""
        bits = NOT_RECORDING if self.trouble else 0
        bits |= SERVICE_DUE if self.checks.due else 0
        return bits | (DATA_IN_DOUBT if self.lockout.why in IN_DOUBT else 0)

    def _extra_alarms(self) -> int:
        bits = self._own_alarms()
        if has_torque(self.phase) and self._lease.alarms(self._now):
            bits |= LINK_LOST
        return bits

    def _unrecordable(self, binding: Binding) -> str:
        """Why no pull may begin: the recording alarm stands, or the disk has no room for the session."""
        if self.trouble:
            return f"The recording is not safe. {self.trouble}"
        if any(standing.alarm.bit == NOT_RECORDING for standing in self.board.standing()):
            return "Acknowledge the recording alarm first."
        return self._why_unrecordable(binding)

    def _watch_recording(self) -> None:
        """What the recorder said goes into the record in words; the alarm bit tells it to everyone else."""
        trouble = self.trouble
        if trouble != self._told_trouble:
            self._told_trouble = trouble
            self.note("note", trouble or "recording again")

    def _watch_faults(self, before: TickState, state: TickState) -> None:
        """The lockout hears of a fault of the machine in the tick it ends the pull."""
        assert self.binding is not None
        was, now = before.control.mode, state.control.mode
        if now.cause != was.cause and now.cause in MACHINE_FAULTS:
            self.lockout.fault(now.cause, self.binding.uid, self.civil())
        if now.phase != was.phase and now.phase == LOCKOUT:
            self.lockout.lock(f"a fault at rest: {CAUSE_TEXTS[now.cause]}", self.binding.uid, self.civil())
        if now.phase != was.phase and now.phase == COMPLETE:
            self.lockout.completed(self.binding.uid, self.civil())

    @property
    def _uid(self) -> str:
        return self.binding.uid if self.binding is not None else ""

    def _pulling(self) -> bool:
        return PRETENSION <= self.phase <= RESUME

    def _watch_lease(self) -> None:
        """A console that lives without a browser watching ends the pull; a dead console does not."""
        if self._pulling() and self._lease.ran_out(self._now):
            self.ask(ASK_STOP, BY_LOST_CONSOLE, _nobody)

    def _watch_permission(self) -> None:
        """Nobody is pulled against what was told: a pull under way, or just about to begin, is let go gently."""
        one = self._permission
        if one is None or not one.ended or one.letting_go:
            return
        if self.phase in TREATING or self.phase == RESUME:
            one.letting_go = True
            self.ask(ASK_PAUSE, 0.0, self._or_stop)

    def _or_stop(self, ok: bool, why: str) -> None:
        """Where a pull cannot be paused it is stopped."""
        if not ok and self._pulling():
            self.ask(ASK_STOP, BY_CONSOLE, _nobody)

    def _finish_when_safe(self) -> None:
        if self.phase not in {SAFE, COMPLETE, LOCKOUT}:
            self._rest_since = None
            return
        if self._rest_since is None:
            self._rest_since = self._now
        if self.session is not None and self._now - self._rest_since > LINGER:
            self._end_session()

    def _end_session(self) -> None:
        """Close the documents; the patient stays bound until unbound or another is."""
        if self.session is None:
            return
        self._flush()
        self.session.close()
        self.session = None
        self.checks.judge(self.binding)

    def _close_session(self) -> None:
        self._end_session()
        self.binding, self._state, self._permission = None, None, None
        self._wishes.clear()


def _nobody(ok: bool, why: str) -> None:
    """No one waits for this answer."""
