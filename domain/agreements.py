"""Agreements: made with a last day, watched by the clock, and settled with a reason.

They outlive the dialogue, and a pause does not stop them: a promise to somebody outside
goes on. What they say stays private, so an agreement is known by its id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from domain.agreement_facts import (
    AgreementCommand,
    AgreementExtended,
    AgreementMade,
    AgreementReconfirmed,
    AgreementReminded,
    AgreementSettled,
    ExtendAgreement,
    MakeAgreement,
    ReconfirmAgreement,
    RemindAgreement,
    SettleAgreement,
)
from domain.agreement_parts import settled_now
from domain.draft import Draft
from domain.errors import NothingToDo
from domain.harvest_errors import (
    AgreementExists,
    AgreementSettledAlready,
    NoLastDay,
    NotRenegotiated,
    UnknownAgreement,
)
from domain.harvest_state import Agreement
from domain.standing import check_roles, placed
from domain.state import Dialogue
from domain.steps import listed
from domain.terms import Duration, Rule, closing, extend, reminder_instants

REMIND_BEFORE: Final = (5, 0)
"""Working days before the last day on which the holder is reminded, at nine."""


class _Last(NamedTuple):
    """A last day: its end, the rule that gave it, and when to remind of it."""

    due: datetime | None
    rule: Rule | None
    reminders: tuple[datetime, ...]


def obey(draft: Draft, command: AgreementCommand) -> None:
    """Obey a command about an agreement, or raise a `DomainError`."""
    match command:
        case MakeAgreement():
            _make(draft, command)
        case ExtendAgreement():
            _extend(draft, command)
        case SettleAgreement():
            _settle(draft, command)
        case ReconfirmAgreement():
            _reconfirm(draft, command)
        case RemindAgreement():
            _remind(draft, command)


def _make(draft: Draft, command: MakeAgreement) -> None:
    state = draft.state
    if command.agreement in state.harvest.agreements:
        raise AgreementExists(agreement=command.agreement)
    check_roles(state, (command.watched_by,) if command.watched_by else ())
    step, number = placed(state, command.step)
    duration = command.duration
    if duration is None and command.repeats is not None:
        duration = Duration(calendar_days=command.repeats)
    last = _last(draft, duration)
    draft.happen(
        AgreementMade(
            agreement=command.agreement,
            what=command.what,
            who=command.who,
            others=command.others,
            due=last.due,
            rule=last.rule,
            reminders=last.reminders,
            how=command.how,
            watched_by=command.watched_by,
            repeats=command.repeats,
            step=step,
            round=number,
        )
    )


def _last(draft: Draft, duration: Duration | None) -> _Last:
    """Give the last day of a term that begins now; none without a duration."""
    if duration is None:
        return _Last(None, None, ())
    term = closing(draft.state.calendar, draft.by.at, duration)
    return _Last(term.closes, term.rule, _reminders(draft, term.closes))


def _reminders(draft: Draft, due: datetime) -> tuple[datetime, ...]:
    moments = reminder_instants(draft.state.calendar, due, REMIND_BEFORE)
    return tuple(moment for moment in moments if moment > draft.by.at)


def _open(state: Dialogue, name: str) -> Agreement:
    found = state.harvest.agreements.get(name)
    if found is None:
        known = listed(state.harvest.open_agreements()) or "none"
        raise UnknownAgreement(agreement=name, known=known)
    if not found.open:
        raise AgreementSettledAlready(agreement=name)
    return found


def _extend(draft: Draft, command: ExtendAgreement) -> None:
    """Count from the last day there is, or from today where that has passed."""
    agreement = _open(draft.state, command.agreement)
    calendar, now = draft.state.calendar, draft.by.at
    ahead = agreement.due if agreement.due and agreement.due > now else None
    term = (
        extend(calendar, ahead, command.duration)
        if ahead
        else closing(calendar, now, command.duration)
    )
    draft.happen(
        AgreementExtended(
            agreement=command.agreement,
            generation=agreement.generation + 1,
            due=term.closes,
            was=agreement.due,
            rule=term.rule,
            reminders=_reminders(draft, term.closes),
            reason=command.reason,
        )
    )


def _settle(draft: Draft, command: SettleAgreement) -> None:
    agreement = _open(draft.state, command.agreement)
    if command.renewed_as is not None:
        if command.outcome != "renegotiated":
            raise NotRenegotiated
        if command.renewed_as == command.agreement:
            raise AgreementExists(agreement=command.agreement)
        _open(draft.state, command.renewed_as)
    parties = settled_now(agreement, command)
    whole = agreement.whole(parties, command.outcome)
    comes_back = whole in {"kept", "broken"} and not command.ends
    last = _following(draft, agreement) if comes_back else _Last(None, None, ())
    draft.happen(
        AgreementSettled(
            agreement=command.agreement,
            outcome=command.outcome,
            parties=parties,
            due=agreement.due,
            renewed_as=command.renewed_as,
            next_due=last.due,
            rule=last.rule,
            reminders=last.reminders,
            reason=command.reason,
        )
    )


def _following(draft: Draft, agreement: Agreement) -> _Last:
    """Give the last day after this one, where the agreement comes back."""
    if agreement.repeats is None or agreement.due is None:
        return _Last(None, None, ())
    again = Duration(calendar_days=agreement.repeats)
    term = extend(draft.state.calendar, agreement.due, again)
    while term.closes <= draft.by.at:
        term = extend(draft.state.calendar, term.closes, again)
    return _Last(term.closes, term.rule, _reminders(draft, term.closes))


def _reconfirm(draft: Draft, command: ReconfirmAgreement) -> None:
    if not _open(draft.state, command.agreement).to_review:
        raise NothingToDo(because="this agreement was not in doubt")
    draft.happen(AgreementReconfirmed(agreement=command.agreement, note=command.note))


def _remind(draft: Draft, command: RemindAgreement) -> None:
    """Remind whoever's part is open; once it is overdue also those who watch it."""
    agreement = _open(draft.state, command.agreement)
    if command.generation not in {None, agreement.generation}:
        raise NothingToDo(because="the agreement was extended or came back meanwhile")
    if agreement.due is None:
        raise NoLastDay(agreement=command.agreement)
    overdue = draft.by.at >= agreement.due
    watching = draft.state.holders(agreement.watched_by or "") if overdue else ()
    draft.happen(
        AgreementReminded(
            agreement=command.agreement,
            who=agreement.waiting[0],
            due=agreement.due,
            overdue=overdue,
            told=tuple(dict.fromkeys((*agreement.waiting, *watching))),
        )
    )
