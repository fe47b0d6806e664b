"""The process that sounds: it plays what it is told on standard input, and sounds by itself when the table's program
dies under a pull.

One word a line: a burst's name, `quiet`, `pulling` or `resting` (the table's beat, four times a second), `bye`. A line
that ends without `bye`, or a beat that stays away, while the table was pulling: the high burst for two minutes, unless
another table process takes over. It imports nothing heavy, and a player that hangs holds up nobody but itself.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

BEAT_S: Final = 0.25
LOST_S: Final = 2.0
"""Without a beat under a pull [s]."""
ALONE_S: Final = 120.0
"""How long it sounds by itself [s]; recommended for the failure of an alarm system (hazard analysis 4)."""
ALONE_EVERY_S: Final = 7.4
"""From one high burst's beginning to the next one's [s]: 3.35 s of burst and 4 s of pause."""
OWNER: Final = "owner"
BELL: Final = "bell"
WELL: Final = "well"
HERE: Final = "here"
BELLS: Final = {"high": 10, "medium": 3, "low": 2, "reminder": 1}
Play = Callable[[str], str]


class Player:
    """One program that plays a file, or the terminal's bell; what it plays is cut off by the next."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.command = command
        self.folder = folder
        self._playing: subprocess.Popen[bytes] | None = None

    def play(self, name: str) -> str:
        """Begin a burst; why the last one failed, or nothing."""
        if self.command == [BELL]:
            os.write(2, b"\a" * BELLS.get(name, 1))
            return ""
        why = self.quiet()
        try:
            self._playing = subprocess.Popen(  # noqa: S603 (a player found on the PATH, and our own file)
                [*self.command, str(self.folder / f"{name}.wav")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            return f"{self.command[0]}: {error.strerror}"
        return why

    def failed(self) -> str:
        """Why the burst that ended did not sound, or that it did; nothing while it plays."""
        code = None if self._playing is None else self._playing.poll()
        if code is None:
            return ""
        self._playing = None
        return f"{self.command[0]} ended with {code}" if code > 0 else WELL

    def quiet(self) -> str:
        """Cut off what plays."""
        why = self.failed()
        if self._playing is not None:
            self._playing.kill()
            self._playing.wait()
            self._playing = None
        return why


class Hearer:
    """What the table's program last said, and what to sound because of it. Time is passed in [s]."""

    def __init__(self, now: float) -> None:
        self.pulling = False
        self.ended = False
        """`bye` was said."""
        self._beat = now
        self._alone_since: float | None = None
        self._next = 0.0

    def hear(self, word: str, now: float) -> str:
        """What to do about one word: a burst, `quiet`, or nothing."""
        if word in {"pulling", "resting"}:
            self._beat, self._alone_since, self.pulling = now, None, word == "pulling"
            return ""
        self.ended = self.ended or word == "bye"
        return word if word in BELLS or word == "quiet" else ""

    def alone(self, now: float, gone: bool) -> str:
        """The burst that is due because nobody beats any more; `gone`: the line has ended."""
        if not self.pulling or self.ended or not (gone or now - self._beat > LOST_S):
            return ""
        if self._alone_since is None:
            self._alone_since = self._next = now
        if now - self._alone_since > ALONE_S:
            self.ended = True
            return ""
        if now < self._next:
            return ""
        self._next = now + ALONE_EVERY_S
        return "high"


def main(folder: Path, command: list[str]) -> int:
    """Until `bye`, or until nobody is left to sound for."""
    mine = str(os.getpid())
    (folder / OWNER).write_text(mine, "ascii")
    player, hearer, gone, said = Player(command, folder), Hearer(time.monotonic()), False, b""
    while not hearer.ended and not (gone and not hearer.pulling):
        if gone:
            time.sleep(BEAT_S)
        elif select.select([0], [], [], BEAT_S)[0]:
            came = os.read(0, 4096)
            gone = not came
            *words, said = (said + came).split(b"\n")
            for word in words:
                _do(player, hearer.hear(word.decode("ascii", "ignore"), time.monotonic()))
            _tell(HERE)
        if gone and _owner(folder) != mine:
            break
        _do(player, hearer.alone(time.monotonic(), gone))
        _tell(player.failed())
    player.quiet()
    return 0


def _do(player: Player, what: str) -> None:
    if what:
        _tell(player.quiet() if what == "quiet" else player.play(what))


def _tell(why: str) -> None:
    """Back to the table's program, which may be gone."""
    if not why:
        return
    try:
        os.write(1, why.encode() + b"\n")
    except OSError:
        return


def _owner(folder: Path) -> str:
    try:
        return (folder / OWNER).read_text("ascii")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
