"""Bursts as data, what they sound like as samples, and which is due when."""

from __future__ import annotations

import io
import wave
from itertools import pairwise

import numpy as np
import pytest

from opentraction.quantities.vocabulary import ALARMS, Alarm
from opentraction.session.alarm_board import ORDER, AlarmBoard
from opentraction.session.alarm_bursts import NAMES, RATE_HZ, as_written, bursts, samples, wav
from opentraction.session.alarm_schedule import QUIET, REMIND_S, Schedule

BY_ID = {alarm.id: alarm for alarm in ALARMS}
STOP, RESISTING, RELEASING, LOOSE = (BY_ID[id_] for id_ in ("A1", "A8", "A18", "A7"))
TICK = 0.005


@pytest.mark.parametrize("name", NAMES)
def test_every_burst_keeps_to_the_bounds_that_stand_beside_it(name: str) -> None:
    data, burst = as_written(), bursts()[name]
    tone, bounds = data["tone"], data["bounds"]

    def within(value: float, of: list[float]) -> bool:
        return of[0] <= value <= of[1]

    assert within(burst.pulse_s, data[name]["bounds_pulse_s"])
    assert within(burst.every_s, data[name]["bounds_every_s"])
    assert all(within(note, bounds["fundamental_hz"]) for note in burst.notes_hz)
    assert within(tone["rise"], bounds["rise"])
    assert min(tone["harmonics_db"]) >= bounds["weakest_db"]
    for note in burst.notes_hz:
        heard = [n * note for n in range(1, len(tone["harmonics_db"]) + 1) if within(n * note, bounds["harmonic_hz"])]
        assert len(heard) >= bounds["fewest_harmonics"]
    assert len(burst.gaps_s) == burst.pulses - 1
    assert "[memory]" in data["source"]


def test_priorities_differ_in_their_pulses() -> None:
    assert [bursts()[name].pulses for name in ("high", "medium", "low", "reminder")] == [10, 3, 2, 1]
    assert bursts()["high"].length_s == pytest.approx(3.3)
    assert bursts()["high"].gaps_s[:4] == bursts()["high"].gaps_s[5:]


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_those_pulses(name: str) -> None:
    burst = bursts()[name]
    sound = samples(burst)
    t = np.arange(sound.size) / RATE_HZ
    on = np.zeros(sound.size, dtype=bool)
    for start in burst.starts_s:
        on |= (t >= start) & (t < start + burst.pulse_s + 1.0 / RATE_HZ)
        middle = sound[(t >= start + 0.4 * burst.pulse_s) & (t < start + 0.7 * burst.pulse_s)]
        assert np.abs(middle).max() > 0.8
    assert not sound[~on].any()
    assert np.abs(sound).max() == pytest.approx(0.9)


@pytest.mark.parametrize("name", NAMES)
def test_a_pulse_has_its_pitch_its_harmonics_and_a_slope(name: str) -> None:
    burst = bursts()[name]
    pulse = samples(burst)[: round(burst.pulse_s * RATE_HZ)]
    power = np.abs(np.fft.rfft(pulse * np.hanning(pulse.size), 1 << 17))
    hertz = np.fft.rfftfreq(1 << 17, 1.0 / RATE_HZ)
    note = burst.notes_hz[0]
    peaks = [power[np.abs(hertz - n * note) < 20.0].max() for n in range(1, 6)]
    assert hertz[power.argmax()] == pytest.approx(note, abs=2.0)
    assert [20.0 * np.log10(peak / peaks[0]) for peak in peaks] == pytest.approx(burst.harmonics_db, abs=0.5)
    # from a tenth to nine tenths of its height: no click, and loud at once
    height = np.maximum.accumulate(np.abs(pulse)) / np.abs(pulse).max()
    rise = (np.searchsorted(height, 0.9) - np.searchsorted(height, 0.1)) / RATE_HZ
    assert 0.05 * burst.pulse_s < rise < 0.4 * burst.pulse_s


