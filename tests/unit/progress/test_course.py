"""Start, calendar, angles, and the written prescription of one session."""

from __future__ import annotations

import json
import math
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.app.cli import main
from opentraction.patient import Body, Patient, read_patient
from opentraction.prescription import parse_prescription, protocols
from opentraction.prescription.progress import (
    Action,
    Advice,
    Clinic,
    Course,
    History,
    angle_table,
    course_calendar,
    follow_ups,
    missed,
    next_session,
    own_template,
    parse_course,
    plan_for_session,
    read_angles,
    read_course,
    read_rules,
    reschedule,
    screening_limits,
    starting_force,
    suggested_angle,
    taper,
    templates,
)
from opentraction.prescription.progress.saying import written_force
from opentraction.quantities import BadInput, parse_quantity
from opentraction.quantities.units import FACTORS

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "course.toml"
MONDAY = date(2026, 3, 2)
TEN_STONE = Patient("017", Body(70.0, 1.76, 54.0), ceiling=600.0)
LB = FACTORS["force"]["lb"]


def course(patient: Patient = TEN_STONE, region: str = "lumbar") -> Course:
    return Course(patient=patient, region=region, template=templates()["A"], start=MONDAY)


def advice(force: float, length: float, action: Action = Action.GO_ON) -> Advice:
    return Advice(3, MONDAY, action, force, length, None, (), (), (), (), "")


# ---- where a course starts


def test_the_start_of_seventy_kilograms_by_hand() -> None:
    start = starting_force(course())
    assert start.planned.force == pytest.approx(0.40 * 70.0 * 9.80665)  # 61.7 lb; half of weight less 10 lb is 67.2
    assert start.cap.force == pytest.approx(0.60 * 70.0 * 9.80665)  # 92.6 lb; half of weight and 20 lb is 97.2
    assert start.first == math.floor(0.20 * 70.0 * 9.80665)
    assert start.first_length == 900.0


@given(mass=st.floats(45.0, 150.0), cap=st.none() | st.floats(20.0, 1000.0))
def test_the_planned_force_is_the_least_of_its_bounds_and_the_reason_names_it(mass: float, cap: float | None) -> None:
    who = Patient("017", Body(mass, 1.9, 54.0), ceiling=min(mass * 9.8, 1050.0))
    start = starting_force(replace(course(who), clinician_cap=cap))
    assert start.planned.force == min(bound.newtons for bound in start.planned.bounds)
    assert start.planned.force <= start.cap.force
    assert start.first <= 0.5 * start.planned.force
    binding = [bound for bound in start.planned.bounds if bound.newtons == start.planned.force]
    assert start.planned.binding.reason in [bound.reason for bound in binding]


def test_screening_limits_are_shares_with_a_source() -> None:
    for limit in screening_limits().values():
        assert 0.0 <= limit.share < 1.0
        assert limit.source
        assert limit.reviewed_by == ""


# ---- calendar


def test_templates_are_the_published_ones() -> None:
    assert {key: template.weeks for key, template in templates().items()} == {
        "A": (5, 5, 3, 3, 2, 2),
        "B": (3, 3, 3, 3),
        "C": (5, 5, 5, 5, 1, 1, 1, 1),
    }
    assert [template.total for template in templates().values()] == [20, 12, 24]
    assert taper().weeks == (2, 1)


@pytest.mark.parametrize("weeks", [(), (0,), (8,), (-1, 3), (7, 7, 7, 7, 3), (True,), (1.5,), (1,) * 27], ids=str)
def test_a_template_nobody_could_hold_is_refused(weeks: tuple[int, ...]) -> None:
    with pytest.raises(BadInput, match="weeks"):
        own_template(weeks)


def test_template_a_on_weekdays_from_a_monday() -> None:
    visits = course_calendar(templates()["A"], Clinic(), MONDAY)
    assert [visit.day.isoformat() for visit in visits[:6]] == [f"2026-03-0{n}" for n in range(2, 7)] + ["2026-03-09"]
    assert [visit.day.strftime("%a") for visit in visits[10:16]] == ["Mon", "Wed", "Fri"] * 2
    assert visits[-1].day == date(2026, 4, 10)
    assert [visit.number for visit in visits if visit.reassess] == [6, 12, 18, 20]


