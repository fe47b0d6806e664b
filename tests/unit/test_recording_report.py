"""The report says what the recording holds: read back from the PDF, and its pages looked at for size and standard."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pypdf
import pytest

from opentraction import DISCLAIMER
from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v
from opentraction.session import accuracy, documents, rows
from opentraction.session.chart import markers, phase_bands, session_chart
from opentraction.session.event_list import event_list
from opentraction.session.metrics import Metrics
from opentraction.session.reader import read_session
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.report import Who, write_report
from opentraction.session.report_data import report_data
from tests.synthetic import legs, make_rows, start, stopped, story, tell

EVENTS = [
    documents.event(12.0, "disturbance", "cough"),
    documents.event(14.0, "comfort", "comfort 7", {"score": 7}),
    documents.event(15.0, "alarm", "Force above prescription – yielding", {"id": "A4", "on": True}),
    documents.event(16.5, "alarm", "Force above prescription – yielding (over)", {"id": "A4", "on": False}),
]


@pytest.fixture
def block():
    return make_rows(legs(cycles=2), noise=0.3)


def record(folder, block, events=(), ending="completed", cause="treatment finished", closed=True):
    recorder = Recorder(folder, NO_SYNC)
    items = story(block, events, ending, cause)
    tell(recorder, items if closed else (i for i in items if isinstance(i, np.ndarray) or i["doc"] != "stop"))
    return folder


def pages(folder, who=None, letter=False):
    out = folder / "report.pdf"
    write_report(folder, out, who, letter)
    return pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages


def words(folder, who=None):
    return " ".join(" ".join(page.extract_text() for page in pages(folder, who)).split())


def test_an_ending_is_said_once(tmp_path, block):
    said = words(record(tmp_path, stopped(block, 25.0), ending="console stop", cause="stop on the console"))
    assert "Ending: console stop" in said
    assert "stop on the console" not in said


def test_one_page_holds_who_what_how_and_why(tmp_path, block):
    said = words(record(tmp_path, block, EVENTS))
    for part in (
        "P-017",
        "Two pulls",
        "Ending: completed",
        "YY 0697-2008",
        "cough",
        "comfort 7",
        "Clinician",
        DISCLAIMER,
    ):
        assert part in said
    assert "Force above prescription – yielding, for 1.5 s" in said
    assert read_session(tmp_path).log.last in said
    assert len(pages(tmp_path)) == 1


def test_the_page_is_pdf_a_2b_in_one_font(tmp_path, block):
    page = pages(record(tmp_path, block))[0]
    raw = (tmp_path / "report.pdf").read_bytes()
    assert b"pdfaid:part>2<" in raw
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert all("IBMPlexSans" in name for name in fonts)
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_letter_paper_on_request(tmp_path, block):
    page = pages(record(tmp_path, block), letter=True)[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)


def test_the_same_recording_gives_the_same_bytes(tmp_path, block):
    pages(record(tmp_path, block))
    first = (tmp_path / "report.pdf").read_bytes()
    pages(tmp_path)
    assert (tmp_path / "report.pdf").read_bytes() == first


def test_a_name_is_printed_as_it_is_and_stays_out_of_the_recording(tmp_path, block):
    name = 'Zoë #strong[Müller] $x^2$ *bold* "quoted" \\ #include("/x")'
    said = words(record(tmp_path, block), Who(name=name, birth_date="1971-02-03", clinic="Praxis am Park"))
    assert "#strong[Müller] $x^2$ *bold*" in said
    assert '#include("/x")' in said.replace("/ x", "/x"), "a line may break at the slash"
    assert "1971-02-03" in said
    assert all("Zoë".encode() not in (tmp_path / f).read_bytes() for f in ("documents.jsonl", "session.edf"))


def test_a_patient_stop_is_timed_on_the_page(tmp_path, block):
    said = words(record(tmp_path, stopped(block, 25.0), ending="patient stop", cause="patient stop"))
    assert "Ending: patient stop" in said
    assert re.search(r"falling after 8[05] ms", said), "60 ms of delay and 2 N at 100 N/s, to within a tick"
    assert "4.5 s, within" in said


def test_the_summary_a_session_told_is_the_one_reported(tmp_path, block):
    metrics = Metrics()
    tell(metrics, story(block))
    recorder = Recorder(tmp_path, NO_SYNC)
    for item in story(block):
        if isinstance(item, np.ndarray):
            recorder.rows(item)
        else:
            recorder.document({**item, "summary": metrics.summary()} if item["doc"] == "stop" else item)
    recorder.close()
    lines = report_data(read_session(tmp_path))["accuracy"]
    hold = metrics.summary()["hold_error_n"]
    assert lines[0]["value"] == f"{hold['max']:.1f} N, rms {hold['rms']:.1f} N"


@pytest.mark.parametrize("count", [0, 1, 500])
def test_an_interrupted_or_short_session_has_a_report(tmp_path, block, count):
    said = words(record(tmp_path, block[:count], closed=False))
    assert "Ending: interrupted" in said
    assert "was not closed" in said


def crowd(count):
    return [documents.event(0.1 * k, "note", f"remark {k};") for k in range(count)]


@pytest.mark.parametrize(("count", "sheets"), [(30, 1), (100, 2), (112, 2), (124, 2), (136, 3), (300, 4)])
def test_many_events_begin_a_page_and_the_signatures_never_stand_alone(tmp_path, block, count, sheets):
    told = [" ".join(page.extract_text().split()) for page in pages(record(tmp_path, block, crowd(count)))]
    assert len(told) == sheets
    remarks = [[int(k) for k in re.findall(r"remark (\d+);", page)] for page in told]
    assert [k for page in remarks for k in page] == list(range(count)), "in order, page by page"
    assert [("Stops, alarms and events" in page, bool(held)) for page, held in zip(told, remarks, strict=True)] == (
        [(True, True)] if sheets == 1 else [(False, False)] + [(True, True)] * (sheets - 1)
    )
    assert ["Waveforms, SHA-256" in page for page in told] == [False] * (sheets - 1) + [True]
    assert len(remarks[-1]) >= 6
    for number, page in enumerate(told, start=1):
        assert f"{number} of {sheets}" in page
        assert DISCLAIMER in page
        assert ("Session report, P-017, 4 March 2026" in page) is (number > 1)


def test_the_longest_names_still_leave_one_page(tmp_path, block):
    who = Who(
        "Maximiliana Theodora " + "Featherstonehaugh-" * 6, "1951-01-03", "Centre for " * 12, "Dr. " + "Long-" * 12
    )
    assert len(pages(record(tmp_path, stopped(block, 25.0), EVENTS, "patient stop", "patient stop"), who)) == 1


def test_of_a_pull_at_the_neck_no_lumbar_force_is_said(tmp_path, block):
    assert "spine, modelled" in report_data(read_session(record(tmp_path / "back", block)))["charts"][0]
    block[:, [rows.SPINE, rows.SPINE_LOW, rows.SPINE_HIGH]] = np.nan  # as the table records it
    recording = read_session(record(tmp_path / "neck", block))
    recording.start["plan"]["region"] = "cervical"
    data = report_data(recording)
    assert dict(data["delivered"])["Spine force in hold, modelled"] == "not modelled for a pull at the neck"
    assert all("spine, modelled" not in chart for chart in data["charts"])


def reduces(count, begin=12.0):
    """Reduce pressed again and again: each asked, each answered a tick later."""
    for k in range(count):
        to = 270.0 - 10.0 * k
        yield documents.event(begin + 0.3 * k, "operator", "reduce asked", {"by": "demo", "to_n": to})
        yield documents.event(begin + 0.3 * k + 0.005, "operator", f"reduced to {to:.0f} N", {"limit_n": to})


def test_many_reduces_are_one_row_and_the_report_one_page(tmp_path, block):
    folder = record(tmp_path, block, list(reduces(20)))
    said = words(folder)
    assert "0:12.0 operator reduced 20 times, to 80 N" in said
    assert "reduce asked" not in said
    assert len(pages(folder)) == 1


def test_a_reduce_that_was_not_answered_stays_in_the_list():
    asked = documents.event(5.0, "operator", "reduce asked", {"to_n": 300.0})
    assert event_list([asked, *reduces(1)]) == [
        ["0:05.0", "operator", "reduce asked"],
        ["0:12.0", "operator", "reduced to 270 N"],
    ]


def test_alarms_are_never_taken_together():
    told = [
        documents.event(float(t), "alarm", "Hands", {"id": "A4", "on": on})
        for t, on in ((1, True), (2, False), (3, True), (4, False))
    ]
    assert [row[2] for row in event_list(told)] == ["Hands, for 1.0 s", "Hands, for 1.0 s"]


def test_a_simulated_hand_on_the_remote_is_neither_listed_nor_marked(block):
    told = [
        documents.event(3.0, "disturbance", f"simulated: {what}", {"what": what})
        for what in ("remote-plug", "remote-press", "remote-release", "cough")
    ]
    assert event_list(told) == [["0:03.0", "disturbance", "simulated: cough"]]
    assert [mark.label for mark in markers(columns(block), told)] == ["simulated: cough"]


def test_the_body_is_rounded_and_keeps_its_units(tmp_path, block):
    recorder = Recorder(tmp_path, NO_SYNC)
    patient = {"pseudonym": "P-003", "mass_kg": 81.6466, "stature_m": 1.75, "age": 56}
    tell(
        recorder,
        (
            {**i, "patient": patient} if not isinstance(i, np.ndarray) and i["doc"] == "start" else i
            for i in story(block)
        ),
    )
    assert report_data(read_session(tmp_path))["who"][-1] == ["Body", "56\u00a0y, 81.6\u00a0kg, 175\u00a0cm"]


@pytest.mark.parametrize(
    ("unit", "peak", "ceiling"), [("lb", "67.6 lb (301 N)", "89.9 lb (400 N)"), ("N", "301 N (68 lb)", "400 N (90 lb)")]
)
def test_the_report_speaks_the_unit_it_is_asked_for(tmp_path, unit, peak, ceiling):
    data = report_data(read_session(record(tmp_path, make_rows(legs(cycles=2), error=0.8))), unit=unit)
    assert dict(data["delivered"])["Highest force"] == peak
    assert dict(zip(data["plan_head"], data["plans"][0], strict=True))["Ceiling"] == ceiling
    assert all(f"force, {unit}<" in chart for chart in data["charts"])


def test_a_missing_recording_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(BadInput, match=r"documents\.jsonl"):
        write_report(tmp_path / "nowhere", tmp_path / "report.pdf")
    assert not (tmp_path / "report.pdf").exists()


# Limits.


@pytest.mark.parametrize(
    ("level", "limit"), [(50, 10), (100, 10), (150, 15), (200, 20), (201, 40.2), (300, 50), (900, 50)]
)
def test_the_standard_takes_the_larger_below_200_and_the_smaller_above(level, limit):
    assert accuracy.standard_force_limit(level) == pytest.approx(limit)


@pytest.mark.parametrize(("error", "standard", "aim"), [(2.9, True, True), (3.2, True, False), (51.0, False, False)])
def test_a_figure_is_judged_against_both_limits(block, error, standard, aim):
    metrics = Metrics()
    tell(metrics, story(make_rows(legs(cycles=1), error=error)))
    line = accuracy.lines(metrics.summary(), 45.0)[0]
    assert (line.standard_within, line.aim_within) == (standard, aim)


def test_what_is_not_known_is_not_judged():
    metrics = Metrics()
    metrics.document(start())
    lines = accuracy.lines(metrics.summary(), None)
    assert all(line.standard_within is None and line.aim_within is None for line in lines)


# The picture.


def columns(block):
    metrics = Metrics()
    metrics.rows(block)
    return metrics.columns()


def test_the_chart_marks_the_stop_the_alarm_and_the_cough(block):
    block = stopped(block, 25.0)
    told = [*EVENTS, documents.stop(30.0, "patient stop", "patient stop")]
    found = {(round(m.x, 3), m.kind, m.label) for m in markers(columns(block), told)}
    assert (25.0, "stop", "patient stop") in found
    assert (15.0, "alarm", "Force above prescription – yielding") in found
    assert (12.0, "event", "cough") in found
    assert len(found) == 4


def test_a_red_mark_is_a_high_alarm_of_the_pull(block):
    def alarm(t, **data):
        return documents.event(t, "alarm", str(data), data)

    told = [alarm(-1.0, id="A14"), alarm(10.0, priority="high"), alarm(11.0, priority="medium")]
    told += [alarm(12.0, priority="low"), alarm(13.0, priority="high", on=False)]
    assert [(m.x, m.kind) for m in markers(columns(block), told)] == [(10.0, "alarm"), (11.0, "warning")]


def test_the_chart_names_every_phase(block):
    names = [band.label for band in phase_bands(block[:, 0], block[:, 11])]
    assert names == ["pretension", *["rise", "hold", "fall", "rest"] * 2, "end release"]


def test_a_pause_is_one_cell_and_paper_has_no_cell_without_its_name(block):
    codes = np.repeat([v.RISE, v.PAUSE_RELEASE, v.PAUSED, v.RESUME, v.RISE], [100, 200, 400, 200, 4000]).astype(float)
    t = np.arange(codes.size) / 200
    assert [band.label for band in phase_bands(t, codes)] == ["rise", "pause", "rise"]
    drawn = {**{name: np.full(t.size, 50.0) for name in columns(block)}, "t": t, "phase": codes}
    names = [
        re.findall("<title>(.*?)</title>", session_chart(drawn, [start()], theme=theme))[1:]
        for theme in ("print", "page")
    ]
    assert names == [["pause", "rise"], ["rise", "pause", "rise"]]


def test_a_unit_nobody_knows_is_refused(tmp_path, block):
    with pytest.raises(BadInput, match="stone"):
        session_chart(columns(block), [start()], unit="stone")
    with pytest.raises(BadInput, match="stone"):
        write_report(record(tmp_path, block), tmp_path / "report.pdf", unit="stone")
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize("count", [0, 1, 200])
def test_the_chart_of_a_short_session_is_still_a_chart(block, count):
    svg = session_chart(columns(block[:count]) if count else columns(block[:0]), [start()])
    assert ET.fromstring(svg).tag.endswith("svg")


def test_a_change_that_never_began_is_no_measure_of_the_length(tmp_path, block):
    """Asked, then stopped before its boundary: the session is judged by the plan it pulled."""
    other = {**start()["plan"], "total_time": 1754.0, "cycles": 30}
    asked = documents.event(20.0, "operator", "change asked", {"change": "asked", "plan_sha256": "x", "plan": other})
    data = report_data(read_session(record(tmp_path, stopped(block, 25.0), [asked], "patient stop", "patient stop")))
    said = [line["value"] for line in data["accuracy"] if line["name"] == "Length of treatment"]
    assert said
    assert all("1754" not in value for value in said)
    assert "of 30" not in dict(data["delivered"])["Pulls finished"]


def test_a_change_that_began_is(tmp_path, block):
    other = {**start()["plan"], "total_time": 1754.0, "cycles": 30}
    data = {"change": "asked", "plan_sha256": "x", "plan": other}
    made = {"change": "made", "plan_sha256": "x", "at_s": 12.0, "by": "demo", "limit_n": 300.0}
    told = [documents.event(10.0, "operator", "asked", data), documents.event(12.0, "operator", "made", made)]
    report = report_data(read_session(record(tmp_path, block, told)))
    assert "of 30" in dict(report["delivered"])["Pulls finished"]


def test_events_stand_in_order_of_time():
    told = [
        documents.event(122.5, "alarm", "late", {"id": "A1", "on": True}),
        documents.event(122.0, "disturbance", "spasm"),
    ]
    assert [row[0] for row in event_list(told)] == ["2:02.0", "2:02.5"]
