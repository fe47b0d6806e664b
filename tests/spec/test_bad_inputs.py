"""The book of refusals: each bad file gives one sentence naming file, field, value and what is allowed.

A case is a good file with one line changed. Columns: the line to change, what it becomes, the field the sentence
must name, and a word of what is allowed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.patient import Patient, parse_patient, read_patient
from opentraction.prescription import Plan, parse_prescription, read_prescription
from opentraction.quantities import BadInput

DATA = Path(__file__).parent / "data"
PRESCRIPTION = (DATA / "good-prescription.toml").read_text("utf-8")
PATIENT = (DATA / "good-patient.toml").read_text("utf-8")
HIGH, LOW = 'high = "40 %BW"', 'low = "50 % high"'
RISE = 'shape = "linear"\nrate = "20 N/s"'
REST = '[rest]\ntime = "30 s"'
END = '[release]\nrate = "30 N/s"'

PRESCRIPTIONS = [
    # forces
    (HIGH, 'high = "75"', "forces.high", "lb"),
    (HIGH, "high = 300", "forces.high", "lb"),
    (HIGH, "high = true", "forces.high", "lb"),
    (HIGH, "high = nan", "forces.high", "lb"),
    (HIGH, "high = inf", "forces.high", "lb"),
    (HIGH, 'high = "nan N"', "forces.high", "lb"),
    (HIGH, 'high = "inf N"', "forces.high", "lb"),
    (HIGH, 'high = "1e308 N"', "forces.high", "from 0 N to below the patient's ceiling of 350 N (78.7 lb)"),
    (HIGH, 'high = "1e308 kgf"', "forces.high", "such as"),
    (HIGH, 'high = "-300 N"', "forces.high", "from 0 N to below the patient's ceiling of 350 N (78.7 lb)"),
    (HIGH, 'high = "0 N"', "forces.high", "above the pretension"),
    (HIGH, 'high = "300 kg"', "forces.high", "lb"),
    (HIGH, 'high = "75lbs"', "forces.high", "write lb, not lbs"),
    (HIGH, 'high = "75 pounds"', "forces.high", "write lb, not pounds"),
    (HIGH, 'high = "75 LB"', "forces.high", "write lb, not LB"),
    (HIGH, 'high = "34 kp"', "forces.high", "write kgf, not kp"),
    (HIGH, 'high = "75,5 lb"', "forces.high", "in 75,5 use a point"),
    (HIGH, 'high = "min(90 lb,50 %BW"', "forces.high", "50 %BW)'."),
    (HIGH, 'high = "min(75 lb"', "forces.high", "such as"),
    (HIGH, 'high = "50 % high"', "forces.high", "such as"),
    (HIGH, 'high = "20 N"', "forces.high", "above the pretension of 25 N"),
    (HIGH, 'high = "345 N"', "forces.high", "ceiling of 350 N (78.7 lb)"),
    (HIGH, 'high = "200 lb"', "forces.high", "ceiling of 350 N"),
    (HIGH, 'high = "500 lb"', "forces.high", "force from 0 N to below the patient's ceiling of 350 N (78.7 lb)"),
    (HIGH, f'high = "{"(" * 500}75 lb"', "forces.high", "such as"),
    (LOW, 'low = "300 N"', "forces.low", "below the high force"),
    (LOW, 'low = "10 N"', "forces.low", "from the pretension"),
    (LOW, 'low = "150 % high"', "forces.low", "0 % to 100 %"),
    (LOW, 'low = "50 %"', "forces.low", "share"),
    (HIGH + "\n", "", "forces.high", "high ="),
    # words
    ('region = "lumbar"', 'region = "thoracic"', "region", "lumbar, cervical"),
    ('region = "lumbar"', "", "region", "lumbar"),
    ('region = "lumbar"', 'region = "cervical"', "forces.high", "cervical force from 0 N to 200 N"),
    ('position = "supine"', 'position = "sitting"', "position", "supine, prone"),
    ('position = "supine"', "position = 1979-05-27", "position", "not a date"),
    ('couch = "split"', 'couch = ["split"]', "couch", "split, locked"),
    ('mode = "intermittent"', 'mode = "vibrating"', "session.mode", "cyclic"),
    ('mode = "intermittent"', 'mode = "static"', "session.mode", "intermittent"),
    ('mode = "intermittent"', 'mode = "cyclic"', "rest.time", "no rest"),
    ('mode = "intermittent"', 'mode = "progressive"', "steps", "progressive"),
    ('name = "Plain"', 'name = ""', "name", "1 to 80"),
    ('name = "Plain"', 'name = "two\\nlines"', "name", "one line"),
    ('name = "Plain"', "name = 7", "name", "text"),
    ('name = "Plain"', f'name = "{"long " * 40}"', "name", "80"),
    # angle and time
    ('angle = "10 deg"', 'angle = "45 deg"', "angle", "0 deg to 30 deg"),
    ('angle = "10 deg"', "angle = 10", "angle", "deg"),
    ('angle = "10 deg"', 'angle = "-5 deg"', "angle", "0 deg to 30 deg"),
    ('length = "20 min"', 'length = "1 min"', "session.length", "at least"),
    ('length = "20 min"', 'length = "3 h"', "session.length", "60 min"),
    ('length = "20 min"', "length = 20", "session.length", "min"),
    ('length = "20 min"', "length = 07:32:00", "session.length", "min"),
    ('length = "20 min"', "", "session.length", "30 min"),
    ('length = "20 min"', 'length = "20 min"\ncycles = 0', "session.cycles", "from 1"),
    ('length = "20 min"', 'length = "20 min"\ncycles = 2.5', "session.cycles", "whole number"),
    ('length = "20 min"', 'length = "20 min"\ncycles = true', "session.cycles", "whole number"),
    ('length = "20 min"', 'length = "20 min"\ncycles = 40', "session.length", "40 whole cycles"),
    (HIGH + "\n" + LOW, "high = '60 N'\n[[cycle]]\nhold = '1 s'\nrest = '1 s'", "session", "from 0.5 min"),
    ('length = "20 min"', f"cycles = 0x{'f' * 6000}", "session.cycles", "whole number"),
    ('time = "60 s"', 'time = "2 h"', "hold.time", "3600 s"),
    ('time = "60 s"', 'time = "25 min"', "session.length", "1 whole cycle"),
    ('[hold]\ntime = "60 s"\n', "", "hold.time", "hold time"),
    (REST, '[rest]\ntime = "0 s"', "rest.time", "at least 1 s"),
    (REST, '[rest]\nseconds = "30 s"', "rest.seconds", "time"),
    # ramps
    (RISE, 'shape = "cliff"', "rise.shape", "linear, logarithmic"),
    (RISE, 'shape = "linear"\nrate = "90 N/s"', "rise", "at most 60 N/s"),
    (RISE, 'shape = "linear"\nrate = "300 N/s"', "rise.rate", "100 N/s"),
    (RISE, 'shape = "linear"\nlimit = "200 N/s"', "rise.limit", "100 N/s"),
    (RISE, 'shape = "logarithmic"\ntime = "5 s"', "rise", "at most 60 N/s"),
    (RISE, 'shape = "linear"\ntime = "10 s"\nrate = "20 N/s"', "rise.rate", "not both"),
    (RISE, 'shape = "linear"\ncurvature = 9', "rise.curvature", "logarithmic"),
    (RISE, 'shape = "logarithmic"\ncurvature = 0', "rise.curvature", "0.1 to 100"),
    (RISE, 'shape = "stepped"', "rise.steps", "steps ="),
    (RISE, 'shape = "stepped"\nsteps = 5\ntime = "10 s"', "rise.time", "at least 45 s"),
    ('time = "10 s"\n\n[rest]', 'time = "1 s"\n\n[rest]', "fall", "at most 100 N/s"),
    ('rate = "5 N/s"', 'rate = "50 N/s"', "pretension.rate", "10 N/s"),
    ('force = "25 N"', 'force = "200 N"', "pretension.force", "10 N to 60 N"),
    (END, '[release]\nrate = "2000 N/s"', "release.rate", "500 N/s"),
    (END, '[release]\nrate = "20 s"', "release.rate", "N/s"),
    # the rest of the modes
    (END, '[oscillation]\namplitude = "60 N"\nfrequency = "0.2 Hz"', "oscillation.amplitude", "10 % of the hold"),
    (END, '[oscillation]\namplitude = "5 % high"\nfrequency = "20 Hz"', "oscillation.frequency", "0.5 Hz"),
    (END, '[oscillation]\namplitude = "5 % high"', "oscillation.frequency", "frequency ="),
    (END, "[steps]\ncount = 5", "steps", "progressive"),
    (END, '[change]\nkind = "shrinking rest"', "change.kind", "rest"),
    (END, '[change]\nkind = "spiral"\nhigh = "20 %BW"', "change.kind", "staircase"),
    (END, '[change]\nkind = "staircase"\nhigh = "80 %BW"', "forces.high", "ceiling"),
    (END, '[[cycle]]\nhigh = "20 %BW"\ntimes = 0', "cycle[0].times", "from 1"),
    (END, '[[cycle]]\nhigh = "80 %BW"', "forces.high", "ceiling"),
    (END, '[[cycle]]\nhigh = "20 %BW"\n[change]\nkind = "pyramid"\nhigh = "20 %BW"', "cycle", "either"),
    (END, '[second_hold]\nforce = "20 % high"\ntime = "20 s"', "second_hold.force", "above the low force"),
    (
        END,
        '[[cycle]]\nlow = "38 %BW"\n[[cycle]]\nhigh = "20 %BW"\nlow = "10 %BW"',
        "forces.low",
        "next pull's high force",
    ),
    (END, '[course]\nsessions = 0\nhigh_last = "40 %BW"', "course.sessions", "from 1"),
    # the file itself
    ('name = "Plain"', 'name = "Plain"\nforce = "300 N"', "force", "name, source"),
    ('name = "Plain"', 'name = "Plain"\n"a\\nb" = 1', "'a\\nb'", "name, source"),
    ('name = "Plain"', 'name = "Plain"\nname = "Twice"', "line 2", "each key once"),
    ('name = "Plain"', "name = Plain", "line 1", "TOML"),
    ('name = "Plain"', 'name = "Plain', "line 1", "TOML"),
    ('[forces]\nhigh = "40 %BW"\nlow = "50 % high"', "[[forces]]", "forces", "a table"),
    ('[forces]\nhigh = "40 %BW"\nlow = "50 % high"', "", "forces.high", "high ="),
]

PATIENTS = [
    ('mass = "70 kg"', 'mass = "154 kg"', "body.mass", "pounds meant, that is 69.9 kg?"),
    ('mass = "70 kg"', 'mass = "200 kg"\nmass_confirmed = true', "body.mass", "from 12 to 60"),
    ('mass = "70 kg"', 'mass = "154 kg"\nmass_confirmed = 1', "body.mass_confirmed", "true or false"),
    ('mass = "70 kg"', 'mass = "85 lb"', "body.mass", "kilograms meant, that is 85.0 kg?"),
    ('mass = "70 kg"', 'mass = "70,5 kg"', "body.mass", "in 70,5 use a point"),
    ('mass = "70 kg"', "mass = 70", "body.mass", "kg"),
    ('mass = "70 kg"', 'mass = "70"', "body.mass", "kg"),
    ('mass = "70 kg"', 'mass = "70 lb"', "body.mass", "35 kg to 200 kg"),
    ('mass = "70 kg"', 'mass = "-70 kg"', "body.mass", "35 kg to 200 kg"),
    ('mass = "70 kg"', 'mass = "1e308 kg"', "body.mass", "35 kg to 200 kg"),
    ('mass = "70 kg"', "mass = nan", "body.mass", "kg"),
    ('mass = "70 kg"', "mass = false", "body.mass", "kg"),
    ('mass = "70 kg"', "", "body.mass", "mass ="),
    ('stature = "1.76 m"', 'stature = "176 m"', "body.stature", "2.3 m"),
    ('stature = "1.76 m"', 'stature = "2.25 m"', "body.mass", "kilograms meant"),
    ('age = "54 y"', "age = 12", "body.age", "18"),
    ('age = "54 y"', 'age = "about 50"', "body.age", "years"),
    ('age = "54 y"', "age = 1970-01-01", "body.age", "not a date"),
    ('sex = "male"', 'sex = "M"', "body.sex", "female, male, unstated"),
    ("disc_grade = 3", "disc_grade = 9", "body.disc_grade", "from 1 to 5"),
    ("disc_grade = 3", "disc_grade = true", "body.disc_grade", "whole number"),
    ('levels = ["L5-S1"]', 'levels = "L5-S1"', "complaint.levels", "list"),
    ('levels = ["L5-S1"]', 'levels = ["L7-S9"]', "complaint.levels", "L5-S1"),
    ('region = "lumbar"', 'region = "back"', "complaint.region", "lumbar"),
    ('ceiling = "350 N"', 'ceiling = "350"', "limits.ceiling", "unit"),
    (
        'ceiling = "350 N"',
        'ceiling = "900 N"',
        "limits.ceiling",
        "from 50 N (11.2 lb) to 686 N (154.3 lb), the patient's body weight",
    ),
    ('ceiling = "350 N"', 'ceiling = "5000 N"', "limits.ceiling", "to 686 N (154.3 lb), the patient's body weight"),
    ('ceiling = "350 N"', 'ceiling = "0 N"', "limits.ceiling", "50 N"),
    ('pseudonym = "017"', 'name = "Jane Doe"', "patient.name", "pseudonym"),
    ('pseudonym = "017"', 'pseudonym = "Jane Doe"', "patient.pseudonym", "never a name"),
    ('pseudonym = "017"', "pseudonym = 17", "patient.pseudonym", "text"),
    ('pseudonym = "017"', 'pseudonym = ""', "patient.pseudonym", "1 to 40"),
]

FILES = [
    ("empty.toml", b"", "file", "at least one key"),
    ("comments.toml", b"# nothing yet\n", "file", "at least one key"),
    ("binary.toml", bytes(range(256)) * 4, "file", "UTF-8"),
    ("latin.toml", 'name = "é"'.encode("latin-1"), "file", "UTF-8"),
    ("utf16.toml", 'name = "x"'.encode("utf-16"), "file", "UTF-8"),
    ("nul.toml", b'name = "a\x00b"', "line 1", "TOML"),
    ("huge.toml", b"# " + b"x" * 300_000, "file", "256 KiB"),
    ("deep.toml", b"a = " + b"[" * 20_000 + b"]" * 20_000, "file", "few levels deep"),
    ("number.toml", b"a = " + b"9" * 20_000, "file", "TOML"),
    ("words.toml", b"seventy-five pounds please\n", "line 1", "TOML"),
]


def _changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand in the good file once"
    return text.replace(old, new)


def _sentence(refusal: BadInput, source: str, where: str, allowed: str) -> None:
    """One sentence: the file, the field, a value, what is allowed."""
    said = str(refusal)
    assert refusal.source == source
    assert said.startswith((f"{source}: {where} = ", f"{source}: {where} is ", f"{source}: {where}, column ")), said
    assert " cannot be used; allowed: " in said or f"{refusal.where} is {refusal.value}; allowed: " in said, said
    assert allowed in said.split("; allowed: ", 1)[1], said
    assert said.endswith(".")
    assert "\n" not in said
    assert "Traceback" not in said


@pytest.fixture
def patient() -> Patient:
    return parse_patient(PATIENT)


@pytest.mark.parametrize(("old", "new", "where", "allowed"), PRESCRIPTIONS)
def test_a_bad_prescription_gets_one_sentence(old: str, new: str, where: str, allowed: str, patient: Patient) -> None:
    with pytest.raises(BadInput) as caught:
        parse_prescription(_changed(PRESCRIPTION, old, new), "p.toml").resolve(patient)
    _sentence(caught.value, "p.toml", where, allowed)


@pytest.mark.parametrize(("old", "new", "where", "allowed"), PATIENTS)
def test_a_bad_patient_gets_one_sentence(old: str, new: str, where: str, allowed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_patient(_changed(PATIENT, old, new), "who.toml")
    _sentence(caught.value, "who.toml", where, allowed)


@pytest.mark.parametrize("read", [read_prescription, read_patient])
@pytest.mark.parametrize(("name", "content", "where", "allowed"), FILES, ids=[row[0] for row in FILES])
def test_a_file_that_is_no_prescription_gets_one_sentence(read, name, content, where, allowed, tmp_path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read(path)
    _sentence(caught.value, str(path), where, allowed)


@pytest.mark.parametrize("read", [read_prescription, read_patient])
def test_a_path_that_is_no_file_gets_one_sentence(read, tmp_path) -> None:
    pairs = ((tmp_path, "a folder"), (tmp_path / "none.toml", "not there"), ("a\0b", "not there"))
    for path, value in (*pairs, ("/dev/urandom", "no ordinary file")):
        with pytest.raises(BadInput) as caught:
            read(path)
        assert caught.value.source == str(path)
        assert f": file is {value}; allowed: an existing TOML file." in str(caught.value)


SAID = [
    ("[rest]", "hodl = 1\n[rest]", "p.toml: fall.hodl is not known; allowed: shape, time, rate."),
    (HIGH + "\n", "", 'p.toml: forces.high is missing; allowed: high = "75 lb".'),
    ('name = "Plain"', "name = Plain", "p.toml: line 1, column 8 is not TOML (invalid value); allowed: TOML, such as"),
    (END, "[steps]\ncount = 5", "p.toml: steps is given; allowed: [steps] with progressive or regressive, and"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), SAID)
def test_a_refusal_without_a_value_reads_as_a_sentence(old: str, new: str, sentence: str, patient: Patient) -> None:
    with pytest.raises(BadInput) as caught:
        parse_prescription(_changed(PRESCRIPTION, old, new), "p.toml").resolve(patient)
    assert str(caught.value).startswith(sentence)


def test_the_good_files_are_good(patient: Patient) -> None:
    plan = parse_prescription(PRESCRIPTION).resolve(patient)
    assert isinstance(plan, Plan)
    assert plan.peak == pytest.approx(0.4 * 70.0 * 9.80665)


def test_a_session_outside_the_course_is_refused(patient: Patient) -> None:
    course = _changed(PRESCRIPTION, END, '[course]\nsessions = 6\nhigh_last = "45 %BW"')
    recipe = parse_prescription(course, "p.toml")
    for session in (0, 7, -1):
        with pytest.raises(BadInput, match=r"p\.toml: session = .* from 1 to 6\.$"):
            recipe.resolve(patient, session)


def test_a_later_session_of_a_prescription_without_a_course_is_refused(patient: Patient) -> None:
    recipe = parse_prescription(PRESCRIPTION, "p.toml")
    for session in (0, 2, 3):
        with pytest.raises(
            BadInput, match=r"p\.toml: session = .*; allowed: 1, for this prescription has no \[course\]\.$"
        ):
            recipe.resolve(patient, session)


# Whatever stands in a field, the answer is a plan or a BadInput with its file, never another exception.
_VALUES = st.one_of(
    st.sampled_from(
        ["nan", "inf", "-inf", "1e308", "true", "0", "-1", "[]", "{}", "1979-05-27", "07:32:00", "[[1]]", "0xfffffffff"]
    ),
    st.from_regex(r'"-?[0-9]{1,4}(\.[0-9]{1,3})? (N|lb|kgf|%BW|BW|s|min|h|deg|Hz|N/s|kg|% high|%)"', fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters='"\\\x7f'), max_size=30).map(
        '"{}"'.format
    ),
)
_LINES = [line for line in PRESCRIPTION.splitlines() if "=" in line]


def _plan_or_refusal(text: str) -> Plan | BadInput:
    try:
        return parse_prescription(text, "p.toml").resolve(parse_patient(PATIENT))
    except BadInput as refusal:
        return refusal


@given(st.integers(0, len(_LINES) - 1), _VALUES)
def test_whatever_stands_in_a_field_there_is_a_plan_or_a_refusal(line: int, value: str) -> None:
    old = _LINES[line]
    text = PRESCRIPTION.replace(old, f"{old.split('=')[0]}= {value}", 1)
    answer = _plan_or_refusal(text)
    if isinstance(answer, BadInput):
        assert answer.source == "p.toml"
        assert "\n" not in str(answer)
    else:
        assert Plan.from_canonical(answer.canonical()) == answer


@given(st.binary(max_size=400))
def test_any_bytes_are_a_refusal(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    for read in (read_prescription, read_patient):
        with pytest.raises(BadInput):
            read(path)