def test_holidays_are_made_up_at_the_end() -> None:
    closed = Clinic(holidays=frozenset({date(2026, 3, 4), date(2026, 3, 5)}))
    visits = course_calendar(templates()["B"], closed, MONDAY)
    assert [visit.day for visit in visits[:3]] == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)]
    week = frozenset(MONDAY + timedelta(days=n) for n in range(7))
    visits = course_calendar(templates()["B"], Clinic(holidays=week), MONDAY)
    assert visits[0].day == date(2026, 3, 9)
    assert len(visits) == 12
    assert visits[-1].week == 5


def test_a_course_half_way_goes_on_in_its_week() -> None:
    visits = course_calendar(templates()["B"], Clinic(), date(2026, 3, 6), done=2)
    assert [(visit.number, visit.day) for visit in visits[:3]] == [
        (3, date(2026, 3, 6)),
        (4, date(2026, 3, 9)),
        (5, date(2026, 3, 11)),
    ]


@given(
    weeks=st.lists(st.integers(0, 3), min_size=1, max_size=8).filter(any),
    open_on=st.sets(st.integers(0, 6), min_size=3),
    holidays=st.sets(st.integers(0, 60), max_size=20),
    start=st.integers(0, 20),
    part=st.integers(0, 24),
)
def test_a_calendar_holds_every_visit_once_on_open_days(
    weeks: list[int], open_on: set[int], holidays: set[int], start: int, part: int
) -> None:
    template = own_template(tuple(weeks))
    clinic = Clinic(frozenset(open_on), frozenset(MONDAY + timedelta(days=n) for n in holidays))
    done = min(part, template.total)
    visits = course_calendar(template, clinic, MONDAY + timedelta(days=start), done)
    days = [visit.day for visit in visits]
    assert [visit.number for visit in visits] == list(range(done + 1, template.total + 1))
    assert days == sorted(set(days))
    assert all(clinic.open_on(day) and day >= MONDAY + timedelta(days=start) for day in days)
    per_week = Counter(visit.week for visit in visits)
    assert max(per_week.values(), default=0) <= max(weeks)


def test_a_clinic_open_too_seldom_is_told_so() -> None:
    with pytest.raises(BadInput, match="3 days a week"):
        course_calendar(templates()["A"], Clinic(frozenset({0, 2, 4})), MONDAY)
    closed = frozenset(MONDAY + timedelta(days=n) for n in range(900))
    with pytest.raises(BadInput, match="within a year"):
        course_calendar(templates()["A"], Clinic(holidays=closed), MONDAY)


def test_moving_a_visit_moves_what_stood_in_its_way() -> None:
    visits = course_calendar(templates()["A"], Clinic(), MONDAY)
    moved = reschedule(visits, 5, date(2026, 3, 10), Clinic())
    assert [visit.day.day for visit in moved[3:8]] == [5, 10, 11, 12, 13]
    assert len({visit.day for visit in moved}) == len(moved)
    for day in (date(2026, 3, 8), date(2026, 3, 5)):  # a Sunday; the day of the visit before
        with pytest.raises(BadInput, match="day"):
            reschedule(visits, 5, day, Clinic())


def test_missed_visits_and_follow_ups() -> None:
    visits = course_calendar(templates()["B"], Clinic(), MONDAY)
    gone = missed(visits, [date(2026, 3, 2), date(2026, 3, 6)], date(2026, 3, 9))
    assert [visit.number for visit in gone] == [2]
    assert [one.day for one in follow_ups(date(2026, 8, 31))] == [
        date(2026, 9, 30),
        date(2026, 11, 30),
        date(2027, 2, 28),
        date(2027, 8, 31),
    ]


# ---- angles


