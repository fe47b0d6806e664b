"""One tick of the whole machine: something happens, guard and control look, relays run down, the drum moves.

Control's part is its own code: `decide` with its table of phases and `stop_test`. The guard, the drive and the relays
are told as the issue they answer to (docs/engineer/explored.md); that the shipping guard is one of them is tested.
"""

from __future__ import annotations

from opentraction.control.events import decide
from opentraction.control.step import has_torque, is_treating, releasing
from opentraction.control.types import ControlInput, ControlSettings, Wanted
from opentraction.control.watch import Watch, stop_test
from opentraction.quantities.vocabulary import (
    ALL_WELL,
    ASK_ARM,
    ASK_BIND,
    ASK_NOTHING,
    ASK_PAUSE,
    ASK_RESUME,
    ASK_START,
    ASK_STOP,
    ASK_UNBIND,
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    CLOCK_GAP,
    COMPLETE,
    END_RELEASE,
    FALL,
    FORCE_TOO_HIGH,
    HOLD,
    IDLE,
    NO_CAUSE,
    PATIENT_RELEASE,
    PAUSE_RELEASE,
    PAUSED,
    POWER_GOOD,
    PRETENSION,
    READY,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REST,
    SAFE,
    SETUP,
)
from opentraction.twin.exploring.choices import (
    ASK,
    BESIDE,
    CLINICIAN_PRESS,
    COUGH,
    FAULT,
    FOLLOW,
    N_ASKS,
    PRESS,
    RESTART,
    SLIP,
    WITH_PRESS,
)
from opentraction.twin.exploring.design import Design
from opentraction.twin.exploring.state import (
    ANEW,
    BROKEN,
    BUS,
    BY_CLINICIAN,
    BY_PATIENT,
    CELL_A,
    CELL_B,
    CONTROL,
    CUT,
    DEAD,
    DRIVE,
    FORCE,
    GUARD,
    HAD,
    HALF,
    LATCHED,
    LEFT,
    LIFELESS,
    LINK,
    LOW,
    MOST,
    NO_NUMBER,
    ODD,
    ODD_MOST,
    OPEN_FOR,
    OVER,
    PATIENCE,
    PHASE,
    POWER,
    PRESSED,
    PULLED,
    PULSE,
    PULSELESS,
    QUIET,
    QUIET_MOST,
    RELAY_A,
    RELAY_B,
    RITUAL,
    RUNS,
    RX,
    SEEN,
    SESSION,
    SILENT,
    SILENT_MOST,
    SINCE,
    SLACK,
    STALE,
    TEST,
    TIMER,
    TOP,
    TRIPPED,
    UNARMED,
    WELD_A,
    WELD_B,
    WELL,
    WILD,
    Moment,
)

NEWTONS = 50.0
"""One step of force [N]."""
SECONDS = 0.6
"""Control's clock [s] for one tick in a release: five ticks pass its timers, two the second of slack it waits for."""


def tick(m: Moment, choice: int, d: Design, s: ControlSettings) -> bool:
    """Move `m` on by one tick in which `choice` happens; whether cable was let out in it."""
    happens(m, choice)
    choice = BESIDE[choice - WITH_PRESS] if choice >= WITH_PRESS else choice
    cells_part(m)
    guard_looks(m, d)
    before = m[PHASE]
    control_looks(m, choice, s)
    guard_hears(before, m)
    relays_run(m, d)
    out = drum_moves(m, d)
    signals(m)
    return out


def signals(m: Moment) -> None:
    """Ticks in which something is wrong under force and nobody who could says so; 0 where nobody is left who could."""
    control, guard = m[CONTROL] == RUNS, m[GUARD] == RUNS
    lost = m[CONTROL] == DEAD and m[SESSION] == 1
    alone = m[GUARD] == DEAD and has_torque(m[PHASE]) and m[FORCE] > 0
    tripped = m[HAD] == 1 and has_torque(m[PHASE])
    wrong = (m[FORCE] > 0 and (lost or tripped)) or alone
    said = (control and PATIENT_RELEASE <= m[PHASE] <= SAFE) or (guard and m[LATCHED] > 0)
    m[QUIET] = min(m[QUIET] + 1, QUIET_MOST) if wrong and (control or guard) and not said else 0


