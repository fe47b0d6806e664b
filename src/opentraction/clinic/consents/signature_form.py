"""The last page as it was filled in: who signs, for whom and why, the name, perhaps a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentraction.clinic.consents.texts import one_line

LONGEST = {"name": 120, "other_who": 100, "other_why": 120}


@dataclass
class SignatureForm:
    """`written` is what was sent, `refusals` a sentence by field."""

    written: dict[str, str]
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """As the act of signing takes it."""
        one = self.written
        who = f"{one['other_who']}; {one['other_why']}" if one["given_by"] == "representative" else ""
        return {"given_by": one["given_by"], "representative": who, "name": one["name"], "drawing": one["drawing"]}


def read_signature(post: Mapping[str, str], around: Mapping[str, str]) -> SignatureForm:
    """What was sent, with what is missing said in the patient's words."""
    written = {name: one_line(post.get(name, ""), longest) for name, longest in LONGEST.items()}
    written |= {"given_by": post.get("given_by", ""), "drawing": post.get("drawing", "")}
    needed = ["name", *(["other_who", "other_why"] if written["given_by"] == "representative" else [])]
    refusals = {name: around["fill_in"] for name in needed if len(written[name]) < 2}
    if written["given_by"] not in {"patient", "representative"}:
        refusals["given_by"] = around["choose_who"]
    return SignatureForm(written, refusals)
