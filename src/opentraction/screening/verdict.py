"""What screening says of one person, one region, one day; with every reason it has. Frozen, signed by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.canonical import Canonical
from opentraction.screening.actions import DO_NOT_START, TREATS, Action


@dataclass(frozen=True, slots=True)
class Reason:
    """One paragraph that spoke: because it holds (`known`), or because the answers in `open` are not known."""

    rule: str
    paragraph: str
    title: str
    action: Action
    known: bool
    why: str
    clinical: str
    codes: tuple[Mapping[str, str], ...]
    source: str
    certainty: str
    answers: Mapping[str, Any]
    open: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        return {
            "rule": self.rule, "paragraph": self.paragraph, "title": self.title, "action": self.action.name,
            "known": self.known, "why": self.why, "clinical": self.clinical, "codes": [dict(c) for c in self.codes],
            "source": self.source, "certainty": self.certainty, "answers": dict(self.answers),
            "open": list(self.open),
        }  # fmt: skip

    @staticmethod
    def from_document(raw: Mapping[str, Any]) -> Reason:
        plain = {key: raw[key] for key in ("rule", "paragraph", "title", "known", "why", "clinical", "source")}
        return Reason(
            **plain, action=Action[raw["action"]], codes=tuple(raw["codes"]), certainty=raw["certainty"],
            answers=raw["answers"], open=tuple(raw["open"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict(Canonical):
    """May this person be treated in this region: the worst action of all reasons, and what to do next."""

    region: str
    action: Action
    reasons: tuple[Reason, ...]
    missing: tuple[Mapping[str, str], ...]
    next_steps: tuple[str, ...]
    limits: tuple[str, ...]
    indications: tuple[Mapping[str, Any], ...]
    pseudonym: str
    rules_version: str
    intake_sha256: str
    decided: date
    valid_until: date

    @property
    def may_treat(self) -> bool:
        """OK or CAUTION, and no limit that says not to start."""
        return self.action in TREATS and DO_NOT_START not in self.limits

    def document(self) -> dict[str, Any]:
        return {
            "doc": "screening verdict", "schema": 1, "region": self.region, "action": self.action.name,
            "may_treat": self.may_treat, "reasons": [reason.document() for reason in self.reasons],
            "missing": [dict(one) for one in self.missing], "next_steps": list(self.next_steps),
            "limits": list(self.limits), "indications": [dict(one) for one in self.indications],
            "pseudonym": self.pseudonym, "rules_version": self.rules_version, "intake_sha256": self.intake_sha256,
            "decided": self.decided.isoformat(), "valid_until": self.valid_until.isoformat(),
        }  # fmt: skip

    @staticmethod
    def from_document(raw: Mapping[str, Any]) -> Verdict:
        """The verdict that `document` told. Raises BadInput for anything else."""
        try:
            verdict = _read(raw)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadInput("verdict", "the document", "a screening verdict as its document says it") from None
        worst = max((reason.action for reason in verdict.reasons), default=Action.OK)
        if verdict.document() != dict(raw) or verdict.action is not worst:
            raise BadInput("verdict", "the document", "a screening verdict with nothing added, left out or changed")
        return verdict


def _read(raw: Mapping[str, Any]) -> Verdict:
    return Verdict(
        region=raw["region"],
        action=Action[raw["action"]],
        reasons=tuple(Reason.from_document(one) for one in raw["reasons"]),
        missing=tuple(raw["missing"]),
        next_steps=tuple(raw["next_steps"]),
        limits=tuple(raw["limits"]),
        indications=tuple(raw["indications"]),
        pseudonym=raw["pseudonym"],
        rules_version=raw["rules_version"],
        intake_sha256=raw["intake_sha256"],
        decided=date.fromisoformat(raw["decided"]),
        valid_until=date.fromisoformat(raw["valid_until"]),
    )
