"""What may happen in a simulated session, as written on the command line."""

from __future__ import annotations

import pytest

from opentraction.quantities import BadInput
from opentraction.twin.mishaps import Mishap, parse_mishap


@pytest.mark.parametrize(
    ("text", "mishap"),
    [
        ("600s:patient-stop", Mishap("remote-press", 600.0, None, None)),
        ("10min:clinician-stop", Mishap("clinician-stop", 600.0, None, None)),
        ("0s:remote-unplugged", Mishap("remote-unplug", 0.0, None, None)),
        ("90s:cough:120N", Mishap("cough", 90.0, 120.0, None)),
        ("90s:spasm:150N:2s", Mishap("spasm", 90.0, 150.0, 2.0)),
        ("90s:spasm:2s", Mishap("spasm", 90.0, None, 2.0)),
        ("5min:harness-slip:20mm", Mishap("harness-slip", 300.0, 0.02, None)),
        ("5min:cable-break", Mishap("cable-break", 300.0, None, None)),
    ],
)
def test_it_is_read(text: str, mishap: Mishap) -> None:
    read = parse_mishap(text)
    assert read.kind == mishap.kind
    for got, wanted in zip(read[1:], mishap[1:], strict=True):
        assert got == wanted if wanted is None else got == pytest.approx(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "600s",
        "patient-stop",
        "patient-stop:600s",
        "600:patient-stop",
        "600s:earthquake",
        "-1s:cough",
        "nans:cough",
        "infs:cough",
        "99999s:cough",
        "90s:cough:120",
        "90s:cough:-5N",
        "90s:cough:9000N",
        "90s:cough:120mm",
        "90s:harness-slip:20N",
        "90s:harness-slip:9m",
        "90s:spasm:150N:900s",
        "90s:patient-stop:10N",
        "90s:cough:1N:1s:1s",
    ],
)
def test_nonsense_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_mishap(text)
    said = str(refusal.value)
    assert said.startswith("--event")
    assert "\n" not in said
    assert "allowed" in said