def possible(m: Moment, choice: int) -> bool:
    """Whether this can happen now, and makes a difference."""
    if choice >= WITH_PRESS:
        return m[CONTROL] == RUNS and m[PRESSED] == 0 and asked_or_followed(m, BESIDE[choice - WITH_PRESS])
    if choice >= FAULT:
        return m[LEFT] > 0 and m[PHASE] >= READY and not broken_already(m, choice - FAULT)
    if choice == RESTART:
        return m[CONTROL] == DEAD
    if choice == COUGH:
        return 0 < m[FORCE] < MOST
    if choice == SLIP:
        return m[FORCE] > 0
    if choice >= ASK and choice < COUGH:
        return m[CONTROL] == RUNS and asked_or_followed(m, choice)
    return True


def asked_or_followed(m: Moment, choice: int) -> bool:
    """The console may ask anything at any time; the prescription goes on while it runs."""
    return choice < FOLLOW or PRETENSION <= m[PHASE] <= PAUSED + 1


def broken_already(m: Moment, fault: int) -> bool:
    """Whether a fault is there, or something worse in its place."""
    if fault < 2:
        return m[CONTROL] == fault + 1 or m[CONTROL] == DEAD
    if fault < 4:
        return m[GUARD] == fault - 1 or m[GUARD] == DEAD
    if fault < 6:
        return m[CELL_A] != WELL
    if fault < 8:
        return m[CELL_B] != WELL
    return m[BROKEN] & (1 << (fault - 8)) != 0


def happens(m: Moment, choice: int) -> None:
    """What people do and what breaks, before anybody looks."""
    if choice == PRESS or choice >= WITH_PRESS:
        m[PRESSED] ^= BY_PATIENT
    elif choice == CLINICIAN_PRESS:
        m[PRESSED] ^= BY_CLINICIAN
    elif choice == COUGH:
        m[FORCE] += 1
    elif choice == SLIP:
        m[FORCE] -= 1
    elif choice == RESTART:
        m[CONTROL], m[PHASE] = RUNS, IDLE
        m[SINCE] = m[RITUAL] = m[SEEN] = m[TEST] = m[SLACK] = 0
        m[ANEW] = 1
    elif FAULT <= choice < WITH_PRESS:
        m[LEFT] -= 1
        breaks(m, choice - FAULT)


def breaks(m: Moment, fault: int) -> None:
    """The machine with one more fault."""
    if fault < 2:
        m[CONTROL] = fault + 1
    elif fault < 4:
        m[GUARD] = fault - 1
    elif fault < 8:
        m[CELL_A if fault < 6 else CELL_B] = m[FORCE] if fault % 2 == 0 else NO_NUMBER
    else:
        m[BROKEN] |= 1 << (fault - 8)


def read(cell: int, m: Moment) -> int:
    """What a cell says through the bus [steps]."""
    if m[BROKEN] & BUS:
        return NO_NUMBER
    return m[FORCE] if cell == WELL else cell


def stop_open(m: Moment) -> bool:
    """At least one channel of a pressed stop is really open."""
    return m[PRESSED] != 0 and m[BROKEN] & (WELD_A | WELD_B) != WELD_A | WELD_B


def heard(m: Moment) -> bool:
    """Control's beat reaches guard and drive."""
    return m[CONTROL] != DEAD and m[BROKEN] & (LINK | BUS) == 0


