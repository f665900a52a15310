"""A mandate is an event that an act can point at; whether it covers the act is judged.

The words and rules are those of Dutch administrative law, Algemene wet bestuursrecht
(Awb), afdeling 10.1.1. A *mandaat* is the power to decide in the name of an authority
(art. 10:1); a *volmacht* and a *machtiging* are the same for acts under private law and
for other acts, by the same rules (art. 10:12), so that one set of events serves all
three. What was done within its bounds counts as done by the authority (art. 10:2); the
rest is what `outside` finds. The authority keeps its power and can withdraw the mandate
at any time (art. 10:7, 10:8), and it can allow the grantee to pass it on, as an
*ondermandaat*, to which the same rules apply (art. 10:9). Whether the law allows a
mandate for this power at all (art. 10:3) is for the organisation to know.

Two rules are ours, as the law does not spell them out. A sub-mandate never reaches
further than the mandate it comes from, and falls with it. A mandate says which kinds
of command, which dialogues and which period it is for, never silence for everything.

The events stand in the organisation's own stream, ``org:<organisation>``. Instants are
real time; a dialogue with a demo clock is judged by the real moment of its acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from domain.facts import Mandate
from domain.mandate_facts import (
    EVERYTHING,
    AnyMandateEvent,
    Form,
    MandateDelegated,
    MandateGranted,
    MandateRevoked,
    Scope,
)
from domain.messages import kind_of

Reason = Literal[
    "not_a_mandate",
    "other_organisation",
    "not_grantee",
    "not_yet",
    "no_longer",
    "revoked",
    "command",
    "dialogue",
    "step",
    "too_often",
    "chain_broken",
    "not_delegable",
    "not_delegator",
    "too_wide",
    "delegator_lost",
]
"""Why an act is outside the mandate that it names."""


MANDATE_EVENTS: Final[Mapping[str, type[AnyMandateEvent]]] = MappingProxyType(
    {kind_of(e): e for e in (MandateGranted, MandateDelegated, MandateRevoked)}
)
"""Every event about mandates, by its type."""


class Recorded(NamedTuple):
    """An event about a mandate, with its place in the organisation's stream."""

    seq: int
    hash: str
    at: datetime
    actor: str
    fact: AnyMandateEvent


class Held(NamedTuple):
    """A mandate as the events so far make it; ``parent`` is what it comes from."""

    seq: int
    hash: str
    at: datetime
    giver: str
    grantee: str
    form: Form
    on_behalf_of: str
    scope: Scope
    delegable: bool
    reference: str | None
    parent: int | None = None
    flaw: Reason | None = None
    """Why it was never good: what is wrong with how it was passed on."""
    revoked: datetime | None = None
    """The instant from which it no longer holds."""

    def spent(self, at: datetime | None) -> Reason | None:
        """Say why it does not hold at this instant, or None where it does.

        An unknown instant is not judged. No beginning means from its recording: who
        can name its hash acts after that, whatever clocks say.
        """
        if at is None:
            return None
        if self.scope.valid_from is not None and at < self.scope.valid_from:
            return "not_yet"
        if self.revoked is not None and at >= self.revoked:
            return "revoked"
        if self.scope.valid_until is not None and at >= self.scope.valid_until:
            return "no_longer"
        return None


class Mandates(NamedTuple):
    """All mandates of an organisation by the number of the event that gave them."""

    organisation: str
    held: Mapping[int, Held]

    def chain(self, seq: int) -> Iterator[Held]:
        """Give a mandate, what it comes from, and so on up to the first giver."""
        found = self.held.get(seq)
        while found is not None:
            yield found
            found = None if found.parent is None else self.held.get(found.parent)


class Act(NamedTuple):
    """What was done under a mandate.

    ``seq`` is the mandate's event. ``kind`` is that of the command, ``at`` the real
    instant of the act (None: not known), ``steps`` the steps it was done in.
    ``earlier`` counts the acts before it by mandate, for those with a bound.
    """

    seq: int
    stream: str
    kind: str
    actor: str
    at: datetime | None
    steps: frozenset[str] = frozenset()
    earlier: Mapping[int, int] = MappingProxyType({})


def stream_of(organisation: str) -> str:
    """Name the stream in which an organisation's mandates stand."""
    return f"org:{organisation}"


