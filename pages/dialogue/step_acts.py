"""What the forms of a step's page ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from language import mark
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import body_of
from pages.said import says
from pages.typing_in import Form, number_in

NONE_TICKED: Final = mark("Tick at least one item first.")
NO_REASON: Final = mark("Say why: it goes on record, and others will ask.")
NO_NOTE: Final = mark(
    "The method does not describe this step. Say what was done, in your own words."
)

SAID: Final[Mapping[str, str]] = {
    "complete_items": says("items-completed", mark("Done, and on record.")),
    "waive_items": says("items-waived", mark("Set aside, with your reason.")),
    "reopen_items": says("items-reopened", mark("Open again, with your reason.")),
    "reconfirm_items": says("items-reconfirmed", mark("It still stands, as you said.")),
    "start_step": says("step-started", mark("The step has started.")),
    "complete_step": says("step-completed", mark("The step is done.")),
    "skip_step": says("step-skipped", mark("The step is left out, with your reason.")),
    "record_gate": says("gate-recorded", mark("The outcome is on record.")),
}
"""What is said after each act of a step's page."""


def wanted(step: str, form: Form, *, undescribed: bool = False) -> Wanted | None:
    """Read which act a form of this step asks for; None for one that there is not."""
    kind = "complete_items" if form.text("only") else form["act"]
    match kind:
        case "complete_items" | "waive_items" | "reopen_items" | "reconfirm_items":
            return _about_items(kind, step, form)
        case "start_step":
            return Wanted(kind, {"step": step})
        case "complete_step":
            return _completing(step, form, undescribed=undescribed)
        case "skip_step":
            reason = form.text("skip-reason")
            body = body_of(step=step, reason=reason)
            lacking = "" if reason else NO_REASON
            return Wanted(kind, body, lacking, "skip-reason")
        case "record_gate":
            return _gate(form)
        case _:
            return None


def items_of(form: Form) -> list[str]:
    """Give the items that somebody meant: the one they pressed, or those ticked."""
    only = form.text("only")
    return [only] if only else form.every("items")


def _about_items(kind: str, step: str, form: Form) -> Wanted:
    place = _BOXES[kind]
    items = items_of(form)
    if kind == "reconfirm_items" and form.text("whole"):
        return Wanted(kind, {"step": step})
    if not items:
        return Wanted(kind, {}, NONE_TICKED, place)
    if kind == "complete_items":
        note, reference = form.text("note"), form.text("reference")
        return Wanted(kind, body_of(items=items, note=note, reference=reference))
    if kind == "reconfirm_items":
        return Wanted(kind, {"items": items})
    field = _REASONS[kind]
    reason = form.text(field)
    body = body_of(items=items, reason=reason)
    return Wanted(kind, body, "" if reason else NO_REASON, field)


_BOXES: Final = {
    "complete_items": "open-items",
    "waive_items": "open-items",
    "reopen_items": "done-items",
    "reconfirm_items": "reconfirm-items",
}
_REASONS: Final = {"waive_items": "waive-reason", "reopen_items": "reopen-reason"}


def _completing(step: str, form: Form, *, undescribed: bool) -> Wanted:
    note = form.text("step-note")
    lacking = NO_NOTE if undescribed and note is None else ""
    return Wanted("complete_step", body_of(step=step, note=note), lacking, "step-note")


COUNTS: Final = ("in_favour", "against", "abstained", "entitled", "valid")
_NO_NUMBER: Final = mark("Write a whole number, such as 70.")
_NO_YES: Final = mark("Say how many were in favour.")


def _gate(form: Form) -> Wanted:
    gate, counts = form["gate"], dict[str, int]()
    for name in COUNTS:
        told = form.text(f"{gate}-{name}")
        if told is None:
            continue
        count = number_in(told)
        if count is None:
            return Wanted("record_gate", {}, _NO_NUMBER, f"{gate}-{name}")
        counts[name] = count
    if "in_favour" not in counts:
        return Wanted("record_gate", {}, _NO_YES, f"{gate}-in_favour")
    reference = form.text(f"{gate}-reference")
    reason = form.text(f"{gate}-reason")
    return Wanted(
        "record_gate",
        body_of(gate=gate, counts=counts, reference=reference, reason=reason),
    )