def test_an_angle_is_always_shown_with_its_caveat() -> None:
    for level, degrees in {"L5-S1": 10, "L4-L5": 15, "L3-L4": 20, "L2-L3": 25}.items():
        found = suggested_angle(level)
        assert found is not None
        assert found.angle == pytest.approx(math.radians(degrees))
        assert "vendor convention, no proof of level targeting" in found.words
        assert "from memory, unverified" in found.words
    assert suggested_angle("L1-L2") is None
    assert {name: round(math.degrees(one.high)) for name, one in angle_table().devices.items()} == {
        "DRX5000": 30,
        "Disc Force": 27,
    }


def test_a_clinics_own_table_is_kept_to_the_device() -> None:
    about = 'source = "ours"\ncertainty = "design"\nreviewed_by = ""\n'
    text = f'caveat = "ours"\n[[level]]\nlevels = ["L5-S1"]\nangle = "29 deg"\n{about}'
    text += f'[[device]]\nname = "Short"\nlow = "0 deg"\nhigh = "27 deg"\n{about}'
    found = suggested_angle("L5-S1", read_angles(text), "Short")
    assert found is not None
    assert found.angle == pytest.approx(math.radians(27))
    assert "Short" in found.words
    with pytest.raises(BadInput, match="device"):
        suggested_angle("L5-S1", device="none such")
    with pytest.raises(BadInput, match="level"):
        suggested_angle("L9-L10")


# ---- from advice to a prescription


@pytest.mark.parametrize("name", sorted(protocols()))
@pytest.mark.parametrize("share", [0.6, 1.0])
def test_the_written_prescription_pulls_no_more_and_no_longer(name: str, share: float) -> None:
    text = protocols()[name].read_text("utf-8")
    first = parse_prescription(text).resolve(TEN_STONE)
    given_length = math.floor(first.total_time * 0.8 / 60.0) * 60.0
    asked = advice(math.floor(first.peak * share), given_length)
    written = plan_for_session(asked, text, TEN_STONE)
    assert asked.force is not None
    assert 0.97 * asked.force - 1.0 < written.plan.peak <= asked.force + 1e-6
    assert written.plan.total_time <= given_length
    assert written.plan == parse_prescription(written.document).resolve(TEN_STONE)
    assert written.changed
    same = ("region", "position", "couch", "mode", "angle", "rise_limit", "release_rate", "ceiling")
    assert [getattr(written.plan, key) for key in same] == [getattr(first, key) for key in same]


def test_only_force_length_and_cycles_change() -> None:
    text = (ROOT / "examples/prescription.toml").read_text("utf-8")
    before, after = tomllib.loads(text), tomllib.loads(plan_for_session(advice(150.0, 900.0), text, TEN_STONE).document)
    assert after["forces"].pop("high") == "33.7 lb"
    assert after["session"].pop("length") == "15 min"
    before["forces"].pop("high")
    before["session"].pop("length")
    assert after == before


def test_no_prescription_where_no_session_may_begin() -> None:
    text = (ROOT / "examples/prescription.toml").read_text("utf-8")
    for action in (one for one in Action if not one.may_begin):
        with pytest.raises(BadInput, match=str(action)):
            plan_for_session(advice(150.0, 900.0, action), text, TEN_STONE)


def test_a_force_written_elsewhere_is_refused_not_pulled() -> None:
    text = (ROOT / "examples/prescription.toml").read_text("utf-8")
    own = text + '\n[[cycle]]\nhigh = "60 lb"\nhold = "30 s"\ntimes = 3\n'
    with pytest.raises(BadInput, match="written elsewhere"):
        plan_for_session(advice(150.0, 900.0), own, TEN_STONE)


def test_advice_above_the_ceiling_is_refused_by_the_reader() -> None:
    text = (ROOT / "examples/prescription.toml").read_text("utf-8")
    with pytest.raises(BadInput, match="ceiling"):
        plan_for_session(advice(599.0, 900.0), text, TEN_STONE)


@given(force=st.floats(20.0, 1000.0), unit=st.sampled_from(["lb", "N", "kgf", "daN", "kN"]))
def test_a_written_force_never_rounds_upwards(force: float, unit: str) -> None:
    back = parse_quantity(written_force(force, unit), "force", "high")
    assert force - 6.0 < back <= force + 1e-3


