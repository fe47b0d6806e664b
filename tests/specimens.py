"""One object of each kind for every address of the console, so that tests can walk all of them.

A wing adds its own with `specimen("name of the URL argument or of the URL")`, in a file that its tests import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from opentraction.clinic.models import Patient, TreatmentSession


@dataclass(frozen=True)
class Ground:
    """A patient with a signed prescription and a session of it."""

    patient: Patient
    session: TreatmentSession


Specimen = Callable[[Ground], dict[str, Any]]
SPECIMENS: dict[str, Specimen] = {}
"""URL name -> what it needs filled in."""


def specimen(*names: str) -> Callable[[Specimen], Specimen]:
    """Say what these addresses are tried with."""

    def keep(build: Specimen) -> Specimen:
        SPECIMENS.update(dict.fromkeys(names, build))
        return build

    return keep


@specimen("patient", "edit-patient", "prescribe", "rehearse")
def _patient(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("prescription", "amend")
def _prescription(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.session.plan.prescription.pk}


@specimen("treatment", "change", "plan", "session", "spine-after", "report", "comfort", "api:session")
def _session(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.session.pk}


@specimen("person")
def _person(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.session.operator.pk}


@specimen("emergency-seen")
def _emergency(ground: Ground) -> dict[str, Any]:
    return {"pk": 1}


@specimen("session-file")
def _file(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.session.pk, "name": "session.edf"}


@specimen("directory:specialist", "directory:keep", "directory:check", "directory:evidence", "directory:works-here")
@specimen("api:specialist")
def _specialist(ground: Ground) -> dict[str, Any]:
    from opentraction.clinic.directory.models import Specialist

    one, _ = Specialist.objects.get_or_create(registry="nppes", number="1", kind="person", name="Eve", sort_name="eve")
    return {"pk": one.pk}


@specimen("directory:answer")
def _review(ground: Ground) -> dict[str, Any]:
    return {"pk": 1}


@specimen("directory:review")
def _invitation(ground: Ground) -> dict[str, Any]:
    return {"word": "none"}


@specimen("consents:consent", "consents:form", "consents:tablet", "consents:link", "consents:paper")
@specimen("consents:withdraw", "consents:purpose")
def _consent_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("consents:witness", "consents:put-aside")
def _signing(ground: Ground) -> dict[str, Any]:
    from tests.consent_ground import signing_of

    return {"pk": signing_of(ground.patient, ground.session.operator).pk}


@specimen("consents:signed")
def _consent(ground: Ground) -> dict[str, Any]:
    from tests.consent_ground import consent_of

    return {"pk": consent_of(ground.patient, ground.session.operator).pk}


@specimen("consents:patient", "consents:copy")
def _address_of_the_patient(ground: Ground) -> dict[str, Any]:
    return {"token": "none"}


@specimen("billing:account", "billing:address", "billing:diagnoses", "billing:estimate", "billing:package")
@specimen("billing:new-invoice", "billing:payment", "billing:statement", "billing:cover")
@specimen("pathways:pathways", "pathways:handout")
def _money_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


def _paper(ground: Ground, kind: str) -> dict[str, Any]:
    from tests import money_ground

    row = getattr(money_ground, f"{kind}_of")(ground.patient, ground.session.operator)
    return {"pk": ground.patient.pk, "row": row.pk}


@specimen("billing:estimate-kept", "billing:good-faith", "billing:estimate-given")
def _estimate(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "estimate")


@specimen("billing:invoice", "billing:credit", "billing:invoice-paper", "billing:superbill")
def _invoice(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "invoice")


@specimen("billing:package-end")
def _package(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "package")


@specimen("billing:refund")
def _refund(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "ended_package")


@specimen("billing:credit-paper")
def _note(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "note")


@specimen("billing:receipt")
def _receipt(ground: Ground) -> dict[str, Any]:
    return _paper(ground, "payment")


@specimen("outcomes:outcomes", "outcomes:end-course", "outcomes:examine", "outcomes:report-event")
@specimen("outcomes:course-picture", "outcomes:course-paper")
def _outcomes_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("outcomes:ask")
def _asked(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk, "name": "rmdq"}


@specimen("outcomes:form", "outcomes:correct-form", "api:form")
def _outcome_form(ground: Ground) -> dict[str, Any]:
    from tests.outcomes_ground import form_of

    return {"pk": form_of(ground.patient, ground.session.operator)}


@specimen("outcomes:examination", "outcomes:lift")
def _examination(ground: Ground) -> dict[str, Any]:
    from tests.outcomes_ground import examination_of

    return {"pk": examination_of(ground.patient, ground.session.operator)}


@specimen("outcomes:session-report")
def _session_report(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.session.pk}


@specimen("outcomes:event", "outcomes:correct-event", "outcomes:follow-up", "outcomes:event-told")
def _adverse_event(ground: Ground) -> dict[str, Any]:
    from tests.outcomes_ground import event_of

    return {"uid": event_of(ground.patient, ground.session.operator)}


@specimen("agenda:appointment", "agenda:act", "agenda:move", "agenda:reminded", "agenda:ics")
@specimen("api:appointment", "api:move", "api:act")
def _appointment(ground: Ground) -> dict[str, Any]:
    from tests.agenda_ground import appointment_of

    return {"pk": appointment_of(ground.patient, ground.session.operator)}


@specimen("agenda:give", "agenda:close-waiting")
def _waiting(ground: Ground) -> dict[str, Any]:
    from tests.agenda_ground import waiting_of

    return {"pk": waiting_of(ground.patient, ground.session.operator)}


@specimen("agenda:lift")
def _closure(ground: Ground) -> dict[str, Any]:
    from tests.agenda_ground import closure_of

    return {"pk": closure_of(ground.patient.clinic)}


@specimen("agenda:service", "agenda:close-resource")
def _table(ground: Ground) -> dict[str, Any]:
    from tests.agenda_ground import table_of

    return {"pk": table_of(ground.patient.clinic)}


@specimen("agenda:feed-file")
def _feed(ground: Ground) -> dict[str, Any]:
    return {"token": "none"}


@specimen("agenda:patient", "agenda:series")
@specimen("courses:course", "courses:write", "courses:check", "courses:review", "courses:take", "courses:set-aside")
def _course_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("records:record", "records:export", "records:ask")
def _record_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("records:decide")
def _amendment(ground: Ground) -> dict[str, Any]:
    from tests.records_ground import amendment_of

    return {"pk": amendment_of(ground.patient, ground.session.operator).pk}


@specimen("intake:intake", "intake:begin", "intake:visit-check", "intake:emergency")
def _intake_of(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("intake:review", "intake:set-aside", "intake:link")
def _draft(ground: Ground) -> dict[str, Any]:
    from tests.intake_ground import draft_of

    return {"pk": draft_of(ground.patient, ground.session.operator)}


@specimen("intake:page")
def _intake_page(ground: Ground) -> dict[str, Any]:
    return _draft(ground) | {"name": "you"}


@specimen("intake:close-link")
def _intake_link(ground: Ground) -> dict[str, Any]:
    from tests.intake_ground import link_of

    return {"pk": link_of(ground.patient, ground.session.operator)}


@specimen("intake:verdict", "intake:letter", "intake:json", "intake:override", "api:screening")
def _verdict(ground: Ground) -> dict[str, Any]:
    from tests.intake_ground import verdict_of

    return {"pk": verdict_of(ground.patient, ground.session.operator)}


@specimen("home_programme:programme", "home_programme:order", "home_programme:end", "home_programme:questions")
@specimen("home_programme:let-on", "home_programme:sheet", "portal:access", "portal:invite", "portal:close")
def _at_home(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("portal:signed")
def _own_consent(ground: Ground) -> dict[str, Any]:
    from tests.consent_ground import consent_of

    return {"pk": consent_of(ground.patient, ground.session.operator).pk}


@specimen("portal:invoice")
def _own_invoice(ground: Ground) -> dict[str, Any]:
    from tests import money_ground

    return {"pk": money_ground.invoice_of(ground.patient, ground.session.operator).pk}


@specimen("keys:close", "keys:close-any")
def _key(ground: Ground) -> dict[str, Any]:
    from opentraction.clinic.api.models import ApiKey
    from opentraction.clinic.tokens import token_hash
    from tests.api_ground import token_of

    return {"pk": ApiKey.objects.get(token_sha256=token_hash(token_of(ground.session.operator, {"find"}))).pk}


@specimen("api:patient", "api:road", "api:screenings", "api:outcomes", "api:courses", "api:sessions")
@specimen("api:invoices", "api:estimates", "api:export")
def _of_the_api(ground: Ground) -> dict[str, Any]:
    return {"pk": ground.patient.pk}


@specimen("api:invoice")
def _invoice_of_the_api(ground: Ground) -> dict[str, Any]:
    return {"pk": _paper(ground, "invoice")["row"]}


@specimen("api:estimate")
def _estimate_of_the_api(ground: Ground) -> dict[str, Any]:
    return {"pk": _paper(ground, "estimate")["row"]}


@specimen("portal:form")
def _own_form(ground: Ground) -> dict[str, Any]:
    return {"name": "nprs_back"}


API = "api:"
"""What the names of the API's addresses begin with: a key opens them, no browser."""


def urls() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the console by its whole name, those of the wings too, for a browser."""
    yield from (one for one in every_url() if not one[0].startswith(API))


def every_url(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The same with those of the API."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from every_url(one.url_patterns, inner)
        else:
            yield f"{prefix}{one.name}", one


def address(name: str, ground: Ground) -> str:
    """The address with what it needs filled in; where nobody said with what, with the number of nothing."""
    build = SPECIMENS.get(name)
    return reverse(name, kwargs=build(ground) if build else _of_nothing(name))


NOTHING = {"IntConverter": 999_999_999, "UUIDConverter": UUID(int=7), "StringConverter": "nothing"}


def _of_nothing(name: str) -> dict[str, Any]:
    pattern = dict(every_url())[name].pattern
    return {word: NOTHING.get(type(one).__name__, "nothing") for word, one in pattern.converters.items()}
