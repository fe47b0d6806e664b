"""The examination: its form, what it showed, and the writing that lifts a stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care.adverse import kind
from opentraction.care.outcomes import MOTIONS, QUALITIES, body_map, body_maps, roots
from opentraction.care.outcomes.roots import SIDES
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import keep_draft, open_draft, throw_away
from opentraction.clinic.outcomes.actions.examining import EXAMINATION, examine, lift_stop, newest
from opentraction.clinic.outcomes.forms.examination import LEGS, ExaminationForm
from opentraction.clinic.outcomes.models import ExaminationRow
from opentraction.clinic.outcomes.views.patient import patient_seen
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

REGIONS: Final = {"cervical": ("C", "T1", "T2"), "lumbar": ("L", "S", "T12")}
"""Roots that are looked at first, by region; the others stand below."""
MOTION_NAMES: Final = {
    "fingertip_floor_cm": "Fingertips to floor",
    "schober_modified_modified_cm": "Modified-modified Schober",
    "flexion_deg": "Bend forward",
    "extension_deg": "Bend back",
    "side_bend_left_deg": "Bend left",
    "side_bend_right_deg": "Bend right",
    "rotation_left_deg": "Turn left",
    "rotation_right_deg": "Turn right",
}
LEG_NAMES: Final = {
    "left": "Left leg raised",
    "right": "Right leg raised",
    "crossed-left": "Left leg raised, pain on the right",
    "crossed-right": "Right leg raised, pain on the left",
}
REFLEX_WORDS: Final = ("0 absent", "1 weak", "2 usual", "3 brisk", "4 clonus")
TOUCH_WORDS: Final = ("0 absent", "1 altered", "2 usual")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a grid: left or right of something."""

    name: str
    label: str
    value: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a grid: a muscle, a reflex, a root."""

    id: str
    root: str
    name: str
    hint: str
    cells: tuple[Cell, ...]
    first: bool

    @property
    def touched(self) -> bool:
        """Whether something was written in it."""
        return any(cell.value or cell.refusal for cell in self.cells)


@require_http_methods(["GET", "POST"])
def examine_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, saved as it is filled in; with ?corrects the newest examination, to be corrected."""
    user = roles.require(request.user, roles.OUTCOMES)
    one = patient_seen(request, pk, roles.OUTCOMES)
    old = _to_correct(request, one)
    if request.method == "POST":
        return _examined(request, one, old, user)
    draft = open_draft(one, EXAMINATION)
    form = ExaminationForm.of(old.examination) if old else ExaminationForm(dict(draft.answers) if draft else {})
    form.written.setdefault("taken", day_at(one.clinic, timezone.now()).isoformat())
    reading(request, one, EXAMINATION)
    return _page(request, one, form, old)


def _examined(request: HttpRequest, one: Patient, old: ExaminationRow | None, user: User) -> HttpResponse:
    form, do = ExaminationForm.read(request.POST.dict()), request.POST.get("do", "keep")
    if do == "throw-away":
        draft = open_draft(one, EXAMINATION)
        if draft is not None:
            throw_away(draft, by=user)
        return redirect("outcomes:outcomes", pk=one.pk)
    if do in {"keep", "later"}:
        keep_draft(one, EXAMINATION, dict(form.written), {}, by=user)
        return HttpResponse(status=204) if do == "keep" else redirect("outcomes:outcomes", pk=one.pk)
    found = form.examination(user.username)
    if found is not None:
        try:
            row = examine(one, found, by=user, replaces=old, because=request.POST.get("because", ""))
            return redirect("outcomes:examination", pk=row.pk)
        except BadInput as refusal:
            form.refusals[refusal.where] = str(refusal)
    return _page(request, one, form, old)


def _to_correct(request: HttpRequest, one: Patient) -> ExaminationRow | None:
    """The examination to correct, where the address or the form names one of this patient."""
    asked = request.POST.get("corrects") or request.GET.get("corrects") or ""
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    return get_object_or_404(ExaminationRow.objects.seen_by(request.user, roles.OUTCOMES), pk=int(asked), patient=one)


def _page(request: HttpRequest, one: Patient, form: ExaminationForm, old: ExaminationRow | None) -> HttpResponse:
    page: dict[str, Any] = {
        "room": "patients", "patient": one, "wing": "outcomes", "form": form, "old": old,
        "because": request.POST.get("because", ""), "map": body_map({}, "pain", interactive=True),
        "qualities": [(quality, grid(form, f"felt.{quality}", one)) for quality in QUALITIES],
        "strength": grid(form, "strength", one), "reflexes": grid(form, "reflexes", one),
        "touch": grid(form, "light_touch", one), "pin": grid(form, "pin", one),
        "raises": [_raise(form, leg) for leg in LEGS], "motions": [_motion(form, name) for name in MOTIONS],
        "strength_options": [(grade, str(grade)) for grade in range(6)],
        "reflex_words": list(enumerate(REFLEX_WORDS)), "touch_words": list(enumerate(TOUCH_WORDS)),
        "last": newest(one), "elsewhere": _elsewhere(form),
    }  # fmt: skip
    return render(request, "outcomes/examine.html", page, status=400 if form.refusals else 200)


def grid(form: ExaminationForm, kind: str, one: Patient) -> list[Line]:
    """Left and right of every muscle, reflex or root; those of the patient's region first."""
    known = roots()
    if kind in {"strength", "reflexes"}:
        book = known.muscles if kind == "strength" else known.reflexes
        rows = [(key, item.root, item.name, item.do) for key, item in book.items()]
    else:
        rows = [(key, key, key, item.words) for key, item in known.dermatomes.items()]
    lines = [
        Line(
            key, root, name, hint, tuple(_cell(form, kind, key, name, side) for side in SIDES), _first(root, one.region)
        )
        for key, root, name, hint in rows
    ]
    return sorted(lines, key=lambda line: not line.first)