def cells_part(m: Moment) -> None:
    """How long the cells have not told the same, or one stands still: a count that is nobody's."""
    a, b = read(m[CELL_A], m), read(m[CELL_B], m)
    wrong = m[CELL_B] != WELL or b > MOST or a != b
    m[ODD] = min(m[ODD] + 1, ODD_MOST) if wrong and m[SESSION] == 1 else 0


def guard_looks(m: Moment, d: Design) -> None:
    """The guard after one look."""
    b = read(m[CELL_B], m)
    if m[GUARD] != RUNS:  # what it knew is no use any more
        m[OVER] = m[ODD] = m[LATCHED] = m[HAD] = m[TRIPPED] = m[SESSION] = 0
        return
    m[OVER] = min(m[OVER] + 1, PATIENCE) if RX < b <= MOST else 0
    machine = m[OVER] > 0 and m[PULLED] == 1
    stop = d.guard_stop == 1 and stop_open(m)
    bad = machine or m[OVER] >= PATIENCE or m[ODD] >= ODD_MOST or not heard(m)
    bad = bad or m[BROKEN] & (STALE | POWER) != 0
    found = 0 if m[SESSION] == 0 else 2 if bad else 1 if stop else 0
    m[LATCHED] = max(found, m[LATCHED] if d.latch == 1 else 0)
    m[HAD] = 1 if m[HAD] == 1 or found > 0 else 0
    m[TRIPPED] = min(m[TRIPPED] + 1, TIMER) if m[LATCHED] > 0 else 0


def switches_of(m: Moment) -> int:
    """The bits that control reads."""
    bits = ALL_WELL
    if m[BROKEN] & POWER:
        bits &= ~POWER_GOOD
    if m[PRESSED] & BY_PATIENT and m[BROKEN] & WELD_A == 0:
        bits &= ~REMOTE_LOOP_A
    if m[PRESSED] & BY_PATIENT and m[BROKEN] & WELD_B == 0:
        bits &= ~REMOTE_LOOP_B
    if m[PRESSED] & BY_CLINICIAN and m[BROKEN] & (WELD_A | WELD_B) != WELD_A | WELD_B:
        bits &= ~(CLINICIAN_LOOP | CLINICIAN_LOOP_B)
    return bits


def asked(m: Moment, choice: int) -> int:
    """The operator's wish as control hears it."""
    wish = choice - ASK
    if wish < 0 or wish >= N_ASKS:
        return ASK_NOTHING
    if wish == 0:
        return ASK_STOP
    if wish == 1:
        return ASK_BIND
    if wish == 2:
        return ASK_UNBIND
    if wish == 4:
        return ASK_ARM
    if wish == 5:
        return ASK_START
    if wish == 6:
        return ASK_RESUME if m[PHASE] == PAUSED else ASK_PAUSE
    return ASK_NOTHING


def prescribed(m: Moment, choice: int) -> int:
    """The phase the prescription is in."""
    follow = choice - FOLLOW
    if follow >= 0 and choice < COUGH:
        return END_RELEASE if follow == 5 else PRETENSION + follow
    return m[PHASE] if PRETENSION <= m[PHASE] <= REST else HOLD


def newtons(reading: int) -> float:
    """A reading [N]; beyond any force where a cell gives no number."""
    return NEWTONS * reading if reading <= MOST else 1.0e6


