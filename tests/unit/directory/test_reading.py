"""Directory files row by row: what is kept, what is left out and why, and that any line's end is a place to go on."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from opentraction.care.specialists import Deactivation, Listing, Report, open_reading, open_source, taxonomies
from opentraction.care.specialists.header import HEADER
from opentraction.care.specialists.lines import LONGEST, lines_of
from opentraction.care.specialists.listing import Outcome, folded, spoken
from opentraction.care.specialists.reading import KEPT
from opentraction.care.specialists.synthetic import number, write_registry
from opentraction.care.specialists.taxonomies import read_taxonomies
from opentraction.quantities import BadInput

ADA = {
    "NPI": "1234567893",
    "Entity Type Code": "1",
    "Provider Last Name (Legal Name)": "O'NEIL",
    "Provider First Name": "ADA",
    "Provider Credential Text": "D.C.",
    "Provider First Line Business Practice Location Address": "1 MAIN ST",
    "Provider Business Practice Location Address City Name": "AUSTIN",
    "Provider Business Practice Location Address State Name": "TX",
    "Provider Business Practice Location Address Postal Code": "787011234",
    "Provider Business Practice Location Address Country Code (If outside U.S.)": "US",
    "Provider Enumeration Date": "05/23/2006",
    "Last Update Date": "01/31/2024",
    "Healthcare Provider Taxonomy Code_1": "163W00000X",
    "Healthcare Provider Taxonomy Code_3": "111N00000X",
    "Provider License Number_3": "DC-7",
    "Provider License Number State Code_3": "TX",
    "Healthcare Provider Primary Taxonomy Switch_3": "Y",
}


def line(row: dict[str, str], header: tuple[str, ...] = HEADER) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([row.get(name, "") for name in header])
    return out.getvalue()


def written(path: Path, *lines: str, header: tuple[str, ...] = HEADER) -> Path:
    path.write_text(line({name: name for name in header}, header) + "".join(lines), "utf-8")
    return path


def read(path: Path, report: Report | None = None) -> tuple[list[Outcome], Report]:
    report = report or Report()
    with open_source(path) as source:
        return list(open_reading(source, report)), report


def test_the_header_has_the_registrys_330_columns() -> None:
    assert len(HEADER) == len(set(HEADER)) == 330
    assert HEADER[0] == "NPI"
    assert HEADER[47] == "Healthcare Provider Taxonomy Code_1"
    assert HEADER[107] == "Other Provider Identifier_1"
    assert HEADER[307] == "Is Sole Proprietor"
    assert HEADER[-1] == "Certification Date"


def test_a_person_is_read_by_the_names_of_the_columns(tmp_path: Path) -> None:
    shuffled = tuple(reversed(HEADER))
    for header in (HEADER, shuffled):
        (one,), report = read(written(tmp_path / "a.csv", line(ADA, header), header=header))
        assert isinstance(one, Listing)
        assert (one.number, one.name, one.sort_name) == ("1234567893", "Ada O'Neil", "o neil ada")
        assert (one.city, one.state, one.postal_code) == ("Austin", "TX", "787011234")
        assert str(one.updated) == "2024-01-31"
        (held,) = one.held
        assert (held.code, held.group, held.primary) == ("111N00000X", "chiropractor", True)
        assert (held.licence, held.licence_state) == ("DC-7", "TX")
        assert (report.rows, report.listed, report.bad) == (1, 1, 0)


def test_an_organisation_has_its_own_name(tmp_path: Path) -> None:
    clinic = ADA | {"Entity Type Code": "2", "Provider Organization Name (Legal Business Name)": "SPINE CO"}
    (one,), _ = read(written(tmp_path / "a.csv", line(clinic)))
    assert isinstance(one, Listing)
    assert (one.kind, one.name) == ("organisation", "Spine Co")


def test_a_deactivated_number_is_told_with_its_day_unless_it_came_back(tmp_path: Path) -> None:
    gone = {"NPI": ADA["NPI"], "NPI Deactivation Date": "03/01/2020"}
    back = ADA | {"NPI Deactivation Date": "03/01/2020", "NPI Reactivation Date": "04/01/2020"}
    (first, second), report = read(written(tmp_path / "a.csv", line(gone), line(back)))
    assert isinstance(first, Deactivation)
    assert str(first.day) == "2020-03-01"
    assert isinstance(second, Listing)
    assert (report.listed, report.deactivated) == (1, 1)


def test_other_professions_are_counted_and_passed_over(tmp_path: Path) -> None:
    nurse = ADA | {"Healthcare Provider Taxonomy Code_3": ""}
    outcomes, report = read(written(tmp_path / "a.csv", line(nurse)))
    assert outcomes == [None]
    assert (report.rows, report.others, report.listed) == (1, 1, 0)


def test_a_number_that_the_registry_masks_is_no_licence(tmp_path: Path) -> None:
    (one,), _ = read(written(tmp_path / "a.csv", line(ADA | {"Provider License Number_3": "$$$$$$$$$"})))
    assert isinstance(one, Listing)
    assert one.held[0].licence == ""


BAD = {
    "is no NPI": line(ADA | {"NPI": "1234567890"}),
    "is no date": line(ADA | {"Last Update Date": "02/30/2024"}),
    "neither 1": line(ADA | {"Entity Type Code": "3"}),
    "without a family name": line(ADA | {"Provider Last Name (Legal Name)": " "}),
    "without a name": line(ADA | {"Entity Type Code": "2"}),
    "columns instead of 330": '"1234567893","1"\n',
    "not CSV": line(ADA)[:-2] + "\n",
    "cannot be shown": line(ADA | {"Provider First Name": "A\x07"}),
    "longer than 200 characters": line(ADA | {"Provider First Name": "A" * 201}),
    "longer than 65536 bytes": line(ADA | {"Provider First Name": "A" * LONGEST}),
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_row_is_left_out_with_its_line_and_reason_and_spoils_no_other(tmp_path: Path, why: str) -> None:
    outcomes, report = read(written(tmp_path / "a.csv", line(ADA), BAD[why], line(ADA)))
    assert len(outcomes) == 2
    assert (report.rows, report.listed, report.bad) == (3, 2, 1)
    assert len(report.reasons) == 1
    assert report.reasons[0].startswith("Line 3: ")
    assert why in report.reasons[0]
    assert report.offset == (tmp_path / "a.csv").stat().st_size


def test_bytes_that_are_no_text_spoil_their_row_only(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", line(ADA))
    path.write_bytes(path.read_bytes() + line(ADA).encode().replace(b"ADA", b"\xff\xfe\x00") + line(ADA).encode())
    outcomes, report = read(path)
    assert (len(outcomes), report.bad) == (2, 1)


def test_only_the_first_reasons_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    _, report = read(written(tmp_path / "a.csv", *['"x"\n'] * (KEPT + 7)))
    assert (report.bad, len(report.reasons)) == (KEPT + 7, KEPT)


def test_windows_line_ends_a_mark_at_the_start_and_no_end_at_the_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", line(ADA), line(ADA))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    _, report = read(path)
    assert (report.rows, report.listed, report.bad) == (2, 2, 0)


@pytest.mark.parametrize("packed", [False, True])
def test_reading_can_go_on_from_any_line(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "npidata_pfile_20240101-20240107.csv"
    with path.open("w") as out:
        write_registry(out, 40, seed=3)
    if packed:
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as folder:
            folder.write(path, path.name)
            folder.writestr(path.stem + "_FileHeader.csv", "NPI\n")
        path = tmp_path / "a.zip"
    whole, total = read(path)
    for stop in (0, 1, 17, 39):
        report = Report()
        with open_source(path) as source:
            reading = open_reading(source, report)
            first = [next(reading) for _ in range(stop)]
        rest, end = read(path, report)
        assert first + rest == whole
        assert end == total


def test_a_zip_without_one_table_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as folder:
        folder.writestr("a.csv", "x")
        folder.writestr("b.csv", "x")
    with pytest.raises(BadInput, match="2 tables"), open_source(tmp_path / "a.zip"):
        pass


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("NPI,NPI\n", "each column once"),
        ("NPI,Entity Type Code\n", "without"),
        ("name,registry\n", "without 'number' and 1 more"),
        ("name,registry,number,specialties,salary\n", "salary"),
    ],
)
def test_a_header_that_is_none_of_ours_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(BadInput, match=says):
        read(tmp_path / "a.csv")


def test_the_list_of_deactivations_saved_as_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("NPI,NPPES Deactivation Date\n1234567893,03/01/2020\n1234567893,\n")
    (one,), report = read(tmp_path / "a.csv")
    assert isinstance(one, Deactivation)
    assert (report.deactivated, report.bad) == (1, 1)


OWN = "name,registry,number,specialties,country,latitude,longitude,languages\n"


def test_a_file_of_ones_own_with_points_and_languages(tmp_path: Path) -> None:
    rows = "Łucja Żak,KIF,123,physical-therapist;chiropractor,PL,52.23,21.01,PL;en\n"
    (tmp_path / "a.csv").write_text(OWN + rows, "utf-8")
    (one,), _ = read(tmp_path / "a.csv")
    assert isinstance(one, Listing)
    assert [held.group for held in one.held] == ["physical-therapist", "chiropractor"]
    assert one.point
    assert (one.point.latitude, one.languages, one.sort_name) == (52.23, ("pl", "en"), "ucja zak")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,KIF,,chiropractor,PL,,,", "number is missing"),
        ("A,KIF,1,magician,PL,,,", "magician"),
        ("A,KIF,1,chiropractor,PL,91,0,", "latitude"),
        ("A,KIF,1,chiropractor,PL,,,english", "language"),
        ("A,NPPES,1,chiropractor,PL,,,", "is no NPI"),
    ],
)
def test_bad_rows_of_ones_own_file(tmp_path: Path, row: str, says: str) -> None:
    (tmp_path / "a.csv").write_text(OWN + row + "\n")
    outcomes, report = read(tmp_path / "a.csv")
    assert outcomes == []
    assert says in report.reasons[0]


def test_a_line_without_end_takes_no_more_memory_than_allowed() -> None:
    lines = list(lines_of(io.BytesIO(b"head\n" + b"x" * (3 * LONGEST + 5) + b"\nlast\n")))
    assert [one.raw for one in lines] == [b"head", None, b"last"]
    assert lines[-1].end == 5 + 3 * LONGEST + 6 + 5


def test_names_as_they_are_sorted_and_said() -> None:
    assert folded("  Núñez-O'Neil,  ANA ") == "nunez o neil ana"
    assert folded("王芳") == "王芳"
    assert spoken("MARY'S SPINE") == "Mary's Spine"
    assert spoken("van der Berg") == "van der Berg"


def test_the_made_up_file_is_the_same_for_one_seed_and_lists_nobody_twice(tmp_path: Path) -> None:
    texts = []
    for seed in (1, 1, 2):
        out = io.StringIO()
        write_registry(out, 50, seed)
        texts.append(out.getvalue())
    assert texts[0] == texts[1] != texts[2]
    assert len({number(n) for n in range(5000)}) == 5000


def test_every_code_belongs_to_a_group_and_says_how_it_is_known() -> None:
    known = taxonomies()
    assert {code.group for code in known.codes.values()} == set(known.groups)
    assert known.codes["111N00000X"].certainty == "read"
    assert known.codes["225100000X"].certainty == "memory"


def test_a_book_that_contradicts_itself_is_refused() -> None:
    group = '[[group]]\nid = "a"\nname = "A"\nplain = "A."\n'
    code = '[[code]]\ncode = "111N00000X"\ngroup = "a"\nwords = "w"\ncertainty = "memory"\n'
    assert read_taxonomies(group + code, "t.toml").codes
    with pytest.raises(BadInput, match="each code once"):
        read_taxonomies(group + code + code, "t.toml")
    with pytest.raises(BadInput, match="group"):
        read_taxonomies(code, "t.toml")
