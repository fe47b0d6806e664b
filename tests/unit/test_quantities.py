"""What people write becomes the right number in SI, or one clear refusal."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opentraction.quantities import (
    GRAVITY,
    QUANTITIES,
    BadInput,
    Bounds,
    Verdict,
    display,
    parse_force,
    parse_quantity,
    quantity,
)
from opentraction.quantities import vocabulary as words
from opentraction.quantities.units import FACTORS

POUND = Fraction("0.45359237")  # kg, international yard and pound agreement, 1959
GEE = Fraction("9.80665")  # m/s^2, third CGPM, 1901

EXACT = {
    ("force", "N"): Fraction(1),
    ("force", "kN"): Fraction(1000),
    ("force", "daN"): Fraction(10),
    ("force", "lb"): POUND * GEE,
    ("force", "lbf"): POUND * GEE,
    ("force", "kgf"): GEE,
    ("mass", "kg"): Fraction(1),
    ("mass", "g"): Fraction(1, 1000),
    ("mass", "lb"): POUND,
    ("mass", "st"): 14 * POUND,
    ("length", "in"): Fraction("0.0254"),
    ("length", "ft"): Fraction("0.3048"),
    ("force rate", "lb/s"): POUND * GEE,
    ("force rate", "kgf/s"): GEE,
    ("time", "min"): Fraction(60),
    ("time", "h"): Fraction(3600),
    ("stiffness", "N/mm"): Fraction(1000),
}


@pytest.mark.parametrize(("kind", "unit"), EXACT)
def test_a_unit_is_its_definition(kind: str, unit: str) -> None:
    assert parse_quantity(f"1 {unit}", kind, "x") == pytest.approx(float(EXACT[kind, unit]), rel=2e-16, abs=0)


def test_half_a_turn_is_pi() -> None:
    assert parse_quantity("180 deg", "angle", "x") == math.pi


def test_a_pound_of_force_and_a_pound_of_mass_differ_by_gravity() -> None:
    assert parse_quantity("1 lb", "force", "x") == parse_quantity("1 lb", "mass", "x") * GRAVITY


@pytest.mark.parametrize(
    "text", ["75lb", "75 lb", " 75  lb ", "75 lbs", "75 pounds", "7.5e1 lb", "+75. lb", "75\u00a0lb"]
)
def test_people_write_the_same_force_in_many_ways(text: str) -> None:
    assert parse_quantity(text, "force", "x") == 75 * FACTORS["force"]["lb"]


REFUSED = [
    "300",  # no unit
    "300 kg",  # a mass is not a force
    "N",
    "",
    "nan N",
    "inf N",
    "1e308 kN",  # overflows once in newtons
    "1e999 N",
    "1,5 N",  # a decimal comma may mean a thousand
    "1 000 N",
    "--3 N",
    "0x10 N",
    "٣ N",  # digits of another script: right to read, wrong to guess
    "300 N; 400 N",
    "300 n",
    "300 N\x00",
    "3" * 300 + " N",
    300,
    300.0,
    True,
    None,
    ["300 N"],
    {"value": 300},
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text)[:24])
def test_what_is_not_a_force_is_refused_by_name(text: object) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_quantity(text, "force", "forces.high")
    sentence = str(refusal.value)
    assert "forces.high" in sentence
    assert "lb" in sentence
    assert "\n" not in sentence
    with pytest.raises(BadInput):
        parse_force(text, "forces.high")


@given(st.text(max_size=300), st.sampled_from(sorted(FACTORS)))
def test_no_text_breaks_the_reading_of_a_quantity(text: str, kind: str) -> None:
    try:
        value = parse_quantity(text, kind, "x")
    except BadInput:
        return
    assert math.isfinite(value)


@pytest.mark.parametrize("kind", ["count", "score"])
def test_a_count_may_be_a_plain_number_but_not_a_truth(kind: str) -> None:
    assert parse_quantity(7, kind, "x") == 7.0
    assert parse_quantity("7", kind, "x") == 7.0
    for wrong in (True, math.nan, math.inf, 10**400):
        with pytest.raises(BadInput):
            parse_quantity(wrong, kind, "x")


@given(st.floats(-1e6, 1e6), st.sampled_from([(kind, unit) for kind in FACTORS for unit in FACTORS[kind]]))
def test_what_is_shown_reads_back(value: float, written: tuple[str, str]) -> None:
    kind, unit = written
    factor = FACTORS[kind][unit]
    text = display(value * factor, kind, unit, 6)
    assert parse_quantity(text, kind, "x") == pytest.approx(value * factor, abs=0.6e-6 * factor, rel=1e-12)


def test_what_is_unknown_shows_as_a_dash_and_never_as_zero() -> None:
    assert display(math.nan, "force", "N") == "– N"
    assert display(math.inf, "force", "lb") == "– lb"
    assert display(-0.001, "force", "N") == "0.0 N"


# --- forces that depend on the patient -------------------------------------------------------------------------------

WRITTEN_FORCES = {
    "300 N": 300.0,
    "75 lb": 75 * float(POUND * GEE),
    "34 kgf": 34 * 9.80665,
    "40 %BW": 0.4 * 80 * 9.80665,
    "40 % BW": 0.4 * 80 * 9.80665,
    "0.5 BW": 0.5 * 80 * 9.80665,
    "0.5 BW - 10 lb": 0.5 * 80 * 9.80665 - 10 * float(POUND * GEE),
    "0.5BW-10lb": 0.5 * 80 * 9.80665 - 10 * float(POUND * GEE),
    "10 lb + 20 lb - 5 lb": 25 * float(POUND * GEE),
    "min(90 lb, 55 %BW)": 90 * float(POUND * GEE),
    "min(200 lb, 55 %BW)": 0.55 * 80 * 9.80665,
    "max(min(1 N, 2 N), 3 N) + 1 N": 4.0,
    "-5 N + 8 N": 3.0,
}


@pytest.mark.parametrize("text", WRITTEN_FORCES)
def test_a_written_force_means_these_newtons_at_80_kg(text: str) -> None:
    force = parse_force(text, "x")
    assert force.newtons(80.0) == pytest.approx(WRITTEN_FORCES[text], rel=1e-12)
    assert force.needs_mass is ("BW" in text)


@pytest.mark.parametrize(
    "text",
    ["0.5 BW -", "BW", "0.5", "0.5 BW * 2", "min()", "min(1 N", "min 1 N", "1 N 2 N", "(1 N)", "1 N +", "1e308 BW",
     "1e308 N + 1e308 N", "min(" * 30 + "1 N" + ")" * 30, "__import__('os')", "1 N if 1 else 2"],
)  # fmt: skip
def test_anything_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"forces\.high"):
        parse_force(text, "forces.high")


PIECES = [
    "0.5",
    "1e308",
    "300",
    "BW",
    "%BW",
    "% BW",
    "lb",
    "N",
    "kgf",
    "+",
    "-",
    "(",
    ")",
    ",",
    "min",
    "max",
    " ",
    "e",
    ".",
]


@given(
    st.one_of(st.text(max_size=250), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)), st.floats(35, 200)
)
@example("max(1 N,-1e308 N)", 70.0)
def test_no_text_breaks_the_reading_of_a_force(text: str, mass: float) -> None:
    try:
        force = parse_force(text, "x")
    except BadInput:
        return
    assert not math.isnan(force.newtons(mass))


@st.composite
def written_forces(draw: st.DrawFn, depth: int = 2) -> tuple[str, float]:
    """A force as text, and what it means at 80 kg, built side by side."""
    if depth and draw(st.booleans()):
        word = draw(st.sampled_from(["min", "max", "+", "-"]))
        left, right = draw(written_forces(depth=depth - 1)), draw(written_forces(depth=0))
        if word in {"min", "max"}:
            pick = min if word == "min" else max
            return f"{word}({left[0]}, {right[0]})", pick(left[1], right[1])
        return f"{left[0]} {word} {right[0]}", left[1] + right[1] * (1 if word == "+" else -1)
    number = draw(st.decimals(0, 300, places=2))
    unit, factor = draw(
        st.sampled_from([("N", 1.0), ("lb", float(POUND * GEE)), ("kgf", GRAVITY), ("%BW", 0.8 * GRAVITY)])
    )
    return f"{number} {unit}", float(number) * factor


@given(written_forces())
def test_a_force_means_what_it_says(written: tuple[str, float]) -> None:
    text, newtons = written
    assert parse_force(text, "x").newtons(80.0) == pytest.approx(newtons, rel=1e-9, abs=1e-9)


# --- bounds and the dictionary ---------------------------------------------------------------------------------------

BOUNDS = Bounds(0.0, 1000.0, 50.0, 600.0)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(50.0, Verdict.OK), (600.0, Verdict.OK), (0.0, Verdict.UNUSUAL), (49.9, Verdict.UNUSUAL),
     (1000.0, Verdict.UNUSUAL), (-1e-9, Verdict.REFUSED), (math.nextafter(1000, 2000), Verdict.REFUSED),
     (math.nan, Verdict.REFUSED), (math.inf, Verdict.REFUSED), (-math.inf, Verdict.REFUSED)],
)  # fmt: skip
def test_a_bound_judges(value: float, verdict: Verdict) -> None:
    assert BOUNDS.judge(value) is verdict


@given(st.floats())
def test_only_a_finite_value_inside_the_absolute_range_passes(value: float) -> None:
    assert (BOUNDS.judge(value) is not Verdict.REFUSED) == (0.0 <= value <= 1000.0)


def test_even_a_bound_without_ends_refuses_what_is_not_a_number() -> None:
    endless = Bounds(-math.inf, math.inf, 0.0, 1.0)
    assert {endless.judge(value) for value in (math.nan, math.inf, -math.inf)} == {Verdict.REFUSED}


@pytest.mark.parametrize("key", QUANTITIES)
def test_an_entry_of_the_dictionary_makes_sense(key: str) -> None:
    entry = quantity(key)
    bounds = entry.bounds
    assert bounds.low <= bounds.recommended_low < bounds.recommended_high <= bounds.high
    assert FACTORS[entry.kind].get(entry.unit, 1.0) == 1.0, "inside everything is SI"
    assert 0 <= entry.decimals <= 3
    assert entry.name
    assert entry.symbol


@pytest.mark.parametrize("key", QUANTITIES)
def test_the_ends_a_refusal_names_are_themselves_allowed(key: str) -> None:
    entry = quantity(key)
    with pytest.raises(BadInput) as refusal:
        entry.check(math.nan, "x")
    for end in refusal.value.allowed.removeprefix(f"{entry.name} from ").split(" to "):
        entry.read(end, "x")


def test_a_refusal_keeps_the_first_source_and_shortens_what_was_given() -> None:
    refusal = BadInput("forces.high", "9" * 500, "less").within("plan.toml").within("elsewhere.toml")
    assert str(refusal).startswith("plan.toml: forces.high = '999")
    assert len(str(refusal)) < 200
    assert "too long to show" in str(BadInput("n", 10**5000, "less"))


# --- words that recordings hold --------------------------------------------------------------------------------------


def test_a_code_is_the_place_of_its_name() -> None:
    assert words.PHASE_NAMES[words.PRETENSION] == "pretension"
    assert words.PHASE_NAMES[words.REST] == "rest"
    assert len(words.PHASE_NAMES) == words.LOCKOUT + 1
    assert words.CAUSE_TEXTS[words.REMOTE_UNPLUGGED] == "patient remote unplugged"
    assert len(words.CAUSE_TEXTS) == words.NO_PERMISSION + 1


def test_every_cause_leads_to_a_known_ending_and_only_the_plan_completes() -> None:
    endings = {cause: words.ending_of(cause) for cause in range(len(words.CAUSE_TEXTS))}
    assert set(endings.values()) == set(words.ENDINGS)
    assert [cause for cause, ending in endings.items() if ending == "completed"] == [words.FINISHED]


def test_alarms_have_bits_of_their_own_and_stops_latch() -> None:
    bits = [alarm.bit for alarm in words.ALARMS]
    assert sorted(bits) == [1 << place for place in range(len(bits))]
    assert {alarm.priority for alarm in words.ALARMS} == {"high", "medium", "low"}
    assert all(alarm.latching for alarm in words.ALARMS if alarm.priority == "high")
