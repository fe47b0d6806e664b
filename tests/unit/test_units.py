"""Units at the door of a prescription: whatever unit is written, the same newtons are pulled."""

from __future__ import annotations

import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription import parse_prescription
from opentraction.prescription.amount import parse_amount
from opentraction.quantities import BadInput, parse_quantity

PATIENT = Patient("017", Body(70.0, 1.76, 54.0))
TEXT = """
name = "units"
region = "lumbar"
position = "supine"
couch = "split"
angle = "{angle}"
[session]
mode = "static"
length = "{length}"
[forces]
high = "{high}"
"""


@pytest.mark.parametrize("high", ["294.1995 N", "30 kgf", "66.138678655463 lb", "0.2941995 kN", "29.41995 daN"])
def test_one_force_in_every_unit(high: str) -> None:
    plan = parse_prescription(TEXT.format(angle="15 deg", length="10 min", high=high)).resolve(PATIENT)
    assert plan.peak == pytest.approx(294.1995, rel=1e-12)


def test_shares_of_body_weight() -> None:
    for high in ("40 %BW", "0.4 BW", "min(300 N, 0.4 BW)", "0.5 BW - 68.64655 N"):
        plan = parse_prescription(TEXT.format(angle="0 deg", length="10 min", high=high)).resolve(PATIENT)
        assert plan.peak == pytest.approx(0.4 * 686.4655)


def test_times_and_angles() -> None:
    one = parse_prescription(TEXT.format(angle="15 deg", length="10 min", high="300 N")).resolve(PATIENT)
    two = parse_prescription(TEXT.format(angle="0.2617993877991494 rad", length="600 s", high="300 N")).resolve(PATIENT)
    assert one == two


@pytest.mark.parametrize("text", ["50 % high", "50% of high", " 50  %  high "])
def test_a_share_of_the_high_force(text: str) -> None:
    assert parse_amount(text, "x").newtons(70.0, 300.0) == 150.0


@pytest.mark.parametrize("text", ["50 % higher", "high", "% high", "50 %", "101 % high", "-1 % high"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(BadInput):
        parse_amount(text, "x")


@pytest.mark.parametrize(
    ("text", "meant"), [("50 kg", "50 kgf"), ("min(32.5kg, 40 %BW)", "32.5 kgf"), ("0.5 BW - 5 kg", "5 kgf")]
)
def test_kilograms_for_a_force_are_refused_with_what_to_write(text: str, meant: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_prescription(TEXT.format(angle="0 deg", length="10 min", high=text))
    assert str(refused.value).endswith(f"; kg is a mass, write {meant} for a force.")


def test_only_kilograms_get_the_hint_of_kilograms() -> None:
    with pytest.raises(BadInput, match="write 2 kgf/s for a force rate"):
        parse_quantity("2 kg/s", "force rate", "rise.rate")
    for kind, text in (("force", "50"), ("force", "50 stone"), ("force", "50 kgfs"), ("time", "50 kg")):
        with pytest.raises(BadInput) as refused:
            parse_quantity(text, kind, "x")
        assert "kg is a mass" not in str(refused.value)
