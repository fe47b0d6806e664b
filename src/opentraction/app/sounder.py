"""The plug for sound at the table: a player of this machine in a process of its own, the terminal's bell, or nothing.

The loop writes a word into a pipe and never waits; what plays, hangs or fails does so in another process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from opentraction.app.sound_process import BEAT_S, BELL, HERE, WELL
from opentraction.quantities import BadInput
from opentraction.session.alarm_bursts import write_sounds
from opentraction.session.alarm_schedule import Schedule

PLAYERS: Final = {"pw-play": ["pw-play"], "paplay": ["paplay"], "aplay": ["aplay", "-q"]}
"""In the order in which they are looked for."""
AUTO: Final = "auto"
NONE: Final = "none"
CHOICES: Final = (AUTO, NONE, BELL, *PLAYERS)
VARIABLE: Final = "OPENTRACTION_SOUND"
CLOSING_S: Final = 2.0
MOST_UNANSWERED: Final = 40
"""Words without an answer, 10 s of beats."""
HANGS: Final = "the program that plays alarms does not answer"
GONE: Final = "the program that plays alarms has ended"


class Sounder(Protocol):
    """Something that sounds."""

    by: str | None
    """What plays; None where nothing does."""
    trouble: str
    """Why alarms may not be heard; empty while they are."""

    def say(self, word: str) -> None:
        """A burst's name, `quiet`, or the beat; never waits."""

    def close(self) -> None:
        """No more sound."""


class Silent:
    """No sound at this table, and it says so."""

    by: str | None = None

    def __init__(self, trouble: str = "no program that plays sound was found") -> None:
        self.trouble = trouble

    def say(self, word: str) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing to close."""


class Beside:
    """Sound from a process of its own."""

    def __init__(self, by: str, folder: Path, command: list[str]) -> None:
        """Raises OSError."""
        self.by: str | None = by
        self.trouble = ""
        self._unanswered = 0
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "opentraction.app.sound_process", str(folder), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for the table; the sound outlives it
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def say(self, word: str) -> None:
        """One word into the pipe; what came back is the trouble, and so is an answer that stays away."""
        self._unanswered += 1
        try:
            self._answered(os.read(self._from, 4096).decode("utf-8", "replace").splitlines())
        except BlockingIOError:
            self.trouble = HANGS if self._unanswered > MOST_UNANSWERED else self.trouble
        with contextlib.suppress(BlockingIOError):
            try:
                os.write(self._to, f"{word}\n".encode("ascii"))
            except BrokenPipeError:
                self.trouble = GONE

    def _answered(self, told: list[str]) -> None:
        """`here` at every beat; `well`, or why not, after a burst."""
        self._unanswered = 0
        said = [line for line in told if line != HERE]
        if said or not told:
            self.trouble = GONE if not told else "" if said[-1] == WELL else said[-1]
        elif self.trouble == HANGS:
            self.trouble = ""

    def close(self) -> None:
        """Say goodbye; one that does not hear it is ended."""
        self.say("bye")
        try:
            self._process.wait(CLOSING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        with self._process:
            return


def sounder_for(wish: str, folder: Path, find: Callable[[str], str | None] = shutil.which) -> Sounder:
    """What this machine can sound with; `wish` is one of `CHOICES`. Raises BadInput for anything else."""
    if wish not in CHOICES:
        raise BadInput("--sound", wish, "one of " + ", ".join(CHOICES))
    if wish == NONE:
        return Silent("switched off")
    names = [name for name in PLAYERS if wish in {AUTO, name} and find(name)]
    bell = wish in {AUTO, BELL} and os.isatty(2)
    if not names and not bell:
        return Silent() if wish == AUTO else Silent(f"{wish} was not found")
    name = names[0] if names else BELL
    try:
        write_sounds(folder)
        return Beside(name, folder, PLAYERS.get(name, [BELL]))
    except OSError as error:
        return Silent(f"sounds cannot be written or played ({error.strerror or error})")


class AlarmSound:
    """Sounds what a schedule says, and beats."""

    def __init__(self, schedule: Schedule, sounder: Sounder) -> None:
        self.sounder = sounder
        self._schedule = schedule
        self._beat = 0.0

    def tick(self, now: float, pulling: bool) -> None:
        """Once a tick; `now` is the table's own time [s]."""
        word = self._schedule.due(now)
        if word:
            self.sounder.say(word)
        if now >= self._beat:
            self._beat = now + BEAT_S
            self.sounder.say("pulling" if pulling else "resting")
