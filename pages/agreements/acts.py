"""What the forms about agreements ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.state import Dialogue
from language import mark
from pages.dialogue.lengths import Wanted, with_length
from pages.dialogue.offers import body_of
from pages.dialogue.step_acts import NO_REASON
from pages.doing import for_a_reason
from pages.naming import NO_ID, NO_PART_ID, ids_in, is_id, is_part_id
from pages.said import says
from pages.typing_in import Form, number_in

SAID: Final[Mapping[str, str]] = {
    "make_agreement": says("agreement-made", mark("The agreement is on record.")),
    "extend_agreement": says(
        "agreement-extended", mark("There is more time for the agreement.")
    ),
    "settle_agreement": says(
        "agreement-settled", mark("It is on record what came of it.")
    ),
    "reconfirm_agreement": says(
        "agreement-reconfirmed", mark("It is on record that the agreement stands.")
    ),
    "remind_agreement": says("agreement-reminded", mark("They are reminded of it.")),
}
"""What is said after each act."""

_NO_WHAT: Final = mark("Write what was agreed.")
_NO_OUTCOME: Final = mark("Choose what came of it.")
_NO_LENGTH: Final = mark("Say how much time there is more.")
OUTCOMES: Final = ("kept", "broken", "renegotiated", "lapsed")


def wanted(form: Form) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    read = _READS.get(form["act"])
    return read(form) if read else None


def _made(form: Form) -> Wanted:
    body = body_of(
        agreement=form.text("agreement"),
        what=form.text("what"),
        who=form.text("who"),
        others=ids_in(form["others"]),
        how=form.text("how"),
        watched_by=form.text("watched_by"),
        repeats=number_in(form["repeats"].strip()),
        step=form.text("step"),
    )
    for lacking, missing, field in (
        (not form.text("what"), _NO_WHAT, "what"),
        (not is_id(form.text("who")), NO_ID, "who"),
        (not is_part_id(form.text("agreement")), NO_PART_ID, "agreement"),
    ):
        if lacking:
            return Wanted("make_agreement", body, missing, field)
    found = with_length("make_agreement", "make", form, body)
    return found if found.missing else found._replace(field="what")


def _extended(form: Form) -> Wanted:
    reason = form.text("extend-reason")
    body = body_of(agreement=form["agreement"], reason=reason)
    found = with_length("extend_agreement", "extend", form, body)
    if found.missing:
        return found
    if "duration" not in found.body:
        return found._replace(missing=_NO_LENGTH, field="extend-length")
    return found._replace(missing="" if reason else NO_REASON, field="extend-reason")


def _settled(form: Form) -> Wanted:
    outcome = form["outcome"]
    found = for_a_reason(
        "settle_agreement",
        form,
        "settle-reason",
        agreement=form["agreement"],
        outcome=outcome,
        party=form.text("party"),
        renewed_as=form.text("renewed_as") if outcome == "renegotiated" else None,
        ends=True if form["ends"] == "yes" else None,
    )
    if outcome in OUTCOMES:
        return found
    return found._replace(missing=_NO_OUTCOME, field="outcome")


def _stands(form: Form) -> Wanted:
    body = body_of(agreement=form["agreement"], note=form.text("stands-note"))
    return Wanted("reconfirm_agreement", body, field="stands-note")


def _reminded(form: Form) -> Wanted:
    return Wanted("remind_agreement", {"agreement": form["agreement"]})


_READS: Final[Mapping[str, Callable[[Form], Wanted]]] = {
    "make_agreement": _made,
    "extend_agreement": _extended,
    "settle_agreement": _settled,
    "reconfirm_agreement": _stands,
    "remind_agreement": _reminded,
}


def sight(state: Dialogue, agreement: str) -> str:
    """Give what somebody decides on: how the agreement stands, and until when."""
    known = state.harvest.agreements.get(agreement)
    if known is None:
        return ""
    parts = ",".join(f"{who}:{what}" for who, what in sorted(known.parts.items()))
    return f"{known.generation}.{known.settled}.{known.to_review}.{parts}"