def control_looks(m: Moment, choice: int, s: ControlSettings) -> None:
    """Control after one tick, decided by its own code."""
    if m[CONTROL] != RUNS:
        return
    a, b = newtons(read(m[CELL_A], m)), newtons(read(m[CELL_B], m))
    slack = a < 1.0 and b < 1.0
    bits = switches_of(m)
    fresh = m[PHASE] == IDLE or m[PHASE] == SAFE or m[PHASE] == COMPLETE
    watch = Watch(
        a, SECONDS * 2.0 if slack and m[SLACK] == 1 else 0.0, 0, -1.0e9, 0.0, 0.0, 0.0,
        m[TEST] > 0, m[TEST] > 1, m[TEST] > 2, 0.0, 1.0,
    )  # fmt: skip
    watch = stop_test(watch, bits, fresh)
    cause = NO_CAUSE
    if m[LATCHED] == 2 and m[BROKEN] & BUS == 0 and m[PHASE] != IDLE:  # unbound: its session is over
        cause = FORCE_TOO_HIGH
    elif m[GUARD] == DEAD and has_torque(m[PHASE]):
        cause = CLOCK_GAP
    ready = m[PHASE] != SETUP or choice == ASK + 3
    i = ControlInput(a, b, 0.1, 0.0, bits, ready, cause, asked(m, choice), 0.0)
    want = Wanted(True, NEWTONS * RX, 0.0, prescribed(m, choice), False)
    made = decide(SECONDS * m[SINCE], s, i, want, m[PHASE], 0.0, NO_CAUSE, a, NEWTONS * TOP, watch)
    phase = made.phase
    test = 3 if watch.tested else 2 if watch.pressed else 1 if watch.plugged else 0
    timed = phase >= PAUSE_RELEASE and phase != PAUSED
    m[SINCE] = min(m[SINCE] + 1, TIMER + 1) if phase == m[PHASE] and timed else 0
    m[RITUAL], m[SEEN] = ritual_of(m, phase), seen_of(m, phase)
    if phase == SETUP and m[PHASE] == IDLE:  # somebody is bound: what is remembered for the laws ends here
        m[ANEW] = m[HAD] = 0
    m[PHASE] = phase
    m[TEST] = test if IDLE < phase < PRETENSION else 0
    m[SLACK] = 1 if slack and timed else 0


def seen_of(m: Moment, phase: int) -> int:
    """How far a stop test has come for somebody who watches the remote itself: pressed, then let go."""
    if phase == IDLE or phase > READY:
        return 0
    pressed = m[PRESSED] & BY_PATIENT != 0
    if m[SEEN] == 0:
        return 1 if pressed else 0
    return 2 if not pressed else m[SEEN]


def ritual_of(m: Moment, phase: int) -> int:
    """How far the preparation has come since something was latched: bound, prepared, armed."""
    if phase == SETUP:
        return 1
    if phase == READY - 1:
        return 2 if m[RITUAL] >= 1 else 0
    if phase == READY:
        return 3 if m[PHASE] == READY - 1 and m[RITUAL] == 2 else m[RITUAL]
    return 0


def guard_hears(before: int, m: Moment) -> None:
    """A session begins for the guard with its first pull and ends at rest; what it tripped on is gone with the next."""
    if m[GUARD] != RUNS or m[CONTROL] != RUNS or not heard(m):
        return
    if m[PHASE] == PRETENSION and before == READY:
        m[SESSION] = 1
    elif m[PHASE] <= READY or m[PHASE] >= SAFE:
        m[SESSION] = 0
    if m[PHASE] == SETUP and before == IDLE:
        m[LATCHED] = m[TRIPPED] = 0


def relays_run(m: Moment, d: Design) -> None:
    """The hard-wired timers, one for each channel, and the guard's own. Torque may come back when nothing is held."""
    dark = m[BROKEN] & POWER != 0
    held = m[PRESSED] != 0 or dark
    m[OPEN_FOR] = min(m[OPEN_FOR] + 1, TIMER) if held else 0
    m[LIFELESS] = min(m[LIFELESS] + 1, PULSELESS) if m[GUARD] == DEAD else 0
    a = (dark or m[BROKEN] & WELD_A == 0) and m[BROKEN] & RELAY_A == 0
    b = (dark or m[BROKEN] & WELD_B == 0) and m[BROKEN] & RELAY_B == 0
    due = d.relays == 1 and m[OPEN_FOR] >= TIMER and (a or b)
    stays = m[CUT] == 1 and (held or m[LATCHED] > 0 or m[GUARD] == DEAD)  # a dead guard closes no relay
    m[CUT] = 1 if due or stays or guard_cuts(m, d) else 0