def _cell(form: ExaminationForm, kind: str, key: str, name: str, side: str) -> Cell:
    field = f"{kind}.{key}-{side}"
    return Cell(field, f"{name}, {side}", form.written.get(field, ""), form.refusals.get(field, ""))


def _first(root: str, region: str) -> bool:
    return root.startswith(REGIONS.get(region, REGIONS["lumbar"]))


def _raise(form: ExaminationForm, leg: str) -> dict[str, str]:
    fields = {"degrees": f"raise.{leg}", "familiar": f"familiar.{leg}"}
    told = {name: form.written.get(field, "") for name, field in fields.items()}
    refusal = form.refusals.get(fields["degrees"]) or form.refusals.get(fields["familiar"]) or ""
    return {"leg": leg, "name": LEG_NAMES[leg], "refusal": refusal, **told}


def _motion(form: ExaminationForm, name: str) -> dict[str, str]:
    field = f"motion.{name}"
    low, high, unit = MOTIONS[name]
    return {"field": field, "name": MOTION_NAMES[name], "unit": unit, "value": form.written.get(field, ""),
            "refusal": form.refusals.get(field, ""), "hint": f"{low:g} to {high:g} {unit}"}  # fmt: skip


def _elsewhere(form: ExaminationForm) -> list[str]:
    """Refusals that no field shows."""
    from opentraction.clinic.outcomes.forms.examination import names

    known = set(names())
    return [sentence for field, sentence in form.refusals.items() if field not in known]


@require_GET
def examination(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found and what of it is new; a stop says what to do."""
    row = _row(request, pk, roles.LOOK)
    reading(request, row.patient, EXAMINATION, examination=row.pk)
    return _shown(request, row)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """A clinician says in writing that treatment may go on."""
    user = roles.require(request.user, roles.OVERRIDE)
    row = _row(request, pk, roles.OVERRIDE)
    try:
        lift_stop(row, request.POST.get("why", ""), by=user)
    except BadInput as refusal:
        return _shown(request, row, str(refusal), request.POST.get("why", ""))
    messages.success(request, _("The stop is lifted. Your words stand in the record."))
    return redirect(reverse("outcomes:examination", args=[row.pk]))


def _shown(request: HttpRequest, row: ExaminationRow, refusal: str = "", why: str = "") -> HttpResponse:
    page: dict[str, Any] = {
        "room": "patients", "patient": row.patient, "wing": "outcomes", "row": row, "refusal": refusal, "why": why,
        "lifted": getattr(row, "lifted", None), "newer": getattr(row, "replaced_by", None),
        "newest": newest(row.patient), "what_to_do": what_to_do(row),
    }  # fmt: skip
    try:
        found = row.examination
        page |= {"examination": found, "maps": body_maps(found.felt, theme="page"), "told": _told(row)}
    except BadInput as altered:
        page["refusal"] = str(altered)
    return render(request, "outcomes/examination.html", page, status=400 if refusal else 200)


def what_to_do(row: ExaminationRow) -> list[str]:
    """What the gravest findings ask for, from the classes of adverse events that have the same rules."""
    rules = {str(one["rule"]) for one in row.grave}
    said = []
    for rule, name in (("R01", "cauda_equina"), ("R02", "new_deficit")):
        if rule in rules:
            about = kind(name)
            said.append(f"{about.action} Refer: {about.refer}.")
    if "R03" in rules:
        said.append(_("Clonus is a sign of the cord. Stop the course. Refer to a physician the same day."))
    return said


def _told(row: ExaminationRow) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Everything that was examined, in groups: what, left, right."""
    found, known = row.examination, roots()
    groups: list[tuple[str, list[tuple[str, str, str]]]] = []
    for title, values, words in (
        (_("Strength, of 5"), found.strength, {key: item.name for key, item in known.muscles.items()}),
        (_("Reflexes, of 4"), found.reflexes, {key: item.name for key, item in known.reflexes.items()}),
        (_("Light touch, of 2"), found.light_touch, {key: f"{key}, {i.words}" for key, i in known.dermatomes.items()}),
        (_("Pin, of 2"), found.pin, {key: f"{key}, {i.words}" for key, i in known.dermatomes.items()}),
    ):
        asked = [key for key in words if any(f"{key}-{side}" in values for side in SIDES)]
        lines = [(words[key], _dash(values.get(f"{key}-left")), _dash(values.get(f"{key}-right"))) for key in asked]
        groups.append((str(title), lines))
    legs = [(name, _leg(row, left), _leg(row, right)) for name, left, right in
            ((_("Straight leg"), "left", "right"), (_("Crossed"), "crossed-left", "crossed-right"))
            if left in found.raises or right in found.raises]  # fmt: skip
    return [group for group in [*groups, (_("Leg raise"), legs)] if group[1]]


def _leg(row: ExaminationRow, leg: str) -> str:
    one = row.examination.raises.get(leg)
    if one is None:
        return _dash(None)
    degrees = "–" if one.degrees is None else f"{one.degrees:g}°"
    said = {True: _("positive"), False: _("negative"), None: _("cannot be told")}[one.positive]
    return f"{degrees}, {said}"


def _dash(value: int | None) -> str:
    return "–" if value is None else str(value)


def _row(request: HttpRequest, pk: int, act: str) -> ExaminationRow:
    rows = ExaminationRow.objects.seen_by(request.user, act).select_related(
        "patient__clinic", "by", "against", "lifted__by"
    )
    return get_object_or_404(rows, pk=pk)