def fold_mandates(organisation: str, events: Iterable[Recorded]) -> Mandates:
    """Fold the events of an organisation's stream, in order. Never fails."""
    held: dict[int, Held] = {}
    for event in events:
        match event.fact:
            case MandateGranted():
                held[event.seq] = _granted(event, event.fact)
            case MandateDelegated():
                held[event.seq] = _delegated(organisation, held, event, event.fact)
            case MandateRevoked():
                _revoke(organisation, held, event, event.fact)
    return Mandates(organisation, MappingProxyType(held))


def outside(mandates: Mandates, act: Act) -> Reason | None:
    """Say why an act is not covered by the mandate it names; None where it is.

    The first that is wrong, from who and where to how often. Where the mandate comes
    from is judged at the instant of the act: what was lost since does not count.
    """
    own = mandates.held.get(act.seq)
    if own is None:
        return "not_a_mandate"
    organisation, slug = _place(act.stream)
    if organisation != mandates.organisation:
        return "other_organisation"
    if act.actor != own.grantee:
        return "not_grantee"
    wrong = own.spent(act.at) or _out_of_scope(own.scope, act.kind, slug, act.steps)
    if wrong is not None:
        return wrong
    for each in mandates.chain(act.seq):
        wrong = _broken(each, own, act)
        if wrong is not None:
            return wrong
    return None


def _broken(each: Held, own: Held, act: Act) -> Reason | None:
    """Say what is wrong with one link of the chain that an act rests on."""
    if each.flaw is not None:
        return each.flaw
    if each is not own and each.spent(act.at) is not None:
        return "delegator_lost"
    bound = each.scope.at_most
    if bound is not None and act.earlier.get(each.seq, 0) >= bound:
        return "too_often"
    return None


def _out_of_scope(
    scope: Scope, kind: str, slug: str, steps: frozenset[str]
) -> Reason | None:
    if not _covers(scope.commands, kind):
        return "command"
    if not _covers(scope.dialogues, slug):
        return "dialogue"
    if scope.steps and not (steps and steps <= {*scope.steps}):
        return "step"
    return None


def _granted(event: Recorded, fact: MandateGranted) -> Held:
    return Held(
        seq=event.seq,
        hash=event.hash,
        at=event.at,
        giver=event.actor,
        grantee=fact.grantee,
        form=fact.form,
        on_behalf_of=fact.on_behalf_of,
        scope=fact.scope,
        delegable=fact.delegable,
        reference=fact.reference,
    )


def _delegated(
    organisation: str, held: Mapping[int, Held], event: Recorded, fact: MandateDelegated
) -> Held:
    parent = _pinned(organisation, held, fact.mandate)
    return Held(
        seq=event.seq,
        hash=event.hash,
        at=event.at,
        giver=event.actor,
        grantee=fact.grantee,
        form=parent.form if parent else "mandate",
        on_behalf_of=parent.on_behalf_of if parent else "?",
        scope=fact.scope,
        delegable=fact.delegable,
        reference=fact.reference,
        parent=parent.seq if parent else None,
        flaw=flaw(parent, event.actor, fact.scope, event.at),
    )


def flaw(
    parent: Held | None, delegator: str, scope: Scope, at: datetime
) -> Reason | None:
    """Say why a mandate can't be passed on like this, or None where it can."""
    if parent is None:
        return "chain_broken"
    if not parent.delegable:
        return "not_delegable"
    if delegator != parent.grantee:
        return "not_delegator"
    if not parent.scope.holds(scope):
        return "too_wide"
    return None if parent.spent(at) in {None, "not_yet"} else "delegator_lost"


def _revoke(
    organisation: str, held: dict[int, Held], event: Recorded, fact: MandateRevoked
) -> None:
    found = _pinned(organisation, held, fact.mandate)
    if found is None:
        return
    ends = event.at if fact.ends is None else max(event.at, fact.ends)
    first = ends if found.revoked is None else min(ends, found.revoked)
    held[found.seq] = found._replace(revoked=first)


def _pinned(organisation: str, held: Mapping[int, Held], pin: Mandate) -> Held | None:
    found = held.get(pin.seq)
    ours = pin.stream == stream_of(organisation)
    return found if ours and found is not None and found.hash == pin.hash else None


def _place(stream: str) -> tuple[str, str]:
    """Give the organisation and the dialogue; of its own stream no dialogue."""
    organisation, _colon, slug = stream.partition(":")
    return (slug, "") if organisation == "org" else (organisation, slug)


def _covers(named: tuple[str, ...], one: str) -> bool:
    return EVERYTHING in named or one in named