def test_the_file_can_be_read_again() -> None:
    with wave.open(io.BytesIO(wav(bursts()["high"]))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() / RATE_HZ == pytest.approx(bursts()["high"].length_s, abs=0.001)


class Table:
    """A board and a schedule that are asked each tick, as a table process does."""

    def __init__(self) -> None:
        self.board = AlarmBoard()
        self.schedule = Schedule(self.board)
        self.tick = 0
        self.heard: list[tuple[float, str]] = []

    @property
    def t(self) -> float:
        return self.tick * TICK

    def run(self, seconds: float, bits: int = 0) -> None:
        for _ in range(round(seconds / TICK)):
            self.board.hear(bits, self.t)
            if word := self.schedule.due(self.t):
                self.heard.append((round(self.t, 3), word))
            self.tick += 1

    def since(self, t: float) -> list[tuple[float, str]]:
        return [(round(at - t, 2), word) for at, word in self.heard if at >= t - TICK / 2]


@pytest.fixture
def table() -> Table:
    made = Table()
    made.run(1.0)
    return made


@pytest.mark.parametrize("alarm", [STOP, RESISTING, RELEASING], ids=lambda alarm: alarm.priority)
def test_a_burst_begins_at_once_and_comes_again(table: Table, alarm: Alarm) -> None:
    burst = bursts()[alarm.priority]
    table.run(60.0, alarm.bit)
    began = [at for at, _ in table.since(1.0)]
    assert began[0] == 0.0
    pauses = [after - before - burst.length_s for before, after in pairwise(began)]
    assert pauses == pytest.approx([burst.every_s] * len(pauses), abs=0.02)
    assert len(pauses) >= 2


def test_the_highest_of_coincident_alarms_sounds_and_the_next_after_it_was_seen(table: Table) -> None:
    table.run(0.1, RESISTING.bit)
    table.run(5.0, RESISTING.bit | STOP.bit | RELEASING.bit)
    assert table.since(1.0)[:2] == [(0.0, "medium"), (0.1, "high")]
    high = next(s.number for s in table.board.standing() if s.alarm is STOP)
    table.board.acknowledge(table.t, [high])
    at = table.t
    table.run(2.0, RESISTING.bit | STOP.bit | RELEASING.bit)
    assert [word for _, word in table.since(at)] == ["medium"]


def test_a_new_one_of_the_same_priority_is_heard_after_the_burst_under_way(table: Table) -> None:
    table.run(1.0, STOP.bit)
    table.run(6.0, STOP.bit | LOOSE.bit)
    assert [at for at, _ in table.since(1.0)][:2] == [0.0, pytest.approx(bursts()["high"].length_s, abs=0.01)]


def test_acknowledging_cuts_the_sound_and_reminds_every_half_minute(table: Table) -> None:
    table.run(1.0, STOP.bit)
    table.board.acknowledge(table.t)
    at = table.t
    table.run(100.0, STOP.bit)
    assert table.since(at) == [
        (0.0, QUIET),
        (REMIND_S, "reminder"),
        (2 * REMIND_S, "reminder"),
        (3 * REMIND_S, "reminder"),
    ]
    assert REMIND_S == 30.0


def test_a_pause_is_silent_for_two_minutes_then_it_sounds_again(table: Table) -> None:
    table.run(1.0, STOP.bit)
    table.board.pause_sound(table.t)
    at = table.t
    table.run(119.9, STOP.bit)
    assert table.since(at) == [(0.0, QUIET)]
    table.run(1.0, STOP.bit)
    assert table.since(at)[1:] == [(pytest.approx(120.0, abs=0.01), "high")]


def test_a_new_alarm_in_a_pause_sounds_within_a_tick(table: Table) -> None:
    table.run(1.0, RESISTING.bit)
    table.board.pause_sound(table.t)
    table.run(20.0, RESISTING.bit)
    at = table.t
    table.run(1.0, RESISTING.bit | RELEASING.bit)
    assert table.since(at) == [(0.0, "medium")]


def test_what_is_over_and_latched_goes_on_sounding(table: Table) -> None:
    table.run(0.1, STOP.bit)
    table.run(120.0)
    assert sum(word == "high" for _, word in table.heard) >= 120.0 / 7.4


def test_every_alarm_has_a_burst_of_its_priority() -> None:
    assert {alarm.priority for alarm in ALARMS} <= bursts().keys()
    assert set(ORDER) <= bursts().keys()
