"""The page for clinicians is run: its files are read, its sentence is the rehearsal, its keys are all there are."""

from __future__ import annotations

import re
from pathlib import Path

from opentraction.patient import Body, Patient, parse_patient
from opentraction.prescription import parse_prescription, rehearse

PAGE = (Path(__file__).parents[2] / "docs/clinician/prescriptions.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WHOLE, *PARTS = [block for block in BLOCKS if "pseudonym" not in block]
PATIENT = Patient("017", Body(70.0, 1.76, 54.0), ceiling=400.0)
STEPWISE = WHOLE.replace('low = "50 % high"', "").replace('[session]\nmode = "intermittent"\nlength = "30 min"\n', "")


def test_the_prescription_rehearses_as_the_page_says() -> None:
    quoted = " ".join(line.removeprefix("> ") for line in PAGE.splitlines() if line.startswith("> "))
    told = rehearse(parse_prescription(WHOLE).resolve(PATIENT), PATIENT).summary
    assert quoted == " ".join(told[:-1])


def test_every_part_fits_into_it() -> None:
    assert len(PARTS) == 4
    for part in PARTS:
        plan = parse_prescription((STEPWISE if "[session]" in part else WHOLE) + part).resolve(PATIENT)
        assert plan.cycles >= 2


def test_the_patient_file_is_read() -> None:
    text = next(block for block in BLOCKS if "pseudonym" in block)
    assert parse_patient(text).ceiling == 350.0


def test_every_key_the_reader_knows_is_explained() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    written = set(re.findall(r"[a-z_]+", " ".join(rows)))
    tables = {
        "session": ["mode", "length", "cycles"],
        "pretension": ["force", "rate", "hold"],
        "rise": ["shape", "time", "rate", "limit", "curvature", "steps", "step_hold"],
        "second_hold": ["force", "time", "move"],
        "oscillation": ["amplitude", "frequency", "fade"],
        "steps": ["count", "first", "fall_to"],
        "change": ["kind", "high", "low", "hold", "rest"],
        "release": ["rate", "shape"],
        "course": ["sessions", "high_last", "step"],
    }
    for table, keys in tables.items():
        assert {table, *keys} <= written
