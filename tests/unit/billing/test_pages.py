"""Pages of money: each opens, says what is so, refuses in a sentence, and tells the front desk nothing clinical."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.billing.actions.invoices import credit_invoice, issue_invoice
from opentraction.clinic.billing.models import (
    CoverCheck,
    CreditNoteRow,
    EstimateRow,
    InvoiceRow,
    PaymentRow,
    PriceListRow,
)
from opentraction.clinic.models import AuditRow, Patient
from tests import money_ground
from tests.clinic_ground import another_clinic, user_with
from tests.money_ground import given

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    assert "Ada" not in answer["Content-Disposition"]
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def at(name: str, patient: Patient, *row: Any) -> str:
    return reverse(f"billing:{name}", args=[patient.pk, *row])


def every_paper(patient: Patient, by: User) -> dict[str, Any]:
    kinds = ("estimate", "invoice", "note", "payment", "package", "ended_package")
    return {kind: getattr(money_ground, f"{kind}_of")(patient, by) for kind in kinds}


PAGES = ("account", "estimate", "new-invoice", "package", "payment", "cover")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_and_leaves_a_read_row(name: str, browser: Client, billed: Patient) -> None:
    before = AuditRow.objects.filter(act="read", patient=billed).count()
    answer = browser.get(at(name, billed))
    assert answer.status_code == 200
    assert "Ada Example" in answer.content.decode()
    assert AuditRow.objects.filter(act="read", patient=billed).count() == before + 1


def test_every_paper_opens_as_pdf_and_is_read(browser: Client, billed: Patient, clinician: User) -> None:
    rows = every_paper(billed, clinician)
    names = {
        "good-faith": "estimate",
        "refund": "ended_package",
        "invoice-paper": "invoice",
        "superbill": "invoice",
        "credit-paper": "note",
        "receipt": "payment",
    }
    heads = ("Good-faith estimate", "Refund", "Invoice", "Superbill", "Credit note", "Receipt")
    for (name, kind), head in zip(names.items(), heads, strict=True):
        assert head in text_of(browser.get(at(name, billed, rows[kind].pk)))
        assert AuditRow.objects.filter(act="read", patient=billed, page=at(name, billed, rows[kind].pk)).count() == 1
    assert "Statement" in text_of(browser.get(at("statement", billed)))
    for name, kind in (("estimate-kept", "estimate"), ("invoice", "invoice")):
        assert browser.get(at(name, billed, rows[kind].pk)).status_code == 200
    assert rows["invoice"].shown in browser.get(at("account", billed)).content.decode()


def test_another_clinics_papers_are_not_there(billed: Patient, clinician: User) -> None:
    rows = every_paper(billed, clinician)
    stranger = Client()
    stranger.force_login(user_with(roles.CLINICIAN, another_clinic()))
    for name in (*PAGES, "statement"):
        assert stranger.get(at(name, billed)).status_code == 404
    for name, kind in (("estimate-kept", "estimate"), ("invoice", "invoice"), ("receipt", "payment")):
        assert stranger.get(at(name, billed, rows[kind].pk)).status_code == 404
    assert (
        stranger.post(at("credit", billed, rows["invoice"].pk), {"all": "1", "reason": "not mine"}).status_code == 404
    )
    assert CreditNoteRow.objects.count() == 2  # those of the ground


def test_a_paper_of_another_patient_is_not_under_this_one(browser: Client, billed: Patient, clinician: User) -> None:
    from opentraction.clinic.actions.patients import add_patient
    from tests.clinic_ground import ADA

    invoice = money_ground.invoice_of(billed, clinician)
    ben = add_patient(dict(ADA) | {"given_name": "Ben"}, by=clinician)
    assert browser.get(at("invoice", ben, invoice.pk)).status_code == 404


@pytest.mark.parametrize("role", [roles.THERAPIST, roles.ADMINISTRATOR, roles.AUDITOR, roles.PATIENT])
def test_who_does_not_bill_sees_no_money(role: str, billed: Patient) -> None:
    browser = Client()
    browser.force_login(user_with(role, billed.clinic))
    for where in (at("account", billed), "/money", "/money/prices", "/money/export.csv"):
        assert browser.get(where).status_code == 403


def test_the_front_desk_sees_money_and_nothing_of_the_record(
    at_desk: Client, billed: Patient, clinician: User, browser: Client
) -> None:
    browser.post(at("diagnoses", billed), {"diagnoses": "m54.16"})
    given(billed, clinician, "patient stop", 0.2)
    rows = every_paper(billed, clinician)
    pages = [at(name, billed) for name in PAGES] + [at("invoice", billed, rows["invoice"].pk)]
    for page in pages:
        shown = at_desk.get(page)
        assert shown.status_code == 200
        assert not any(word in shown.content.decode() for word in ("M54.16", "lumbar", "patient stop", "radiculopathy"))
    assert "M54.16" not in text_of(at_desk.get(at("good-faith", billed, rows["estimate"].pk)))
    assert "M54.16" in text_of(browser.get(at("good-faith", billed, rows["estimate"].pk)))
    assert at_desk.get(at("superbill", billed, rows["invoice"].pk)).status_code == 403
    assert at_desk.post(at("diagnoses", billed), {"diagnoses": "M51.26"}).status_code == 403
    assert "M54.16" in text_of(browser.get(at("superbill", billed, rows["invoice"].pk)))


COURSE = {
    "template": "A",
    "booked_on": "2026-01-05",
    "item-exam": "always",
    "item-review": "always",
    "item-x-ray": "perhaps",
    "item-exercise": "no",
    "item-cold-pack": "no",
    "unit": "mi",
    "every": "month",
    "discount_on": "",
}


def test_an_estimate_is_shown_then_kept_then_given(browser: Client, billed: Patient) -> None:
    shown = browser.post(at("estimate", billed), COURSE | {"do": "show", "at_most": "24"})
    assert shown.status_code == 200
    assert EstimateRow.objects.count() == 0
    page = shown.content.decode()
    # Of the list that ships: 20 sessions of 130 and an examination of 150; six and it ends; 24 and the X-ray.
    for much in ("$2,750.00", "$930.00", "$3,390.00"):
        assert much in page
    for visit in ("visit 6", "visit 12", "visit 18"):
        assert visit in page
    browser.post(at("estimate", billed), COURSE | {"do": "keep"})
    row = EstimateRow.objects.get()
    assert row.course.planned.total.written() == "2750.00 USD"
    kept = browser.get(row.get_absolute_url()).content.decode()
    assert "Good-faith estimate (PDF)" in kept
    browser.post(at("estimate-given", billed, row.pk), {"on": row.made_on.isoformat(), "how": "paper"})
    assert row.given.how == "paper"
    again = browser.post(at("estimate-given", billed, row.pk), {"on": row.made_on.isoformat(), "how": "paper"})
    assert again.status_code == 400
    assert "noted already" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sessions", "many", "a whole number from 1 to 60"),
        ("at_most", "3", "a whole number from 20 to 60"),
        ("package_price", "1.200,00", "an amount such as 95.00"),
        ("discount_much", "105 %", "a percentage"),
        ("first_visit", "soon", "a day such as"),
        ("template", "Z", "one of"),
        ("minutes", "-5", "a whole number"),
        ("parts", "3", "instalments"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    field: str, typed: str, said: str, browser: Client, billed: Patient
) -> None:
    answer = browser.post(at("estimate", billed), COURSE | {"do": "keep", "package_sessions": "", field: typed})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert f'value="{typed}"' in page or field in {"template"}
    assert EstimateRow.objects.count() == 0


def test_an_estimate_without_the_clinics_numbers_says_what_is_missing(browser: Client, ada: Patient) -> None:
    browser.post("/money/prices", _typed_prices())
    browser.post(at("estimate", ada), COURSE | {"do": "keep"})
    row = EstimateRow.objects.get()
    assert row.form is None
    assert "clinic.npi" in browser.get(row.get_absolute_url()).content.decode()
    answer = browser.get(at("good-faith", ada, row.pk))
    assert answer.status_code == 409
    assert "clinic.npi" in answer.content.decode()


def _typed_prices(**other: str) -> dict[str, str]:
    typed = {"rows": "3", "valid_from": "2026-01-01"}
    rows = [("session", "Session", "session", "S9090", "130"), ("exam", "Exam", "exam", "99203", "$150.00")]
    rows += [("review", "Review", "reassessment", "", "0"), ("x-ray", "X-ray", "imaging", "", "120")]
    rows += [("exercise", "Exercise", "option", "97110", "35"), ("cold-pack", "Cold pack", "option", "", "18")]
    for i, row in enumerate(rows):
        typed |= {
            f"{name}-{i}": text for name, text in zip(("key", "words", "kind", "code", "price"), row, strict=True)
        }
    return typed | {"rows": str(len(rows))} | other


def test_prices_are_a_new_version_each_time(browser: Client, ada: Patient) -> None:
    assert "an example" in browser.get("/money/prices").content.decode()
    assert browser.post("/money/prices", _typed_prices()).status_code == 302
    browser.post("/money/prices", _typed_prices(**{"price-0": "140.00", "valid_from": "2026-02-01"}))
    assert [row.prices.session.price.show() for row in PriceListRow.objects.all()] == ["$140.00", "$130.00"]
    assert AuditRow.objects.filter(act="add price list").count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"price-0": "95,00"}, "an amount such as 95.00"),
        ({"kind-1": "session"}, "one session with a price"),
        ({"words-0": "", "price-0": ""}, "one session with a price"),
        ({"valid_from": "yesterday"}, "a day such as"),
        ({"code-1": "12345"}, "a kind and a code of the list"),
    ],
)
def test_a_price_list_that_cannot_be_is_refused(
    typed: dict[str, str], said: str, browser: Client, ada: Patient
) -> None:
    answer = browser.post("/money/prices", _typed_prices(**typed))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not PriceListRow.objects.exists()


def test_an_invoice_of_sessions_given_is_shown_then_issued(browser: Client, billed: Patient, clinician: User) -> None:
    session, short = given(billed, clinician), given(billed, clinician, "patient stop", 0.2)
    page = browser.get(at("new-invoice", billed)).content.decode()
    assert f"session-{session.pk}" in page
    assert f"session-{short.pk}" not in page
    typed = {
        f"session-{session.pk}": "yes",
        "item-cold-pack": "2",
        "due": _due(page),
        "modifier": "GA",
        "discount_on": "",
    }
    shown = browser.post(at("new-invoice", billed), typed | {"do": "show"})
    assert "$166.00" in shown.content.decode()
    assert not InvoiceRow.objects.exists()
    answer = browser.post(at("new-invoice", billed), typed | {"do": "issue"})
    row = InvoiceRow.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.shown, row.cents) == ("NW-I-000001", 166_00)
    assert row.bill.lines[0].modifiers == ("GA",)
    twice = browser.post(at("new-invoice", billed), typed | {"do": "issue", "item-cold-pack": ""})
    assert twice.status_code == 400
    assert "Nothing is on this invoice" in twice.content.decode()


def _due(page: str) -> str:
    return page.split('name="due"')[1].split('value="')[1].split('"', maxsplit=1)[0]


def test_a_part_is_paid_and_the_rest_stays_open(browser: Client, billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    page = browser.get(at("payment", billed)).content.decode()
    assert 'value="150.00"' in page
    paid = {"what": str(row.pk), "amount": "$50", "method": "card", "on": row.on.isoformat(), "reference": "1234"}
    assert browser.post(at("payment", billed), paid | {"amount": "151"}).status_code == 400
    assert browser.post(at("payment", billed), paid | {"amount": "0"}).status_code == 400
    assert browser.post(at("payment", billed), paid | {"method": "gold"}).status_code == 400
    assert browser.post(at("payment", billed), paid).status_code == 302
    assert PaymentRow.objects.get().cents == 50_00
    assert "$100.00" in browser.get(at("account", billed)).content.decode()
    assert "$100.00" in browser.get(row.get_absolute_url()).content.decode()


def test_a_credit_note_takes_back_a_line_or_everything(browser: Client, billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    where = at("credit", billed, row.pk)
    assert browser.post(where, {"reason": "wrong price"}).status_code == 400
    assert browser.post(where, {"line-0": "151", "reason": "wrong price"}).status_code == 400
    assert browser.post(where, {"line-0": "50", "reason": "no"}).status_code == 400
    browser.post(where, {"line-0": "50", "reason": "wrong price"})
    browser.post(where, {"all": "yes", "reason": "never happened"})
    assert [note.cents for note in CreditNoteRow.objects.order_by("number")] == [50_00, 100_00]
    assert browser.post(where, {"all": "yes", "reason": "once more"}).status_code == 400


def test_a_package_is_sold_and_ended_with_its_refund(browser: Client, billed: Patient, clinician: User) -> None:
    assert browser.post(at("package", billed), {"sessions": "12", "price": "1,600"}).status_code == 400  # 12 x 130
    browser.post(at("package", billed), {"sessions": "12", "price": "1200"})
    package = billed.packages.get()
    pay = {"what": str(package.invoice.pk), "amount": "1200", "method": "card", "reference": ""}
    browser.post(at("payment", billed), pay | {"on": package.counts_from.isoformat()})
    given(billed, clinician)
    page = browser.get(at("package-end", billed, package.pk)).content.decode()
    assert "$1,100.00" in page
    assert browser.post(at("package-end", billed, package.pk), {"reason": "", "method": "card"}).status_code == 400
    browser.post(at("package-end", billed, package.pk), {"reason": "moved away", "method": "card"})
    assert "$1,100.00" in text_of(browser.get(at("refund", billed, package.pk)))
    assert "Settled" in browser.get(at("account", billed)).content.decode()
    assert browser.get(at("package-end", billed, package.pk)).status_code == 302


def test_cover_is_checked_dated_and_kept(browser: Client, at_desk: Client, billed: Patient) -> None:
    typed = {"payer": "cigna", "service": "traction", "region": "lumbar", "weeks_of_failed_care": "4"}
    blank = dict.fromkeys(("with_exercise", "cervical_radiculopathy", "cervical_tests_positive"), "")
    yes = dict.fromkeys(("with_extension_exercise", "sciatica_or_root_sign", "peripheralises_or_crossed_slr"), "yes")
    assert browser.post(at("cover", billed), typed | blank | yes | {"weeks_of_failed_care": "long"}).status_code == 400
    assert browser.post(at("cover", billed), typed | blank | yes).status_code == 302
    row = CoverCheck.objects.get()
    assert (row.status, row.said["meets"], len(row.said["met"])) == ("narrow path", True, 4)
    assert "At least 3 weeks" in browser.get(at("cover", billed)).content.decode()
    assert "At least 3 weeks" not in at_desk.get(at("cover", billed)).content.decode()
    at_desk.post(at("cover", billed), typed | blank | yes)
    newest = CoverCheck.objects.first()
    assert newest is not None
    assert newest.facts == {"service": "traction"}


def test_a_bill_well_above_the_estimate_is_said_before_somebody_disputes_it(
    browser: Client, billed: Patient, clinician: User
) -> None:
    money_ground.estimate_of(billed, clinician)  # 2750 dollars
    where = at("account", billed)
    invoice = money_ground.exam_draft(billed, billed.clinic, price="3149.99 USD")
    issue_invoice(billed, invoice, by=clinician, now=timezone.now())
    assert "may dispute" not in browser.get(where).content.decode()
    over = issue_invoice(
        billed, money_ground.exam_draft(billed, billed.clinic, price="0.01 USD"), by=clinician, now=timezone.now()
    )
    assert "$400.00 more was billed than estimated" in browser.get(where).content.decode()
    credit_invoice(over, (), "never done", by=clinician, now=timezone.now())
    assert "may dispute" not in browser.get(where).content.decode()


def test_medicare_is_told_of_the_notice(browser: Client, billed: Patient) -> None:
    browser.post(at("address", billed), {"address": "1 High Street\nTown", "payer": "medicare", "member": "1EG4"})
    assert "(ABN) signed before the first session" in browser.get(at("account", billed)).content.decode()
    assert browser.post(at("address", billed), {"payer": "nobody"}).status_code == 400
    browser.post(at("cover", billed), {"payer": "medicare", "service": "decompression", "region": "lumbar"})
    page = browser.get(at("cover", billed)).content.decode()
    assert "Have the notice of likely refusal (ABN) signed" in page
    assert CoverCheck.objects.get().status == "not covered"


def test_the_day_the_open_list_and_the_export(browser: Client, billed: Patient, clinician: User) -> None:
    rows = every_paper(billed, clinician)
    page = browser.get("/money").content.decode()
    assert rows["payment"].shown in page
    assert rows["invoice"].shown in page
    assert browser.get("/money?day=2020-01-01").status_code == 200
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert browser.get(f"/money?page={odd}").status_code == 200
    assert browser.get("/money?day=soon").status_code == 409
    answer = browser.get("/money/export.csv")
    lines = answer.content.decode().splitlines()
    papers = InvoiceRow.objects.count() + CreditNoteRow.objects.count() + PaymentRow.objects.count()
    assert len(lines) == 1 + papers
    assert "Ada" not in answer.content.decode()
    cells = f'"{rows["payment"].shown}","payment","P-001","-10.00","USD","cash"'
    assert cells in answer.content.decode()
    listed = AuditRow.objects.filter(act="read list", page="/money/export.csv").get()
    assert listed.detail["patients"] == ["P-001"]


def test_a_post_cannot_come_from_elsewhere(billed: Patient, clinician: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clinician)
    assert strict.post(at("payment", billed), {}).status_code == 403


def test_the_road_says_how_money_stands(browser: Client, billed: Patient, clinician: User) -> None:
    assert "no estimate yet" in browser.get(at("account", billed)).content.decode()
    money_ground.invoice_of(billed, clinician)
    assert "$150.00 owed" in browser.get(at("account", billed)).content.decode()
    money_ground.estimate_of(billed, clinician)
    assert (
        "give the estimate" in browser.get(at("account", billed)).content.decode()
    )  # whatever is owed, its day stands