# ---- rules, files, command


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cut = "25 %"', 'cut = "125 %"', "cut"),
        ('cut = "25 %"', "cut = 25", "cut"),
        ("stop = 8", "", "stop is missing"),
        ("[P03]", "[P99]", "P99"),
        ('certainty = "memory"', 'certainty = "sure"', "certainty"),
        ('words = "The harness slipped."', "", "words is missing"),
    ],
)
def test_a_rule_book_with_a_hole_is_refused(old: str, new: str, said: str) -> None:
    text = (ROOT / "src/opentraction/prescription/progress/rules.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput, match=said):
        read_rules(text.replace(old, new, 1))


def test_the_example_goes_on() -> None:
    read = read_course(EXAMPLE)
    assert read.today is not None
    told = next_session(read.course, read.history, read.today)
    assert (told.action, told.session, told.bound) == (Action.GO_ON, 3, "B09")
    assert told.force == math.floor(1.1 * 33.0 * LB)


def test_a_document_that_is_none_is_refused() -> None:
    good = next_session(course(), History(), MONDAY).document()
    for key in good:
        with pytest.raises(BadInput):
            Advice.from_document(
                {one: value for one, value in good.items() if one not in {key, "may_begin"}}
                | ({"schema": 2} if key == "may_begin" else {})
            )


def test_a_day_before_the_last_session_is_refused() -> None:
    read = read_course(EXAMPLE)
    with pytest.raises(BadInput, match="today"):
        next_session(read.course, read.history, date(2026, 3, 3))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('template = "B"', 'template = "Z"', "template"),
        ('template = "B"', "weeks = [9]", "weeks"),
        ('region = "lumbar"', "", "region is missing"),
        ('length = "28 min"', 'length = "28"', "length"),
        ("comfort = 7", "comfort = 11", "comfort"),
        ("comfort = 7", "cmofrt = 7", "cmofrt is not known"),
        ('ending = "completed"', 'ending = "ok"', "ending"),
        ("day = 2026-03-02", "day = 2026-04-02", "session.day"),
        ('clinician_cap = "60 lb"', 'clinician_cap = "4 lb"', "clinician_cap"),
        ('verdict = "OK"', 'verdict = "FINE"', "verdict"),
        ('days = ["Mon"', 'days = ["Lun"', "clinic.days"),
        ("holidays = [2026-03-19]", 'holidays = ["soon"]', "clinic.holidays"),
    ],
)
def test_a_course_file_with_a_mistake_is_refused_in_one_sentence(old: str, new: str, said: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput) as refusal:
        parse_course(text.replace(old, new, 1), read_patient(ROOT / "examples/patient.toml"))
    assert said in str(refusal.value)


def test_the_command_says_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "session-3.toml"
    prescription = str(ROOT / "examples/prescription.toml")
    assert main(["course", str(EXAMPLE), "--prescription", prescription, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Session 3, Fri 2026-03-06: go on." in said
    assert "36.1 lb" in said
    assert parse_prescription(out.read_text("utf-8")).high.text == "36.1 lb"
    assert main(["course", str(EXAMPLE), "--prescription", prescription, "--out", str(out)]) == 2  # it is there


def test_the_command_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["course", str(EXAMPLE), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["advice"]["action"] == "go on"
    assert said["advice"]["reasons"][0]["rule"] == "P01"
    assert (said["done"], said["total"], len(said["visits"])) == (2, 12, 10)


def test_the_command_forbids_with_4_and_refuses_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = EXAMPLE.read_text("utf-8").replace('"patient.toml"', json.dumps(str(ROOT / "examples/patient.toml")))
    bad = tmp_path / "bad.toml"
    bad.write_text(text.replace("red_flags = []", 'red_flags = ["R01"]'), "utf-8")
    assert main(["course", str(bad)]) == 4
    assert "stop and refer, as an emergency" in capsys.readouterr().out
    assert main(["course", str(bad), "--today", "2026-03-07"]) == 4  # nobody asked today
    assert "ask first" in capsys.readouterr().out
    bad.write_text("region = 3", "utf-8")
    assert main(["course", str(bad)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["course", str(EXAMPLE), "--today", "soon"]) == 2
