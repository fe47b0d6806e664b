"""Sound at the table: a process of its own plays, is cut off, says when it cannot, sounds on when the table dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opentraction.app.sound_process import ALONE_EVERY_S, ALONE_S, LOST_S, OWNER, Hearer
from opentraction.app.sounder import GONE, HANGS, AlarmSound, Beside, Silent, sounder_for
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import ALARMS
from opentraction.session.alarm_board import AlarmBoard
from opentraction.session.alarm_bursts import bursts, write_sounds
from opentraction.session.alarm_schedule import Schedule

PATIENCE_S = 20.0
PLAYER = """#!/bin/sh
echo "$(date +%s.%N) $(basename "$1")" >> "{log}"
exec {then}
"""


def eventually(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


class Ear:
    """A player that writes down what it was given."""

    def __init__(self, folder: Path, then: str = "sleep 30") -> None:
        self.log = folder / "heard"
        self.program = folder / "player"
        self.program.write_text(PLAYER.format(log=self.log, then=then))
        self.program.chmod(0o755)
        self.sounds = folder / "sounds"
        write_sounds(self.sounds)

    @property
    def heard(self) -> list[str]:
        return [line.split()[1] for line in self.log.read_text().splitlines()] if self.log.exists() else []

    @property
    def at(self) -> list[float]:
        return [float(line.split()[0]) for line in self.log.read_text().splitlines()]


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[tuple[Beside, Ear]]:
    ear = Ear(tmp_path)
    one = Beside("player", ear.sounds, [str(ear.program)])
    yield one, ear
    one.close()


def test_it_plays_what_it_is_told_at_once_and_a_worse_alarm_cuts_in(beside: tuple[Beside, Ear]) -> None:
    one, ear = beside
    one.say("resting")
    one.say("medium")
    eventually(lambda: ear.heard == ["medium.wav"])
    told = time.time()
    one.say("high")
    eventually(lambda: ear.heard == ["medium.wav", "high.wav"])
    assert ear.at[1] - told < 0.5, "the table sounds within 500 ms (hazard analysis, H43)"
    one.say("quiet")
    one.say("low")
    eventually(lambda: ear.heard[2:] == ["low.wav"])
    assert one.trouble == ""


def test_saying_a_word_never_waits_even_if_nobody_listens_and_that_is_told(tmp_path: Path) -> None:
    ear = Ear(tmp_path)
    one = Beside("player", ear.sounds, [str(ear.program)])
    os.kill(one._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    for _ in range(20_000):
        one.say("pulling")
    assert (time.monotonic() - began) / 20_000 < 0.001
    assert one.trouble == HANGS
    os.kill(one._process.pid, signal.SIGCONT)

    def answers() -> bool:
        one.say("resting")
        return one.trouble == ""

    eventually(answers)
    os.kill(one._process.pid, signal.SIGKILL)
    one._process.wait()
    one.say("high")
    one.say("high")
    assert one.trouble == GONE
    one.close()


def test_one_that_hangs_is_ended_with_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opentraction.app.sounder.CLOSING_S", 0.1)
    ear = Ear(tmp_path)
    one = Beside("player", ear.sounds, [str(ear.program)])
    os.kill(one._process.pid, signal.SIGSTOP)
    one.close()
    assert one._process.returncode == -signal.SIGKILL


def test_a_player_that_fails_is_told_and_one_that_works_again_too(tmp_path: Path) -> None:
    ear = Ear(tmp_path, then="false")
    one = Beside("player", ear.sounds, [str(ear.program)])

    def says(sentence: str) -> bool:
        one.say("resting")
        return one.trouble == sentence

    one.say("high")
    eventually(lambda: says(f"{ear.program} ended with 1"))
    ear.program.write_text(PLAYER.format(log=ear.log, then="true"))
    one.say("high")
    eventually(lambda: says(""))
    one.close()


def helper(ear: Ear) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "opentraction.app.sound_process", str(ear.sounds), str(ear.program)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def test_when_the_table_dies_under_a_pull_it_sounds_until_another_table_is_there(tmp_path: Path) -> None:
    ear = Ear(tmp_path)
    with helper(ear) as process:
        assert process.stdin is not None
        process.stdin.write(b"pulling\n")
        process.stdin.close()  # as the system does for a program that was killed
        eventually(lambda: ear.heard == ["high.wav"])
        (ear.sounds / OWNER).write_text("another")
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("said", [b"resting\n", b"pulling\nbye\n", b"pulling\nresting\n"])
def test_at_rest_or_after_goodbye_it_ends_in_silence(tmp_path: Path, said: bytes) -> None:
    ear = Ear(tmp_path)
    with helper(ear) as process:
        process.communicate(said, PATIENCE_S)
        assert (process.returncode, ear.heard) == (0, [])


def test_a_beat_that_stays_away_sounds_for_two_minutes_and_no_longer() -> None:
    hearer = Hearer(0.0)
    assert hearer.hear("pulling", 0.0) == ""
    times = [n / 10 for n in range(2000)]
    began = [t for t in times if hearer.alone(t, gone=False)]
    assert began[0] == pytest.approx(LOST_S, abs=0.11)
    assert began[-1] <= began[0] + ALONE_S
    assert len(began) == int(ALONE_S / ALONE_EVERY_S) + 1
    assert hearer.ended
    assert pytest.approx(bursts()["high"].length_s + bursts()["high"].every_s, abs=0.11) == ALONE_EVERY_S


def test_a_beat_that_comes_back_ends_it() -> None:
    hearer = Hearer(0.0)
    hearer.hear("pulling", 0.0)
    assert hearer.alone(3.0, gone=False) == "high"
    hearer.hear("pulling", 4.0)
    assert [hearer.alone(t, gone=False) for t in (4.1, 5.9)] == ["", ""]
    assert hearer.alone(6.1, gone=False) == "high"


def test_without_a_player_it_says_so(tmp_path: Path) -> None:
    none = sounder_for("auto", tmp_path / "sounds", find=lambda name: None)
    if none.by is None:  # a terminal has a bell
        assert none.trouble == "no program that plays sound was found"
    else:
        none.close()
    assert sounder_for("aplay", tmp_path, find=lambda name: None).trouble == "aplay was not found"
    assert sounder_for("none", tmp_path).trouble == "switched off"
    with pytest.raises(BadInput, match="one of auto, none, bell, pw-play, paplay, aplay"):
        sounder_for("trumpet", tmp_path)


def test_a_disk_without_room_for_the_sounds_is_no_end_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one = sounder_for("aplay", tmp_path / "file" / "sounds", find=lambda name: "/bin/true")
    assert one.by is None
    assert one.trouble.startswith("sounds cannot be written or played")


class Kept(Silent):
    def __init__(self) -> None:
        super().__init__("")
        self.words: list[str] = []

    def say(self, word: str) -> None:
        self.words.append(word)


def test_the_table_says_the_burst_in_the_tick_of_the_alarm_and_beats_four_times_a_second() -> None:
    board, kept = AlarmBoard(), Kept()
    sound = AlarmSound(Schedule(board), kept)
    for n in range(401):
        board.hear(ALARMS[0].bit if n >= 200 else 0, n / 200)
        sound.tick(n / 200, pulling=n < 300)
        if n == 200:
            assert kept.words[-2:] == ["high", "pulling"]
    assert kept.words.count("high") == 1
    assert (kept.words.count("pulling"), kept.words.count("resting")) == (6, 3)
