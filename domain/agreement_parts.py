"""Whose part of an agreement is settled now: of one that several made, each apart."""

from __future__ import annotations

from domain.agreement_facts import SettleAgreement
from domain.harvest_errors import NotAParty, PartSettledAlready
from domain.harvest_state import Agreement
from domain.steps import listed


def settled_now(agreement: Agreement, command: SettleAgreement) -> tuple[str, ...]:
    """Give those whose part a command settles: one party, or all that are open.

    Nobody where one alone made it. Raises `NotAParty`, `PartSettledAlready`.
    """
    party = command.party
    if party is not None and party not in agreement.parties:
        known = listed(agreement.parties)
        raise NotAParty(party=party, agreement=command.agreement, known=known)
    if party in agreement.parts:
        left = listed(agreement.waiting)
        raise PartSettledAlready(party=party, agreement=command.agreement, open=left)
    if not agreement.others:
        return ()
    return agreement.waiting if party is None else (party,)
