"""What of the harvest needs somebody: its title, its day, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.errors import CalendarExhausted
from domain.need import Need
from domain.state import Dialogue
from domain.steps import listed
from domain.terms import last_day

_HELPS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "agreement_overdue": ("settle_agreement", ("agreement", "outcome", "reason")),
    "agreement_due": ("remind_agreement", ("agreement",)),
    "agreement_to_review": ("reconfirm_agreement", ("agreement",)),
    "decision_to_review": ("reconfirm_decision", ("decision",)),
    "feedback_unanswered": ("answer_late_feedback", ("feedback", "outcome", "reason")),
    "proposal_withdrawn": ("cancel_dialogue", ("", "reason")),
}
"""The command that helps, by kind of need; the first of its members is the target."""


def title_of(state: Dialogue, need: Need) -> str | None:
    """Give what a need of the harvest is about: an agreement with who made it."""
    harvest = state.harvest
    if need.kind.startswith("agreement_"):
        return f"{need.target} ({listed(harvest.agreements[need.target].waiting)})"
    if need.kind == "decision_to_review":
        return harvest.decisions[need.target].title
    return None


def help_for(state: Dialogue, need: Need) -> tuple[str, dict[str, str]] | None:
    """Give the kind and the body of a command that helps; empty is to be filled in."""
    if need.kind == "agreement_unreached":
        waiting = state.harvest.agreements[need.target].waiting
        who = next(who for who in waiting if who in state.unreachable)
        known = who in state.stakeholders
        act = "change_stakeholder" if known else "register_stakeholder"
        return act, {"stakeholder": who, "address": ""}
    if need.kind not in _HELPS:
        return None
    kind, (target, *others) = _HELPS[need.kind]
    body: dict[str, str] = dict.fromkeys(others, "")
    return kind, ({target: need.target} | body if target else body)


def day_of(state: Dialogue, need: Need) -> date | None:
    """Give the last day of the agreement that a need is about, if it has one."""
    agreement = state.harvest.agreements.get(need.target)
    if need.kind not in {"agreement_due", "agreement_overdue"} or agreement is None:
        return None
    if agreement.due is None:
        return None
    try:
        return last_day(state.calendar, agreement.due)
    except CalendarExhausted:
        return agreement.due.date()
