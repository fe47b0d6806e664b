"""What may happen in one tick: what people do, what the prescription wants, and what breaks."""

from __future__ import annotations

from typing import Final

NOTHING: Final = 0
PRESS: Final = 1
CLINICIAN_PRESS: Final = 2
ASK: Final = 3  # + what is asked for
N_ASKS: Final = 7
FOLLOW: Final = ASK + N_ASKS  # + phase - PRETENSION; the sixth is the end of the prescription
COUGH: Final = FOLLOW + 6
SLIP: Final = COUGH + 1
RESTART: Final = SLIP + 1
FAULT: Final = RESTART + 1  # + which

ASKED: Final = ("stop", "bind", "unbind", "prepare", "arm", "start", "pause or resume")
FAULTS: Final = (
    "control dies",
    "control pulls, whatever it is told",
    "guard dies",
    "guard permits, whatever it sees",
    "control's cell stands still",
    "control's cell gives no number",
    "guard's cell stands still",
    "guard's cell gives no number",
    "channel A of a stop is welded shut",
    "channel B of a stop is welded shut",
    "timer of channel A is dead",
    "timer of channel B is dead",
    "control's commands are lost",
    "the bus is cut",
    "the drive watches no beat",
    "the drive pulls by itself",
    "the plan is not the one that was signed",
    "mains lost",
)
WITH_PRESS: Final = FAULT + len(FAULTS)  # + which of `BESIDE`, in the very tick of a press
BESIDE: Final = (ASK, ASK + 4, ASK + 5, ASK + 6, FOLLOW + 2, FOLLOW + 5)
"""What may come in the tick of a press: stop, arm, start, pause or resume, the prescription's next hold and its end."""
N_CHOICES: Final = WITH_PRESS + len(BESIDE)
_BY_OTHERS: Final = (
    *(f"the console asks: {word}" for word in ASKED),
    *(f"the prescription comes to {phase}" for phase in ("pretension", "rise", "hold", "fall", "rest", "its end")),
)
WORDS: Final = (
    "",
    "the patient's stop is pressed or let go",
    "the clinician's stop is pressed or let go",
    *_BY_OTHERS,
    "the patient coughs",
    "the harness slips",
    "control is started again",
    *FAULTS,
    *(f"a press, and {_BY_OTHERS[one - ASK]}" for one in BESIDE),
)