def guard_cuts(m: Moment, d: Design) -> bool:
    """The guard's own relay: open without a session, where a release is not done in time, where the drum still pulls
    after a trip, and some time after the guard's last sign of life.
    """
    if d.timed == 0:
        return False
    if m[GUARD] != RUNS:
        return m[LIFELESS] >= PULSELESS
    late = m[TRIPPED] >= TIMER or m[PULLED] == 1
    return (m[SESSION] == 0 and m[LATCHED] == 0) or (m[LATCHED] > 0 and late)


def wanted_speed(m: Moment) -> int:
    """What control asks of the drum: 1 in, -1 out, 0 neither."""
    if m[CONTROL] == WILD:
        return 1
    if releasing(m[PHASE]):
        return -1
    a = read(m[CELL_A], m)
    if a > MOST:
        return 0
    target = 1
    if m[PHASE] == FALL or m[PHASE] == REST:
        target = LOW
    elif is_treating(m[PHASE]) and m[PHASE] != PRETENSION:
        target = RX
    return 1 if a < target else -1 if a > target else 0


def drum_moves(m: Moment, d: Design) -> bool:
    """Move the force on by one tick: what reaches the drive, what it may do, and what the cable does by itself. Whether
    cable was let out.
    """
    reaches = heard(m)
    m[SILENT] = 0 if reaches else min(m[SILENT] + 1, SILENT_MOST)
    permits = m[GUARD] == WILD or (m[GUARD] == RUNS and m[SESSION] == 1 and m[LATCHED] == 0)
    m[PULSE] = 0 if permits and m[BROKEN] & BUS == 0 else 1
    lets_out = guard_lets_out(m, d)
    speed = drive_speed(m, d, lets_out)
    torque = has_drive_torque(m, d, lets_out)
    if m[BROKEN] & DRIVE:
        speed, torque = 1, m[CUT] == 0
    m[PULLED] = 1 if torque and speed > 0 else 0
    if not torque:
        m[FORCE] -= 1 if m[FORCE] > 0 and d.gear == 1 else 0
    elif speed > 0:
        m[FORCE] += 1 if m[FORCE] < TOP else 0
    elif speed < 0:
        m[FORCE] -= 1 if m[HALF] == 1 and m[FORCE] > 0 else 0
    m[HALF] = 1 - m[HALF] if torque and speed < 0 else 0
    return speed < 0 if torque else d.gear == 1


def guard_lets_out(m: Moment, d: Design) -> bool:
    """The guard pays out by itself where it has tripped and control is not heard to release."""
    able = m[GUARD] == RUNS and m[BROKEN] & BUS == 0 and d.release == 1 and m[LATCHED] > 0
    return able and not (heard(m) and m[CONTROL] == RUNS and releasing(m[PHASE]))


def drive_speed(m: Moment, d: Design, lets_out: bool) -> int:
    """The least of what control asks and what guard and permission allow."""
    asks = heard(m) and (m[CONTROL] == WILD or has_torque(m[PHASE]))
    speed = wanted_speed(m) if asks else 0
    if d.pulse == 1 and m[PULSE] > 0:
        speed = min(speed, 0)
    if m[GUARD] == RUNS and m[LATCHED] > 0 and m[BROKEN] & BUS == 0:
        speed = min(speed, 0)
    return -1 if lets_out else speed


def has_drive_torque(m: Moment, d: Design, lets_out: bool) -> bool:
    """Whether the drive holds the drum: asked to, somebody still there, and no relay open."""
    torque = not heard(m) or m[CONTROL] == WILD or has_torque(m[PHASE]) or lets_out
    if d.beat == 1 and m[SILENT] >= SILENT_MOST and m[BROKEN] & UNARMED == 0 and not lets_out:
        torque = False
    return torque and m[CUT] == 0
