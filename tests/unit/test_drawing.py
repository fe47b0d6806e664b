"""The chart says what the numbers say, whatever they are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.drawing import PALETTE, Axis, Band, Marker, Series, chart
from opentraction.drawing.decimate import envelope
from opentraction.drawing.labels import lanes, spread
from opentraction.drawing.palette import TEXT_COLOURS, contrast
from opentraction.drawing.spine import DiscMark, spine
from opentraction.drawing.ticks import clock_text, nice_step, number_text, ticks

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, colour: str) -> str:
    """The path drawn in a colour of the palette."""
    paths = [
        p
        for p in ET.fromstring(svg).iter(f"{SVG}path")
        if p.get("stroke") == f"var(--{colour}, {PALETTE[colour].light})"
    ]
    return max((p.get("d", "") for p in paths), key=len, default="")


def test_a_missing_value_breaks_the_line():
    svg = chart([Series(range(6), [1, 2, np.nan, np.nan, 3, 4], "measured", "measured")])
    assert drawn(svg, "measured").count("M") == 2


def test_a_lone_value_is_still_seen():
    svg = chart([Series([0, 1, 2], [np.nan, 5, np.nan], "measured", "measured")], x=Axis(low=0, high=2))
    assert re.fullmatch(r"M[\d.]+ [\d.]+h0", drawn(svg, "measured"))


def test_half_an_hour_at_200_hz_is_a_small_file_with_its_peak():
    t = np.arange(360_000) / 200.0
    force = 300.0 + np.random.default_rng(1).normal(0, 1, t.size)
    force[123_457] = 900.0
    svg = chart([Series(t, force, "measured", "measured")], y=Axis("force", "N", 0, 1000), size=(960, 360))
    heights = [float(p.split()[1]) for p in re.split("[ML]", drawn(svg, "measured"))[1:]]
    bottom, top = 360 - 26.0, 5.0 + 17.0 + 9.0  # the name of the axis stands clear of the number at its top
    assert min(heights) == pytest.approx(bottom - 0.9 * (bottom - top), abs=0.1)
    assert len(svg) < 60_000


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=400), st.integers(1, 40))
def test_decimation_keeps_the_extremes(values, columns):
    y = np.array(values)
    x = np.linspace(0.0, 1.0, y.size)
    _, kept = envelope(x, y, columns, 0.0, 1.0)
    assert kept.size <= max(2 * columns + 1, 1) or kept.size == y.size
    if np.isfinite(y).any():
        assert np.nanmax(kept) == np.nanmax(y)
        assert np.nanmin(kept) == np.nanmin(y)


@given(st.lists(st.floats(0, 300), max_size=12))
def test_end_labels_never_touch(wanted):
    placed = spread(wanted, 16.0, 10.0, 320.0)
    assert all(abs(a - b) >= 16.0 - 1e-6 for a, b in combinations(placed, 2))
    assert sorted(range(len(wanted)), key=lambda i: (wanted[i], placed[i])) == sorted(
        range(len(wanted)), key=lambda i: placed[i]
    )
    assert all(10.0 - 1e-6 <= p <= 320.0 + 1e-6 for p in placed)


def test_labels_with_room_stay_where_they_are():
    assert spread([50.0, 200.0, 100.0], 16.0, 0.0, 300.0) == [50.0, 200.0, 100.0]


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(1, 200)), max_size=20))
def test_marker_words_never_touch(given_spans):
    spans = [(left, left + wide) for left, wide in given_spans]
    chosen = lanes(spans, 3)
    for (a, lane_a), (b, lane_b) in combinations(zip(spans, chosen, strict=True), 2):
        if lane_a is not None and lane_a == lane_b:
            assert a[1] <= b[0] or b[1] <= a[0]


def test_words_of_people_are_escaped():
    nasty = '<script>alert("1")</script>&\x00\x1b'
    series, band, marker = Series([0, 1], [1, 2], nasty, "measured"), Band(0, 1, nasty), Marker(0.5, nasty, "stop")
    svg = chart([series], [band], markers=[marker], title=nasty)
    tree = ET.fromstring(svg)
    assert not list(tree.iter(f"{SVG}script"))
    assert '<script>alert("1")</script>&' in (tree.findtext(f"{SVG}title") or "")


def test_a_screen_reader_hears_title_and_description():
    tree = ET.fromstring(chart([], title="Force over time", description="Peak 300 N."))
    assert (tree.get("role"), tree.findtext(f"{SVG}title"), tree.findtext(f"{SVG}desc")) == (
        "img",
        "Force over time",
        "Peak 300 N.",
    )


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, np.nan], [0.0], [-5.0, -5.0], [1e308, -1e308], [5e-324]])
def test_odd_data_still_make_a_chart(values):
    svg = chart([Series(range(len(values)), values, "measured", "measured")])
    ET.fromstring(svg)
    assert "nan" not in svg
    assert "inf" not in svg


def test_paper_gets_plain_colours_and_pages_get_properties():
    series = [Series([0, 1], [1, 2], "measured", "measured")]
    assert "var(" not in chart(series, theme="print")
    assert "var(--measured, #0f5257)" in chart(series)
    assert "prefers-color-scheme: dark" in chart(series, theme="standalone")


@pytest.mark.parametrize("name", TEXT_COLOURS)
@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_words_keep_aa_contrast(name, ground):
    assert contrast(PALETTE[name].light, PALETTE[ground].light) >= 4.5
    assert contrast(PALETTE[name].dark, PALETTE[ground].dark) >= 4.5


def test_ticks_are_round_numbers():
    assert nice_step(700.0, 5) == 200.0
    assert ticks(0.0, 700.0, 200.0) == [0.0, 200.0, 400.0, 600.0]
    assert number_text(-0.5, 0.5) == "\N{MINUS SIGN}0.5"
    assert number_text(300.0, 100.0) == "300"
    assert (clock_text(75.0, 15.0), clock_text(600.0, 300.0), clock_text(0.4, 0.2)) == ("1:15", "10 min", "0.4 s")
    assert (clock_text(7200.0, 3600.0), clock_text(172800.0, 86400.0)) == ("2 h", "2 d")


def test_lines_are_named_where_they_are_apart() -> None:
    end = chart([Series([0, 1, 2], [100, 100, 0], "prescribed", "prescribed")], x=Axis(low=0, high=2))
    held = chart([Series([0, 1, 2], [100, 100, 0], "prescribed", "prescribed", named_at=1.0)], x=Axis(low=0, high=2))
    assert height_of("prescribed", held) < 100.0
    assert height_of("prescribed", end) > 300.0


def height_of(label: str, svg: str) -> float:
    """Where a name is written [px from the top]."""
    found = re.search(rf'y="([\d.]+)"[^>]*>{label}<', svg)
    assert found is not None
    return float(found[1])


def test_a_prescribed_line_shows_on_both_sides_of_the_measured_one_that_follows_it() -> None:
    both = [Series([0, 1], [1, 2], style="measured"), Series([0, 1], [1, 2], style="prescribed")]
    widths = [float(width) for width in re.findall(r'fill="none"[^>]*stroke-width="([\d.]+)"', chart(both))]
    assert len(widths) == 2
    assert widths[0] >= 2.0 * widths[1], "prescribed first, measured over it"
    alone = re.findall(r'fill="none"[^>]*stroke-width="([\d.]+)"', chart(both[1:]))
    assert float(alone[0]) < widths[1]


def test_the_name_of_an_axis_stands_clear_of_a_number_at_its_top() -> None:
    svg = chart([Series([1, 2], [5, 6])], x=Axis(low=1, high=2), y=Axis("", "of 10", 0.0, 10.0), size=(360, 190))
    assert height_of("10", svg) - height_of("of 10", svg) >= 20.0


def test_a_spine_says_what_each_disc_does_and_falls_short_of_none():
    marks = [DiscMark(name, (0.1, 0.5, 0.9), (-60.0, -30.0, -5.0), 0.2, 3.0, name == "d") for name in "abcde"]
    svg = spine(marks, "The spine", ["Modelled, never measured."])
    written = ["".join(one.itertext()) for one in ET.fromstring(svg).iter("text")]
    assert written.count("+0.5mm") == 5
    assert written.count("+0.1 to +0.9") == 5
    assert written.count("lying alone +0.2") == 5
    assert written.count("\N{MINUS SIGN}30kPa") == 5
    assert written.count("\N{MINUS SIGN}60 to \N{MINUS SIGN}5") == 5
    assert written.count("lying alone +3") == 5
    assert {"disc opens", "its pressure", "Modelled, never measured."} <= set(written)
    assert written[written.index("treated") - 1] == "d"
    assert written.count("treated") == 1
    assert "<desc>a +0.5 (+0.1 to +0.9) mm" in svg
    assert "d, treated +0.5 (+0.1 to +0.9) mm" in svg
    still = [DiscMark(name, (-0.04, 0.0, 0.04), (-0.4, 0.0, 0.4)) for name in "abcde"]
    assert "\N{MINUS SIGN}0" not in spine(still, "The spine", ())
    assert "lying" not in spine(still, "The spine", ())
    with pytest.raises(ValueError, match="5 from L1-L2"):
        spine(marks[:3], "", ())


def test_a_spine_keeps_its_size_while_it_opens_and_is_not_cut_off_when_it_opens_far():
    """The rows stand still, level with each other; only a spine that no longer fits makes the drawing taller."""

    def drawn(opening: float) -> tuple[list[float], list[float]]:
        marks = [DiscMark(name, (opening,) * 3, (0.0,) * 3) for name in "abcde"]
        root = ET.fromstring(spine(marks, "", ("words",)))
        names = [float(one.get("y", "")) for one in root.iter("text") if "".join(one.itertext()) in "abcde"]
        return [float(x) for x in root.get("viewBox", "").split()], names

    shut, wide, far = drawn(0.0), drawn(1.5), drawn(9.0)
    assert shut == wide
    assert len(set(np.diff(shut[1]))) == 1
    assert far[1] == shut[1]
    assert far[0][1] < shut[0][1]
    assert far[0][1] + far[0][3] == pytest.approx(shut[0][1] + shut[0][3], abs=1.0)
